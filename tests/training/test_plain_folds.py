"""Protects how plain baselines share the cores: their numbers, their failures, and that a stop leaves none behind."""

import threading

import numpy as np
import pytest

from mmcore.training import plain_models
from mmcore.training.plain_folds import Matrix, begin, pool_of_folds
from mmcore.training.tasks import Task

BINARY = Task(name="binary", classes=("no", "yes"))


@pytest.fixture
def given():
    chance = np.random.default_rng(0)
    values = chance.normal(size=(60, 4)).astype(np.float32)
    target = (values[:, 0] + chance.normal(size=60) > 0).astype(float)
    rows = np.arange(60)
    folds = [(rows[rows % 3 != k], rows[rows % 3 == k]) for k in range(3)]
    return BINARY, {"blood": Matrix(values, np.ones(60, bool))}, target, folds, None


def test_baselines_under_way_together_give_what_each_gives_alone(given):
    with pool_of_folds() as pool:
        pending = {name: begin(make, *given, pool) for name, make in plain_models.estimators.items()}
        together = {name: own.outputs() for name, own in pending.items()}
        assert all(own.seconds > 0 for own in pending.values())
    for name, outputs in together.items():
        assert np.array_equal(outputs, plain_models.baselines[name](*given))


def test_what_fails_in_a_fold_reaches_who_waits(given):
    def broken(*_given):
        raise ValueError("no model")

    with pool_of_folds() as pool:
        pending = begin(broken, *given, pool)
        with pytest.raises(ValueError, match="no model"):
            pending.outputs()


def test_whoever_leaves_takes_back_what_has_not_begun(given, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    begun, go_on = [], threading.Event()

    def slow(*_given):
        begun.append(1)
        go_on.wait(10)
        raise ValueError

    with pytest.raises(KeyboardInterrupt), pool_of_folds() as pool:
        pending = begin(slow, *given, pool)
        while not begun:
            pass
        threading.Timer(0.05, go_on.set).start()
        raise KeyboardInterrupt
    assert len(begun) == 1 and [fold.cancelled() for fold in pending.folds] == [False, True, True]


def test_a_column_that_hardly_varies_in_training_makes_no_answer_huge():
    chance = np.random.default_rng(0)
    values = chance.standard_normal((60, 3)).astype(np.float32)
    target = values[:, 0] + chance.standard_normal(60)
    values[:, 2] = 1e-3 * values[:, 2]
    values[0, 2] = 1  # the only case with it: a thousand standard deviations of the others
    folds = [(np.arange(20, 60), np.arange(20)), (np.arange(40), np.arange(40, 60))]
    given = Task(name="regression"), {"blood": Matrix(values, np.ones(60, bool))}, target, folds, None
    outputs = plain_models.baselines["logistic"](*given)
    assert np.nanmax(np.abs(outputs)) < 5
