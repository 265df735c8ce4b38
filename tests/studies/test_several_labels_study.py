"""Protects several labels from end to end: every fusion trains, thresholds are kept, and what is said of it fits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore import studies
from mmcore.base.errors import BadInput
from mmcore.cohorts import open_cohort
from mmcore.cohorts.splits import folds_of
from mmcore.evaluation import scores
from mmcore.explain.counterfactual import counterfactuals
from mmcore.explain.what_if import WhatIf
from mmcore.fusion.base import fusions
from mmcore.report.contents import report_of
from mmcore.studies.case_answer import case_answer
from mmcore.studies.study_settings import StudySettings
from mmcore.training import TrainingSpec
from mmcore.training.plain_folds import Matrix
from mmcore.training.plain_models import baselines
from mmcore.training.tasks import task_of

SETTINGS = StudySettings(folds=2, seeds=1, plain=False, training=TrainingSpec(epochs=2, width=8))
CHEAP = {"labs": "standardised", "more": "standardised"}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    """Two tables; one label of each, and one that takes both."""
    folder, rng = tmp_path_factory.mktemp("labels"), np.random.default_rng(0)
    a, b, noise = rng.normal(size=(3, 90))
    labels = [[n for n, there in (("first", x > 0), ("second", y > 0.3)) if there] for x, y in zip(a, b, strict=True)]
    cells = ["|".join(own) or "neither" for own in labels]
    pd.DataFrame({"a": a + 0.3 * noise, "b": b, "label": cells}).to_csv(folder / "cases.csv", index=False)
    (folder / "cohort.toml").write_text(
        'target = "label"\n[inputs.labs]\nkind = "table"\ncolumns = ["a"]\n'
        '[inputs.more]\nkind = "table"\ncolumns = ["b"]\n',
        encoding="utf-8",
    )
    return open_cohort(folder)


@pytest.fixture(scope="module")
def compared(cohort):
    return studies.compare(cohort, ["labs", "more", "concat"], CHEAP, SETTINGS)


def test_every_fusion_trains(cohort):
    methods = [name for name, part in fusions.items() if part.unavailable() is None]
    done = studies.compare(cohort, methods, CHEAP, SETTINGS)
    for run in done.runs:
        outputs = run.out_of_fold.outputs
        assert outputs.shape[-1] == 2 * len(cohort.schema.classes), "probabilities, then thresholds"
        assert np.isfinite(outputs[:, cohort.labelled]).all() and run.metrics["auroc"].mean > 0.5


def test_fusing_knows_what_no_input_does(compared):
    mean = {method: run.metrics["auroc"].mean for method, run in compared.by_method.items()}
    assert mean["concat"] > max(mean["labs"], mean["more"]) + 0.1
    document = compared.document()
    row = next(row for row in document["methods"] if row["method"] == "concat")
    assert set(row["labels"]) == {"first", "second", "neither"} and document["task"] == "multilabel"


def test_a_plain_baseline_has_a_model_of_each_label(cohort):
    task, values = task_of(cohort), cohort.table[["a", "b"]].to_numpy(np.float32)
    matrices = {"all": Matrix(values, np.ones(len(values), bool))}
    folds = folds_of(cohort, "random", 2).folds
    outputs = baselines["logistic"](task, matrices, cohort.target, folds, None)
    measured = scores(task, cohort.target, outputs)
    assert outputs.shape == (1, 90, 6) and measured["auroc"].mean > 0.85 and measured["f1"].mean > 0.6


def test_thresholds_of_a_fold_are_chosen_without_its_test_cases(compared):
    run = compared.by_method["concat"]
    called_at = [each for each in run.fitted.thresholds if each is not None]
    assert len(called_at) == 2 and not np.allclose(called_at[0], called_at[1])
    for fold, own in enumerate(called_at):
        stored = run.out_of_fold.outputs[0][run.fold_of == fold][:, 3:]
        assert np.allclose(stored, own)


def test_predictions_and_explanations_speak_of_labels(cohort, compared):
    run = compared.by_method["concat"]
    predictions = studies.predict(run, cohort)
    calls = [set(p.prediction.split(", ")) for p in predictions]
    truth = [set(str(cohort.case(p.id).target).split(", ")) for p in predictions]
    assert np.mean([own == true for own, true in zip(calls, truth, strict=True)]) > 0.5
    case = cohort.case(cohort.ids[0])
    session = WhatIf(run.fitted, run.spec.make_encoders(), case)
    answer = case_answer(session, run.spec.classes, "label")
    assert "predicts" in answer.sentence() and set(answer.decided.split(", ")) <= {*run.spec.classes, "none"}
    changed = counterfactuals(session)
    assert any(change.flips for change in changed), "taking inputs away changes what is called"


def test_a_report_has_each_label(cohort, compared):
    report = report_of(cohort, compared.document(), compared.by_method, [], ["answer"], {})
    titles = [section.heading for section in report.sections]
    assert "Each label by itself" in titles


def test_probabilities_are_not_recalibrated(cohort):
    spec = SETTINGS.training.model_copy(update={"recalibrate": "temperature"})
    settings = SETTINGS.model_copy(update={"training": spec})
    with pytest.raises(BadInput, match="several labels"):
        studies.compare(cohort, ["concat"], CHEAP, settings)
