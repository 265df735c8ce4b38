"""Protects times to an event from end to end: every fusion trains, curves fall, and what is said of it fits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmcore import studies
from mmcore.base.errors import BadInput
from mmcore.cohorts import open_cohort
from mmcore.evaluation.case_outcomes import case_outcomes
from mmcore.explain.counterfactual import counterfactuals
from mmcore.explain.what_if import WhatIf
from mmcore.fusion.base import fusions
from mmcore.report import drawings, worked_case
from mmcore.report.contents import report_of
from mmcore.report.worked_case import WorkedCase
from mmcore.studies.case_answer import case_answer
from mmcore.studies.reporting import report_document
from mmcore.studies.study_settings import StudySettings
from mmcore.training import TrainingSpec
from tests.survival_cohort import CHEAP, survival_folder

SETTINGS = StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=2, width=8))


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return open_cohort(survival_folder(tmp_path_factory.mktemp("times"), 120))


@pytest.fixture(scope="module")
def compared(cohort):
    return studies.compare(cohort, ["labs", "more", "concat"], CHEAP, SETTINGS)


def test_every_fusion_trains(cohort):
    methods = [name for name, part in fusions.items() if part.unavailable() is None]
    settings = SETTINGS.model_copy(update={"plain": False})
    for run in studies.compare(cohort, methods, CHEAP, settings).runs:
        outputs, horizons = run.out_of_fold.outputs, len(cohort.schema.classes)
        assert outputs.shape[-1] == 2 * horizons and (np.diff(outputs[..., :horizons], axis=-1) >= 0).all()
        assert 0.55 < run.metrics["c_index"].mean < 1 and run.metrics["c_index"].low > 0.4


def test_fusing_ranks_better_than_any_input_and_as_well_as_plain_statistics(compared):
    mean = {method: run.metrics["c_index"].mean for method, run in compared.by_method.items()}
    assert mean["concat"] > max(mean["labs"], mean["more"]) + 0.03
    plain = {(row.method, row.inputs): row.metrics["c_index"].mean for row in compared.plain}
    assert {method for method, _inputs in plain} == {"logistic", "averaged"}
    assert mean["concat"] > plain["logistic", ("labs", "more")] - 0.03
    assert compared.by_method["concat"].metrics["ibs_gain"].mean > 0.1


def test_one_case_from_answer_to_what_if(cohort, compared):
    run, case = compared.by_method["concat"], cohort.case(cohort.ids[0])
    session = WhatIf(run.fitted, run.spec.make_encoders(), case)
    answer = case_answer(session, run.spec.classes, run.spec.target)
    horizon = run.spec.classes[run.fitted.task.main_horizon]
    assert answer.over_time and horizon in answer.sentence() and horizon in answer.decided
    assert session.ask({"labs": {"a": 3.0}}).probabilities[0] > session.ask({"labs": {"a": -3.0}}).probabilities[0]
    assert not any(change.flips for change in counterfactuals(session))
    assert str(case.target).startswith(("event after", "no event in"))


def test_predictions_are_curves(cohort, compared):
    row = studies.predict(compared.by_method["concat"], cohort)[0].document()
    assert [*row["probabilities"]] == list(cohort.schema.classes) and 0 <= row["prediction"] <= 1


def test_a_surprise_is_an_event_that_was_not_expected(cohort, compared):
    run = compared.by_method["concat"]
    cases = run.out_of_fold
    frame = case_outcomes("survival", run.spec.classes, cases.target, {"concat": cases.outputs}, "concat", run.ids)
    assert set(frame["truth"]) == set(np.abs(cohort.target)) and np.isfinite(frame["error"]).all()
    happened = cohort.target[[cohort.position(id) for id in frame.index]] > 0
    assert happened[frame["error"] > 0].all() and (frame["error"] > 0.8).any()
    assert (frame["error"][~happened] <= 0).all(), "without an event only its late coming can surprise"


def test_a_report_and_no_recalibration(cohort, compared):
    words = str(report_of(cohort, compared.document(), compared.by_method, [], ["answer"], {}))
    assert "event seen" in words and "C-index" in words
    spec = TrainingSpec(epochs=1, width=8, recalibrate="temperature")
    with pytest.raises(BadInput):
        studies.compare(cohort, ["concat"], CHEAP, SETTINGS.model_copy(update={"training": spec}))


def test_a_report_draws_the_curve_of_its_case(cohort, compared, monkeypatch):
    drawn = []
    monkeypatch.setattr(worked_case, "without_event_of_case", lambda curve: drawn.append(curve))
    document = report_document(compared, [], cohort.ids[0])
    (curve,) = drawn
    session = studies.what_if(compared.by_method[compared.best], cohort, cohort.case(cohort.ids[0]))
    assert (curve.mean == session.start.probabilities).all() and (curve.low <= curve.mean).all()
    assert curve.seen == (abs(cohort.target[0]), cohort.target[0] > 0) and len(curve.horizons) == len(curve.mean)
    assert sum(group.at_risk[0] for group in curve.beside.values()) == len(cohort)
    assert "over time" in str([section.heading for section in document.sections])
    assert drawings.without_event_of_case(curve).png.startswith(b"\x89PNG")
    assert ("range over the models" in str(document.sections)) == (len(session.panel) > 1)
    single = replace(curve, low=curve.mean, high=curve.mean)
    sections = worked_case.worked_case(WorkedCase(session.case, "concat", "Well.", {}, {}, single), cohort.inputs)
    assert "one model: spread unknown" in str(sections) and "range over the models" not in str(sections)
