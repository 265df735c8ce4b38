"""Protects the loss that settings are chosen by: labels of the cases a fold is tested on change nothing in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.metrics import log_loss

from mmcore.base.values import Tokens
from mmcore.studies import inner_loss
from mmcore.studies.inner_loss import inner_folds, inner_losses
from mmcore.training import FitPlan, TrainingData, TrainingSpec
from mmcore.training.tasks import Task

CASES = 48
BINARY = Task(name="binary", classes=("no", "yes"))
PLAN = FitPlan("concat", ["a"], training=TrainingSpec(epochs=2, width=4, batch_size=16), seeds=1)


class Vectors:
    """One token a case, held in memory."""

    def __init__(self, values: np.ndarray) -> None:
        self.values, self.counts, self.dims = values.astype(np.float32), np.ones(len(values), int), values.shape[1]

    def tokens(self, rows=None) -> Tokens:
        values = torch.from_numpy(self.values if rows is None else self.values[rows]).unsqueeze(1)
        return Tokens(values, torch.ones(values.shape[:2], dtype=torch.bool))

    def pooled(self) -> tuple[np.ndarray, np.ndarray]:
        return self.values, self.counts > 0


def data_of(folds: int, groups: np.ndarray | None = None) -> TrainingData:
    chance = np.random.default_rng(1)
    target = np.arange(CASES) % 2
    values = chance.standard_normal((CASES, 5)) + target[:, None]
    tests = [np.flatnonzero(np.arange(CASES) // 2 % folds == fold) for fold in range(folds)]
    divided = [(np.setdiff1d(np.arange(CASES), test), test) for test in tests]
    return TrainingData({"a": Vectors(values)}, target, BINARY, divided, groups)


@pytest.mark.parametrize("folds", [2, 3, 5])
def test_inner_splits_lie_in_the_training_part_and_judge_no_case_twice(folds):
    groups = np.arange(CASES) // 2
    data = data_of(folds, groups)
    inner = inner_folds(data)
    for (train, _test), (learnt, judged) in zip(data.folds, inner, strict=True):
        assert len(learnt) and len(judged) and set(learnt) | set(judged) <= set(train)
        assert not set(groups[learnt]) & set(groups[judged])
    rows = np.concatenate([judged for _learnt, judged in inner])
    assert len(rows) == len(set(rows))


def test_labels_of_test_cases_change_nothing():
    data = data_of(3)
    test = data.folds[0][1]
    target = data.target.copy()
    target[test] = 1 - target[test]
    before, after = (inner_losses(own, PLAN, [0, 1, 2]) for own in (data, replace(data, target=target)))
    assert before[0] == pytest.approx(after[0], rel=1e-5)
    assert before[1] != pytest.approx(after[1], rel=1e-2) and before[2] != pytest.approx(after[2], rel=1e-2)


def test_losses_of_every_task():
    chance = np.random.default_rng(0)
    likely = chance.dirichlet(np.ones(3), 20)
    target = np.arange(20) % 3
    three = Task(name="multiclass", classes=("a", "b", "c"))
    assert inner_loss._loss(three, target.astype(float), likely) == pytest.approx(log_loss(target, likely))
    value = Task(name="regression")
    assert inner_loss._loss(value, np.array([1.0, 2.0]), np.array([[1.0], [4.0]])) == 2
    labels = Task(name="multilabel", classes=("a", "b"))
    both = inner_loss._loss(labels, np.array([3.0]), np.array([[0.5, 0.25, 0.5, 0.5]]))
    assert both == pytest.approx(-(np.log(0.5) + np.log(0.25)) / 2)
    assert np.isnan(inner_loss._loss(BINARY, np.empty(0), np.empty((0, 2))))
