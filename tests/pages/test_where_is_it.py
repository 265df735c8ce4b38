"""Protects "Where is it?" on Case: queried for by a press, the answer in a sentence before films and scores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmcore import studies
from mmcore.cohorts.lesions import lesions_of
from mmcore.segmentation.grid_cells import coverage
from mmcore.studies.segmentation_results import SegmentationStudy
from pages.explore.case.where_is_it import measured
from pages.frame import caches, jobs
from tests.pages.opened import finish, open_page, press, words

CASE = "pages/explore/2_case.py"


@pytest.fixture
def made_up(monkeypatch):
    """A study whose network finds everything with the other inputs, and nothing certain without them."""
    queried = []

    def segmentation(cohort, *, input, finding, progress):
        queried.append((input, finding))
        lesions = lesions_of(cohort, input, finding)
        right = np.stack([coverage(mask, 28).numpy() for mask in lesions.masks])
        half, settled = np.full(len(lesions.rows), 0.5), np.zeros(len(lesions.rows))
        shares = {"alone": 0.55, "together": 1.0, "shuffled": 0.4, "plain:logistic": 0.5}
        located = {name: (share * right, half, settled) for name, share in shares.items()}
        others = {"report": "minilm_tfidf"}
        return SegmentationStudy(
            cohort, lesions, "efficientnet_lite0", others, 5, "random", 1, located, dict.fromkeys(located, 1.0)
        )

    monkeypatch.setattr(studies, "segmentation", segmentation)
    yield queried
    jobs.forget(f"where {caches.cohort('lung').key} ct nodule")  # the next test has another study


def test_a_finding_is_located_on_a_press_and_told_first(made_up):
    app = open_page(CASE, cohort="lung", case="lung-0001")
    assert "Where is it?" in words(app) and "dotted line: the true outline" in words(app) and not made_up
    app = finish(press(app, "Find it in every case"))
    text = words(app)
    assert made_up == [("ct", "nodule")] and not app.exception
    assert (
        "'nodule' is located better" in text
        and "How well each method finds the outline" in text
        and "With the other inputs" in text
    )


def test_without_other_inputs_nothing_is_told_of_them(made_up, monkeypatch):
    whole = studies.segmentation

    def segmentation(cohort, **wanted):
        study = whole(cohort, **wanted)
        alone = {name: own for name, own in study.located.items() if name == "alone"}
        return replace(study, others={}, located=alone, seconds=dict.fromkeys(alone, 1.0))

    monkeypatch.setattr(studies, "segmentation", segmentation)
    text = words(finish(press(open_page(CASE, cohort="lung", case="lung-0001"), "Find it in every case")))
    assert "rightly stay unmarked" in text and "other inputs" not in text


def test_a_finding_that_was_missed_altogether_is_told_so(made_up, monkeypatch):
    whole = studies.segmentation

    def segmentation(cohort, **wanted):
        study = whole(cohort, **wanted)
        share, thresholds, settled = study.located["alone"]
        return replace(study, located=study.located | {"alone": (share * 0, thresholds, settled)})

    monkeypatch.setattr(studies, "segmentation", segmentation)
    text = words(finish(press(open_page(CASE, cohort="lung", case="lung-0001"), "Find it in every case")))
    assert text.count("it is there, yet nothing is marked") == 1 and "the most probable point lies on it" in text


def test_a_cohort_without_outlines_is_not_asked():
    assert "Where is it?" not in words(open_page(CASE, cohort="diabetes"))


@pytest.mark.parametrize("methods", [1, 2])
def test_of_cases_without_the_finding_nothing_is_told_where_there_are_none(methods):
    row = {"metrics": {"pointing": {"mean": 0.8}, "clean": {"mean": float("nan"), "cases": 0}}}
    text = measured({"methods": [row] * methods, "encoder": "efficientnet_lite0"})
    assert "80%" in text and "nan" not in text and "unmarked" not in text
    row["metrics"]["clean"] = {"mean": 0.9, "cases": 10}
    assert "90% rightly stay unmarked" in measured({"methods": [row] * methods, "encoder": "efficientnet_lite0"})
