"""Protects the plain baselines: they are scikit-learn's own numbers, out of fold, and never see a test case."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn.metrics import r2_score

from mmcore.training import plain_models
from mmcore.training.plain_folds import Matrix
from mmcore.training.tasks import Task
from mmcore.training.training_rows import inner_folds

BINARY = Task(name="binary", classes=("no", "yes"))


def cohort(cases=120, task="binary"):
    chance = np.random.default_rng(0)
    a, b = chance.standard_normal((cases, 6)), chance.standard_normal((cases, 4))
    score = a[:, 0] + b[:, 0]
    target = score + 0.1 * chance.standard_normal(cases) if task == "regression" else (score > 0).astype(int)
    present = np.arange(cases) % 9 != 0
    parts = np.array_split(chance.permutation(cases), 3)
    folds = [(np.concatenate([p for p in parts if p is not test]), test) for test in parts]
    return {"a": Matrix(a, np.ones(cases, bool)), "b": Matrix(b, present)}, target, folds


@pytest.mark.parametrize("name", list(plain_models.baselines))
@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_every_baseline_learns_every_task(name, task):
    matrices, target, folds = cohort(task="regression" if task == "regression" else "binary")
    if task == "multiclass":
        target = target + (matrices["a"].values[:, 1] > 0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        given = Task(name=task, classes=() if task == "regression" else ("x", "y", "z")[: 3 if task[0] == "m" else 2])
        outputs = plain_models.baselines[name](given, matrices, target, folds, None)
    assert outputs.shape == (1, 120, given.columns) and np.isfinite(outputs).all()
    if task == "regression":
        assert r2_score(target, outputs[0, :, 0]) > 0.4
    else:
        assert np.allclose(outputs.sum(-1), 1, atol=1e-5) and (outputs[0].argmax(-1) == target).mean() > 0.5
    assert all(plain_models.about(name))


def test_a_test_case_plays_no_part():
    matrices, target, folds = cohort()
    changed = target.copy()
    changed[folds[0][1]] = 1 - changed[folds[0][1]]
    first, second = (plain_models.logistic(BINARY, matrices, own, folds[:1], None) for own in (target, changed))
    assert np.array_equal(first, second, equal_nan=True)
    assert np.isnan(first[0, folds[0][0]]).all()


def test_the_penalty_is_chosen_with_groups_kept_together():
    """Noise that tells groups apart looks like knowledge unless whole groups are held out."""
    chance = np.random.default_rng(1)
    groups = np.repeat(np.arange(24), 10)
    target = np.repeat(chance.integers(0, 2, 24), 10)
    marks = chance.standard_normal((24, 40))[groups] + 0.1 * chance.standard_normal((240, 40))
    weak = target[:, None] + 1.5 * chance.standard_normal((240, 1))
    features = np.concatenate([marks, weak], 1)
    blind, aware = (
        plain_models._linear(BINARY, features, target, inner_folds(target, own, True, 0)).C_ for own in (None, groups)
    )
    assert aware < blind
