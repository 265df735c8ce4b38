"""Protects losses, outputs and the followed metric of every task."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from sklearn.metrics import r2_score, roc_auc_score

from mmcore.base.errors import BadInput
from mmcore.training.tasks import Task, task_of

BINARY, REGRESSION = Task(name="binary", classes=("no", "yes")), Task(name="regression")
MULTI = Task(name="multiclass", classes=("a", "b", "c"))


def test_losses_are_those_of_torch():
    logits, single = torch.randn(5, 3), torch.randn(5, 1)
    labels = torch.tensor([0, 1, 2, 1, 0])
    assert torch.allclose(
        MULTI.loss(logits, labels), torch.nn.functional.cross_entropy(logits, labels, reduction="none")
    )
    binary = torch.nn.functional.binary_cross_entropy_with_logits(single[:, 0], (labels > 0).float(), reduction="none")
    assert torch.allclose(BINARY.loss(single, (labels > 0).float()), binary)
    assert torch.allclose(REGRESSION.loss(single, labels.float()), (single[:, 0] - labels) ** 2)
    assert torch.allclose(BINARY.loss(single, torch.ones(5), torch.zeros(5)), torch.zeros(5))


def test_outputs_are_probabilities_or_values():
    assert torch.allclose(BINARY.activate(torch.randn(2, 4, 1)).sum(-1), torch.ones(2, 4))
    assert torch.allclose(MULTI.activate(torch.randn(2, 4, 3)).sum(-1), torch.ones(2, 4))
    assert REGRESSION.activate(torch.tensor([[2.0]]), 10.0, 3.0).item() == 16.0
    assert (BINARY.outputs, MULTI.outputs, REGRESSION.outputs) == (1, 3, 1)
    assert (BINARY.columns, MULTI.columns, REGRESSION.columns) == (2, 3, 1)


def test_followed_metric_against_scikit_learn():
    chance = np.random.default_rng(0)
    scores, target = chance.standard_normal((2, 30, 1)), chance.integers(0, 2, (2, 30))
    valid = np.ones((2, 30), dtype=bool)
    valid[1, 20:] = False
    got = BINARY.score(torch.tensor(scores), torch.tensor(target), torch.tensor(valid))
    want = [roc_auc_score(target[i, valid[i]], scores[i, valid[i], 0]) for i in range(2)]
    assert np.allclose(got, want)
    values = chance.standard_normal((2, 30))
    got = REGRESSION.score(torch.tensor(scores), torch.tensor(values), torch.tensor(valid))
    assert np.allclose(got, [r2_score(values[i, valid[i]], scores[i, valid[i], 0]) for i in range(2)])
    one_class = BINARY.score(torch.randn(1, 4, 1), torch.ones(1, 4), torch.ones(1, 4, dtype=torch.bool))
    assert torch.isnan(one_class).all()


def test_class_weights_make_classes_equal():
    target = np.array([0, 0, 0, 1])
    weights = BINARY.class_weights(target)
    assert np.isclose(weights[target == 0].sum(), weights[target == 1].sum()) and np.isclose(weights.mean(), 1)


def test_unlabelled_cases_are_known():
    assert BINARY.labelled(np.array([0, -1, 1])).tolist() == [True, False, True]
    assert REGRESSION.labelled(np.array([0.5, np.nan])).tolist() == [True, False]


def test_a_cohort_without_a_usable_target_is_an_error():
    cohort = SimpleNamespace(name="x", schema=SimpleNamespace(task=None, classes=()))
    with pytest.raises(BadInput, match="no target"):
        task_of(cohort)
    cohort.schema = SimpleNamespace(task="binary", classes=("yes",))
    with pytest.raises(BadInput, match="one class"):
        task_of(cohort)
    cohort.schema = SimpleNamespace(task="survival", classes=("12 months",))
    with pytest.raises(BadInput, match="fewer than two points in time"):
        task_of(cohort)
    cohort.schema = SimpleNamespace(task="multiclass", classes=("a", "b", "c"))
    assert task_of(cohort) == MULTI


def test_errors_are_the_cases_whose_likeliest_class_is_another():
    meant = torch.tensor([[True, True, True, False]])
    binary = torch.tensor([[[2.0], [-1.0], [0.5], [9.0]]])
    assert BINARY.errors(binary, torch.tensor([[1.0, 1.0, 0.0, 0.0]]), meant).item() == pytest.approx(2 / 3)
    multi = torch.eye(3)[[0, 1, 2, 0]].unsqueeze(0)
    assert MULTI.errors(multi, torch.tensor([[0.0, 1.0, 1.0, 2.0]]), meant).item() == pytest.approx(1 / 3)
