"""Protects what is told of a method's own part: averaged over seeds, on scored cases, silent where none was kept."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.metrics import r2_score, roc_auc_score

from mmcore.studies import method_parts
from mmcore.training.tasks import Task


def run(task, target, network, linear=None):
    return SimpleNamespace(
        spec=SimpleNamespace(task=task),
        fitted=SimpleNamespace(task=Task(name=task, classes=("no", "yes") if task == "binary" else ())),
        target=target,
        network_outputs=network,
        linear_outputs=linear,
        network_share=0.4,
    )


def test_parts_are_scored_by_themselves():
    chance = np.random.default_rng(0)
    target = chance.integers(0, 2, 50)
    positive = np.clip(0.3 * target + 0.7 * chance.random((3, 50)), 0, 1)
    outputs = np.stack([1 - positive, positive], -1)
    unlabelled = np.where(np.arange(50) < 5, -1, target)
    outputs[:, -3:] = np.nan  # in no test fold
    parts = method_parts(run("binary", unlabelled, outputs, outputs[:1]))
    assert parts["network_share"] == 0.4
    assert parts["network_alone"]["auroc"] == pytest.approx(roc_auc_score(target[5:-3], positive.mean(0)[5:-3]))
    assert parts["linear_alone"]["auroc"] == pytest.approx(roc_auc_score(target[5:-3], positive[0, 5:-3]))


def test_values_and_runs_of_earlier_versions():
    target = np.append(np.arange(20.0), np.nan)
    outputs = (np.arange(21.0) + 1)[None, :, None]
    parts = method_parts(run("regression", target, outputs))
    assert parts["network_alone"]["r2"] == pytest.approx(r2_score(target[:20], outputs[0, :20, 0]))
    assert parts["linear_alone"] is None and method_parts(run("regression", target, None))["network_alone"] is None
