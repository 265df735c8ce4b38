"""Protects the table of metrics: every registered metric keeps the contract, a new one as soon as its file is there."""

import numpy as np
import pytest
from sklearn import metrics as sk

from mmcore.evaluation import measure, metric_label, metrics, metrics_of, primary_of

TASKS = ("binary", "multiclass", "regression")
CASES = 120
EVERY = [(task, name) for task in TASKS for name in metrics_of(task)]


def predictions(task, skill, seed=0):
    """target [N] and outputs [N, K] that know as much of it as `skill` says."""
    rng = np.random.default_rng(seed)
    if task == "regression":
        target = rng.normal(50, 5, CASES)
        return target, (target + rng.normal(0, 5 / skill, CASES))[:, None]
    classes = 2 if task == "binary" else 3
    target = rng.integers(0, classes, CASES)
    logits = rng.normal(size=(CASES, classes)) / skill + 2 * skill * np.eye(classes)[target]
    return target, np.exp(logits) / np.exp(logits).sum(1, keepdims=True)


@pytest.mark.parametrize(("task", "name"), EVERY)
def test_one_number_a_column_of_weights(task, name):
    target, outputs = predictions(task, 0.5)
    value = measure(task, target, outputs, np.ones((CASES, 3)), (name,))[name]
    assert value.shape == (3,) and np.isfinite(value).all() and np.ptp(value) < 1e-9


@pytest.mark.parametrize(("task", "name"), EVERY)
def test_a_weight_is_a_repetition(task, name):
    target, outputs = predictions(task, 0.5)
    counts = np.random.default_rng(1).integers(0, 4, CASES)
    weighted = measure(task, target, outputs, counts[:, None].astype(float), (name,))[name]
    repeated = measure(task, target.repeat(counts), outputs.repeat(counts, 0), np.ones((counts.sum(), 1)), (name,))
    assert weighted[0] == pytest.approx(repeated[name][0], abs=1e-6)


@pytest.mark.parametrize(("task", "name"), EVERY)
def test_its_direction_is_right(task, name):
    poor, good = (
        np.mean([measure(task, *predictions(task, skill, s), np.ones((CASES, 1)), (name,))[name][0] for s in range(5)])
        for skill in (0.2, 1.5)
    )
    assert (good > poor) == metrics[name].higher_is_better


@pytest.mark.parametrize(("task", "name"), EVERY)
def test_order_of_cases_does_not_matter(task, name):
    target, outputs = predictions(task, 0.5)
    order = np.random.default_rng(2).permutation(CASES)
    ones = np.ones((CASES, 1))
    there, back = (
        measure(task, t, o, ones, (name,))[name] for t, o in ((target, outputs), (target[order], outputs[order]))
    )
    assert there == pytest.approx(back)


@pytest.mark.parametrize("name", list(metrics))
def test_it_says_what_it_is(name):
    part = metrics[name]
    assert metric_label(name) == part.label() and part.label() and part.tasks
    assert set(part.primary) <= set(part.tasks)


@pytest.mark.parametrize("task", TASKS)
def test_methods_of_a_task_are_compared_by_one_metric(task):
    assert [name for name in metrics_of(task) if task in metrics[name].primary] == [primary_of(task)]


def test_log_loss_is_that_of_sklearn():
    target, outputs = predictions("multiclass", 0.5)
    weights = np.random.default_rng(3).integers(0, 4, CASES).astype(float)
    value = measure("multiclass", target, outputs, weights[:, None], ("log_loss",))["log_loss"][0]
    assert value == pytest.approx(sk.log_loss(target, outputs, sample_weight=weights))


def test_another_metric_stands_in_where_the_file_of_the_usual_one_is_broken(monkeypatch):
    usual = metrics[primary_of("binary")]
    monkeypatch.setattr(metrics, "_contents", (frozenset([f"{usual.__module__}.{usual.__qualname__}"]), {}))
    try:
        for cached in (metrics_of, primary_of):
            cached.cache_clear()
        assert primary_of("binary") == metrics_of("binary")[0] != usual.name
    finally:
        for cached in (metrics_of, primary_of):
            cached.cache_clear()
