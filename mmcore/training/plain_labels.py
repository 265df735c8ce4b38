"""A plain model of each of several labels by itself, with the threshold at which it is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mmcore.training.tasks import Task
from mmcore.training.thresholds import best_thresholds, with_thresholds

MakeModel = Callable[[Task, np.ndarray, np.ndarray, np.ndarray], Any]  # task, features, target, inner folds


def one_against_rest(
    features: np.ndarray,
    tested: np.ndarray,
    wanted: np.ndarray,
    inner: np.ndarray,
    make: MakeModel,
) -> np.ndarray:
    """A model of each label by itself: probabilities and thresholds [n, 2 L] of the tested cases.

    The threshold of a label is the best one on half of the training rows, by a model of the other half.
    """
    task, labels = Task(name="binary", classes=("no", "yes")), wanted.shape[1]
    if features.shape[1] > len(features):  # once for all labels: principal components keep every distance
        features, tested = _rotated(features, tested)
    stated, held_out = np.zeros((len(tested), labels)), np.zeros((len(features), labels))
    halves = inner % 2 == 0
    if halves.all():
        halves = np.arange(len(inner)) % 2 == 0
    for k in range(labels):
        label = wanted[:, k].astype(int)
        stated[:, k] = _positive(make, task, features, label, inner, tested)
        held_out[halves, k] = _positive(make, task, features[~halves], label[~halves], inner[~halves], features[halves])
    return with_thresholds(stated, best_thresholds(wanted[halves], held_out[halves]))


def _rotated(features: np.ndarray, tested: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.decomposition import PCA

    axes = PCA(random_state=0).fit(features)
    return axes.transform(features).astype(np.float32), axes.transform(tested).astype(np.float32)


def _positive(
    make: MakeModel,
    task: Task,
    features: np.ndarray,
    label: np.ndarray,
    inner: np.ndarray,
    tested: np.ndarray,
) -> np.ndarray:
    if label.min() == label.max():
        return np.full(len(tested), float(label[0]))
    probability: np.ndarray = make(task, features, label, inner).predict_proba(tested)[:, 1]
    return probability
