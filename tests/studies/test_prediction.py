"""Protects that an answer to a case which the models learnt from is never passed off as one to a case they had not
seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore import studies
from mmcore.cohorts import Roles, open_cohort
from mmcore.runs.run import open_folder
from mmcore.studies.reporting import report_document
from mmcore.training import TrainingSpec

ROLES = Roles(target="label", id="id", inputs={"bp": "table:pressure", "hr": "table:pulse"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Ninety cases with a published split: 30 to test on, 59 to train on, and one of these without a target."""
    rng, count = np.random.default_rng(0), 90
    ill, place = rng.integers(0, 2, count), tmp_path_factory.mktemp("published")
    frame = pd.DataFrame(
        {
            "id": [f"c{i}" for i in range(count)],
            "pressure": ill + rng.normal(0, 1, count),
            "pulse": ill + rng.normal(0, 1, count),
            "split": np.where(np.arange(count) % 3 == 0, "test", "train"),
            "label": np.where(ill, "ill", "well"),
        }
    )
    frame.loc[1, "label"] = None
    frame.to_csv(place / "cases.csv", index=False)
    return place


@pytest.fixture
def compared(folder):
    settings = studies.StudySettings(seeds=1, split="column:split", training=TrainingSpec(epochs=2, width=8))
    return studies.compare(open_cohort(folder, roles=ROLES), ["bp", "concat"], None, settings)


def test_a_prediction_says_whether_the_models_may_have_learnt_from_the_case(compared, folder, tmp_path):
    run = compared.by_method["concat"]
    answers = studies.predict(run, studies.open_for(run, folder))
    assert [answer.out_of_fold for answer in answers] == [i % 3 == 0 for i in range(90)]
    assert [answer.learnt_from for answer in answers] == [i % 3 != 0 and i != 1 for i in range(90)]
    assert studies.cases_learnt_from(run) == 59, "nothing is learnt from the test part"

    new = pd.DataFrame({"id": ["x"], "pressure": [0.123], "pulse": [0.321]})
    new.to_csv(tmp_path / "new.csv", index=False)
    (fresh,) = studies.predict(run, studies.open_for(run, tmp_path / "new.csv"))
    assert not fresh.out_of_fold and not fresh.learnt_from

    exported = open_folder(studies.export(run, tmp_path / "exported"))
    recognised = studies.predict(exported, studies.open_for(exported, folder))
    assert [answer.learnt_from for answer in recognised] == [i % 3 != 0 for i in range(90)], "no target: all may be"


def test_with_folds_that_test_every_case_none_was_learnt_from_by_who_answers(folder):
    settings = studies.StudySettings(folds=3, seeds=1, split="random", training=TrainingSpec(epochs=2, width=8))
    run = studies.compare(open_cohort(folder, roles=ROLES), ["concat"], None, settings).by_method["concat"]
    assert not studies.learnt_from(run, studies.open_for(run, folder)).any()
    assert studies.cases_learnt_from(run) == 89, "by one model or another, from all with a target"


@pytest.mark.parametrize(("id", "words"), [("c0", "had not seen this case"), ("c2", "may have learnt from this case")])
def test_a_worked_case_of_a_report_says_so_too(compared, id, words):
    lines = [line for section in report_document(compared, [], id).sections for line in section.lines]
    assert any(words in line for line in lines)
