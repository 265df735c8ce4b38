"""Protects the share of the network: all but one where inputs interact, no more than the linear part elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from mmcore.training import FitPlan, TrainingData, TrainingSpec, fit
from mmcore.training.blend import blended, network_share
from mmcore.training.tasks import Task

BINARY = Task(name="binary", classes=("no", "yes"))


def cohort(make, kind: str, cases: int = 300):
    """Two inputs of 6 features: their product decides, or their sum, or nothing."""
    chance = np.random.default_rng(0)
    a, b = chance.choice([-1.0, 1.0], (2, cases)) if kind == "product" else chance.standard_normal((2, cases))
    score = {"product": 3 * a * b, "sum": 2 * (a + b), "nothing": np.zeros(cases)}[kind]
    target = (chance.random(cases) < 1 / (1 + np.exp(-score))).astype(int)
    features = {}
    for name, value in {"a": a, "b": b}.items():
        values = 0.5 * chance.standard_normal((cases, 1, 6))
        values[:, 0, 0] += 2 * value
        features[name] = make.features(values)
    return TrainingData(features, target, BINARY, make.folds(cases))


def trained(data, seeds=1, **spec):
    return fit(data, FitPlan("mlp", ("a", "b"), training=TrainingSpec(learning_rate=5e-3, **spec), seeds=seeds))


def score(data, outputs) -> float:
    return roc_auc_score(data.target, outputs.mean(0)[:, 1])


@pytest.mark.slow
def test_the_network_answers_where_inputs_interact(make):
    data = cohort(make, "product")
    fitted = trained(data, seeds=3, epochs=40, width=32, modality_dropout=0.0)
    assert min(fitted.network_share) > 0.75
    linear = roc_auc_score(data.target, fitted.linear_outputs[:, 1])
    assert linear < 0.62 and score(data, fitted.outputs) > 0.85


def test_the_linear_part_answers_where_inputs_add_up(make):
    data = cohort(make, "sum")
    fitted = trained(data, seeds=3, epochs=2, width=8)
    assert max(fitted.network_share) < 0.4
    linear = roc_auc_score(data.target, fitted.linear_outputs[:, 1])
    assert linear > 0.85 and score(data, fitted.outputs) > linear - 0.015 > score(data, fitted.network_outputs)


@pytest.mark.slow
def test_random_labels_stay_at_chance(make):
    data = cohort(make, "nothing")
    fitted = trained(data, seeds=2, epochs=10)
    assert 0.38 < score(data, fitted.outputs) < 0.62


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_the_share_follows_what_does_better(task):
    chance = np.random.default_rng(0)
    given = Task(name=task, classes=() if task == "regression" else ("x", "y", "z")[: 2 if task == "binary" else 3])
    labels = torch.from_numpy(
        chance.standard_normal(200) if task == "regression" else chance.integers(0, 2, 200)
    ).float()
    right = labels.unsqueeze(1) if task == "regression" else 4 * labels.unsqueeze(1) - 2
    if task == "multiclass":
        right = 3 * torch.nn.functional.one_hot(labels.long(), 3).float()
    wrong, ones = torch.zeros_like(right), torch.ones(200)
    assert network_share(given, [right], [wrong], [labels], [ones]) > 0.85
    assert network_share(given, [wrong], [right], [labels], [ones]) < 0.15
    assert network_share(given, [right], [right], [labels], [ones]) == pytest.approx(0.5)
    assert torch.allclose(blended(right, wrong, 0.25), 0.25 * right)
