"""Protects recalibration inside the training fold: what is delivered was scored, and test cases take no part in it."""

import numpy as np
import pytest

from mmcore.training import FitPlan, Fitted, TrainingData, TrainingSpec, fit
from mmcore.training.tasks import Task

BINARY = Task(name="binary", classes=("no", "yes"))


@pytest.fixture(scope="module")
def cohort(make):
    target = np.random.default_rng(0).integers(0, 2, 120)
    strength = 2.0 * target - 1
    features = {"a": make.signal(strength, 20, 6, 1), "b": make.signal(strength, 5, 3, 2)}
    return features, target, make.folds(120, 3)


def trained(cohort, recalibrate, target=None) -> Fitted:
    features, own, folds = cohort
    data = TrainingData(features, own if target is None else target, BINARY, folds)
    training = TrainingSpec(epochs=3, width=8, batch_size=16, components=8, recalibrate=recalibrate)
    return fit(data, FitPlan("concat", ("a", "b"), {}, training, 2))


@pytest.mark.parametrize("method", ["temperature", "isotonic"])
def test_what_is_delivered_is_what_was_scored(cohort, method, tmp_path):
    fitted = trained(cohort, method)
    assert all(fitted.recalibrations) and len(fitted.recalibrations) == 3
    plain = trained(cohort, "no")
    assert plain.recalibrations == [None] * 3 and not np.allclose(plain.outputs, fitted.outputs, atol=1e-4)
    fitted.save(tmp_path / "run")
    tokens = {name: features.tokens() for name, features in cohort[0].items()}
    for answering in (fitted, Fitted.load(tmp_path / "run")):
        probabilities = answering.run(tokens).probabilities
        for i, (fold, seed) in enumerate(answering.replicates):
            test = answering.fold_of == fold
            assert np.allclose(probabilities[i, test], fitted.outputs[seed, test], atol=1e-4)
    assert np.allclose(probabilities.sum(-1), 1, atol=1e-5)


def test_the_cases_of_the_test_fold_take_no_part(cohort):
    """Other labels for the test cases of a fold leave its correction as it was."""
    _features, target, folds = cohort
    changed = target.copy()
    changed[folds[0][1]] = 1 - changed[folds[0][1]]
    first, second = (trained(cohort, "temperature", labels).recalibrations[0] for labels in (target, changed))
    assert first.temperature == pytest.approx(second.temperature, rel=1e-4)


def test_values_have_no_probabilities_to_put_right(cohort):
    features, target, folds = cohort
    data = TrainingData(features, target.astype(float), Task(name="regression"), folds)
    training = TrainingSpec(epochs=2, width=8, components=8, recalibrate="temperature")
    assert fit(data, FitPlan("concat", ("a", "b"), {}, training, 1)).recalibrations == [None] * 3
