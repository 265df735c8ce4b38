"""Protects times to an event on pages: Overview shows what was seen, Case what a finished run predicts beside it."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore import studies
from mmcore.base.survival_times import times_of
from mmcore.evaluation.kaplan_meier import kaplan_meier
from mmcore.training import TrainingSpec
from tests.pages.opened import compared, open_page, words
from tests.survival_cohort import CHEAP, survival_folder

CASE = "pages/explore/2_case.py"
SETTINGS = studies.StudySettings(folds=2, seeds=2, plain=False, training=TrainingSpec(epochs=1, width=8))


@pytest.fixture(scope="module")
def times(tmp_path_factory) -> str:
    return str(survival_folder(tmp_path_factory.mktemp("times"), 48))


def test_overview_tells_what_was_seen_in_the_cohort(times):
    cohort = studies.open(times)
    last = times_of(cohort.schema.classes)[-1]
    share = float(1 - kaplan_meier(cohort.target).at(np.array([last]))[0])
    text = words(open_page(None, cohort=times))
    assert f"{share:.0%} had the event by {last:g} months." in text
    assert "Share without the event over time" in text and "Kaplan-Meier estimate" in text


def test_a_case_shows_its_curve_once_a_run_exists(times):
    cohort = studies.open(times)
    id = cohort.ids[3]
    before = open_page(CASE, cohort=times, case=id)
    assert "When might the event come?" not in words(before) and not before.error
    run = compared(times, ["concat"], SETTINGS, CHEAP)["concat"]
    app = open_page(CASE, cohort=times, case=id)
    text = words(app)
    start = studies.what_if(run, cohort, cohort.case(id)).start
    at = run.fitted.task.main_horizon
    assert "When might the event come?" in text and not app.error
    assert f"The probability of the event by {run.spec.classes[at]} is {start.probabilities[at]:.0%}" in text
    assert "Share without the event over time" in text and "band: range over the models" in text
    assert "thirds of the cohort" in text and "No model here had seen this case." in text


def test_a_standard_deviation_is_not_called_the_range_of_the_models(times):
    compared(times, ["concat"], SETTINGS, CHEAP)
    id = studies.open(times).ids[3]
    for path, meant in (("2_attention", "one standard deviation"), ("3_what_if", "range over the models")):
        app = open_page(f"pages/fuse/{path}.py", cohort=times, case=id)
        assert any(meant in metric.proto.help for metric in app.metric), [metric.proto.help for metric in app.metric]
