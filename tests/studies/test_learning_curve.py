"""Protects the learning curve: parts hold one another and keep the classes, and what is fitted is what was measured."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore import studies
from mmcore.base.errors import BadInput
from mmcore.studies.learning_curve import _nested, learning_curve
from mmcore.training import TrainingSpec

QUICK = studies.StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=3, width=8))


def test_each_part_holds_the_one_before_and_keeps_the_balance():
    cohort = studies.open("breast_cancer")
    parts = _nested(cohort, (0.2, 0.5, 1.0))
    assert [round(len(part) / len(cohort), 1) for part in parts] == [0.2, 0.5, 1.0]
    assert set(parts[0]) < set(parts[1]) < set(parts[2])
    shares = [float(np.mean(cohort.target[part])) for part in parts]
    assert max(shares) - min(shares) < 0.03


def test_scores_are_those_of_runs_on_the_parts():
    cohort = studies.open("breast_cancer", cases=200)
    study = learning_curve(cohort, "mean", None, QUICK, shares=(0.3, 0.6, 1.0))
    assert study.sizes[-1] == 200 and len(study.scores) == len(study.sizes) == 3 and study.left_out == ()
    whole = studies.compare(cohort, ["mean"], None, QUICK).by_method["mean"]
    assert study.scores[-1].mean == whole.metrics[study.curve.metric].mean
    assert study.curve.sizes == study.sizes and study.curve.scores == tuple(s.mean for s in study.scores)


def test_too_few_cases_are_told():
    with pytest.raises(BadInput, match="too small"):
        learning_curve(studies.open("breast_cancer", cases=14), "mean", None, QUICK)
