"""Protects the linear part: scikit-learn's coefficients, nothing learnt from noise, groups together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression, Ridge

from mmcore.base.values import Tokens
from mmcore.training.linear_expert import LinearPart
from mmcore.training.linear_fit import FoldVectors, fit_input
from mmcore.training.linear_solver import fit_linear, rotated
from mmcore.training.linear_sum import fit_sum_of_inputs, summed
from mmcore.training.normalise import Normaliser
from mmcore.training.tasks import Task
from mmcore.training.training_rows import inner_folds, training_rows

BINARY = Task(name="binary", classes=("no", "yes"))
TASKS = {
    "binary": BINARY,
    "multiclass": Task(name="multiclass", classes=("x", "y", "z")),
    "regression": Task(name="regression"),
}


def reference(task, target, groups=None):
    """All cases as training rows."""
    labels = torch.from_numpy(np.asarray(target, np.float32))
    return training_rows(task, np.arange(len(labels)), labels, torch.ones(len(labels)), groups, 0)


def vectors(values, present=None):
    values = torch.from_numpy(np.asarray(values, np.float32))
    present = np.ones(len(values), bool) if present is None else present
    normaliser = Normaliser("vectors", torch.zeros(values.shape[1]), torch.ones(values.shape[1]))
    return FoldVectors(normaliser, values * torch.from_numpy(present).unsqueeze(1), present)


@pytest.mark.parametrize("task", list(TASKS))
@pytest.mark.parametrize("wide", [False, True])
def test_coefficients_are_those_of_scikit_learn(task, wide):
    chance = np.random.default_rng(0)
    features = chance.standard_normal((80, 200 if wide else 12)) * np.linspace(1, 0.1, 200 if wide else 12)
    features = (features - features.mean(0)) / np.sqrt(features.var(0).sum())
    score = 20 * features[:, 0] + chance.standard_normal(80)
    target = score if task == "regression" else np.digitize(score, [0] if task == "binary" else [-1, 1])
    wanted = torch.from_numpy(np.eye(3)[target] if task == "multiclass" else target[:, None]).float()
    sets = torch.ones(80, 2)
    sets[60:, 1] = 0
    sets = sets / sets.sum(0)
    scores, axes, power = rotated(torch.from_numpy(features).float(), sets[:, 0])
    slopes, intercepts = fit_linear(task, scores, power, wanted, sets, (1e-3, 3e-2))
    for number, count in enumerate((80, 60)):
        for i, penalty in enumerate((1e-3, 3e-2)):
            plain = (
                Ridge(penalty * count)
                if task == "regression"
                else LogisticRegression(C=1 / (penalty * count), max_iter=5000, tol=1e-8)
            ).fit(features[:count], target[:count])
            ours = features @ (axes @ slopes[number, i]).numpy() + intercepts[number, i].numpy()
            theirs = features @ np.atleast_2d(plain.coef_).T + plain.intercept_
            assert np.allclose(ours, theirs, atol=0.03 * np.abs(theirs).max())


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("classes", [False, True])
def test_inner_folds_keep_groups_together_and_classes_balanced(grouped, classes):
    chance = np.random.default_rng(0)
    target = chance.integers(0, 2, 90) if classes else chance.standard_normal(90)
    groups = np.repeat(np.arange(30), 3) if grouped else None
    inner = inner_folds(target, groups, classes, 0)
    assert set(inner) == set(range(5))
    if grouped:
        assert all(len(set(inner[groups == group])) == 1 for group in range(30))
    if classes:
        assert all(0.2 < target[inner == k].mean() < 0.8 for k in range(5))


def test_few_cases_or_classes_are_no_fault():
    assert set(inner_folds(np.array([0, 1, 1]), None, True, 0)) <= {0, 1, 2}
    assert not inner_folds(np.zeros(9), None, True, 0).any()
    assert not inner_folds(np.arange(6) % 2, np.zeros(6), True, 0).any()
    assert fit_input(reference(BINARY, np.ones(20)), vectors(np.eye(20))) is None
    assert fit_input(reference(BINARY, np.arange(20) % 2), vectors(np.zeros((20, 3)))) is None
    rare = np.zeros(40)
    rare[0] = 1
    fit = fit_input(reference(BINARY, rare), vectors(np.random.default_rng(0).standard_normal((40, 3))))
    assert torch.isfinite(fit.inner).all()


@pytest.mark.parametrize("task", list(TASKS))
def test_inner_logits_say_nothing_about_noise(task):
    chance = np.random.default_rng(0)
    target = (
        chance.standard_normal(300) if task == "regression" else chance.integers(0, TASKS[task].outputs + 1, 300) % 3
    )
    target = target if task != "binary" else (target > 0).astype(float)
    fit = fit_input(reference(TASKS[task], target), vectors(chance.standard_normal((300, 40))))
    explained = fit.inner[:, -1].numpy()
    wanted = target if task == "regression" else target == target.max()
    assert abs(np.corrcoef(explained, wanted)[0, 1]) < 0.15
    assert explained.std() < 0.6


def test_a_missing_input_adds_nothing_and_the_sum_trusts_what_helps():
    chance = np.random.default_rng(0)
    target = chance.integers(0, 2, 400)
    useful = 1.5 * (2 * target - 1)[:, None] * np.array([[1, 0, 0]]) + chance.standard_normal((400, 3))
    present = chance.random(400) < 0.7
    inputs = {"a": vectors(useful, present), "b": vectors(chance.standard_normal((400, 5)))}
    training = reference(BINARY, target)
    linear = fit_sum_of_inputs(training, {name: fit_input(training, own) for name, own in inputs.items()})
    size = {name: float(expert.weight.abs().sum()) for name, expert in linear.part.inputs.items()}
    assert size["a"] > 5 * size["b"]
    cases = {
        name: Tokens(own.values.unsqueeze(1), torch.from_numpy(own.present).unsqueeze(1))
        for name, own in inputs.items()
    }
    assert torch.allclose(linear.part(cases), linear.outputs, atol=1e-5)
    nobody = {name: Tokens(own.values, torch.zeros_like(own.mask)) for name, own in cases.items()}
    assert torch.allclose(linear.part(nobody), linear.part.bias.expand(400, -1))


def test_halves_of_vectors_are_summed_as_inputs_are():
    chance = np.random.default_rng(0)
    target = chance.integers(0, 2, 300)
    values = chance.standard_normal((300, 43)).astype(np.float32)
    values[:, :3] += (1.2 * target - 0.6)[:, None]
    training, whole = reference(BINARY, target), vectors(values)
    only = [torch.cat([torch.ones(3), torch.zeros(40)]), torch.cat([torch.zeros(3), torch.ones(40)])]
    halves = [fit_input(training, replace(whole, values=whole.values * half)) for half in only]
    both = summed(training, halves)
    assert both.loss < halves[0].loss + 0.01 and both.loss < fit_input(training, whole).loss
    everyone = torch.ones(300, dtype=torch.bool)
    assert both.expert.weight[:3].abs().sum() > 5 * both.expert.weight[3:].abs().sum()
    parts = [half.expert.of_vectors(whole.values, everyone) for half in halves]
    weights = torch.linalg.lstsq(torch.cat(parts, 1), both.expert.of_vectors(whole.values, everyone)).solution
    assert (weights > -1e-3).all() and both.judged.shape == (300, 1)


def test_the_linear_part_survives_saving():
    chance = np.random.default_rng(0)
    training = reference(BINARY, chance.integers(0, 2, 60))
    own = vectors(chance.standard_normal((60, 3)))
    linear = fit_sum_of_inputs(training, {"b": fit_input(training, own)}).part
    cases = {"b": Tokens(own.values.unsqueeze(1), torch.ones(60, 1, dtype=torch.bool))}
    tokenwise = Normaliser("tokens", torch.zeros(3), torch.ones(3))
    for network in (own.normaliser, tokenwise):
        normalisers = {"a": tokenwise, "b": network}
        state = linear.state(normalisers)
        assert ("1/normal/mean" in state) == (network is tokenwise)
        assert torch.equal(LinearPart.restore(state, normalisers)(cases), linear(cases))
