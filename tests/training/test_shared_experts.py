"""Protects what methods share: an expert is fitted once to the same numbers, anew to others, and memory is bounded."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.training import FitPlan, TrainingData, fit, fold_readers
from mmcore.training.shared_experts import ReadInput, SharedExperts
from mmcore.training.tasks import Task
from mmcore.training.training_spec import TrainingSpec

BINARY = Task(name="binary", classes=("no", "yes"))


@pytest.fixture()
def fitted(monkeypatch):
    """How many experts were fitted so far."""
    calls, best = [], fold_readers._best
    monkeypatch.setattr(fold_readers, "shared", SharedExperts())
    monkeypatch.setattr(fold_readers, "_best", lambda *given: calls.append(1) or best(*given))
    return calls


def train(features, target, folds, fusion, **options):
    data = TrainingData(features, target, BINARY, folds)
    return fit(data, FitPlan(fusion, tuple(features), training=TrainingSpec(epochs=1, **options), seeds=1))


def test_a_second_method_takes_what_the_first_one_fitted(make, fitted):
    strength = np.random.default_rng(0).standard_normal(60)
    features = {"a": make.signal(strength, 5, 3, 0), "b": make.signal(strength, 4, 1, 1)}
    target, folds = (strength > 0).astype(int), make.folds(60)
    first = train(features, target, folds, "concat")
    assert len(fitted) == 4  # two inputs on two folds
    train(features, target, folds, "mlp")
    alone = train({"a": features["a"]}, target, folds, "concat")
    assert len(fitted) == 4
    again = train(features, target, folds, "concat")
    np.testing.assert_array_equal(again.outputs, first.outputs)
    assert alone.linear[0].inputs["a"].weight.shape == first.linear[0].inputs["a"].weight.shape


def test_other_labels_components_or_features_are_fitted_anew(make, fitted):
    strength = np.random.default_rng(0).standard_normal(60)
    features, target = {"a": make.signal(strength, 5, 3, 0)}, (strength > 0).astype(int)
    folds = make.folds(60)
    train(features, target, folds, "concat")
    train(features, 1 - target, folds, "concat")
    train(features, target, folds, "concat", components=2)
    train({"a": make.signal(strength, 5, 3, 0)}, target, folds, "concat")
    assert len(fitted) == 8


def test_no_more_is_held_than_fits():
    class Large(ReadInput):
        bytes = 40

    shared = SharedExperts(most=100)
    for number in range(4):
        shared.keep(number, Large(None, None))
    assert [shared.find(number) is not None for number in range(4)] == [False, False, True, True]
