"""The training rows of an outer fold, and how they are divided into inner folds.

Legend: N cases of the cohort, n training rows, O outputs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mmcore.training.tasks import Task

INNER = 5  # folds within the training rows


@dataclass(frozen=True, eq=False)
class TrainingRows:
    """rows: [n] labelled training rows. target: [n, O] 0 or 1 (one column a class) or standardised values. labels: [n]
    class index or value as the loss of the task wants it. weight: [n] of each case. inner: [n] its inner fold. groups:
    [n] which cases belong together, or None."""

    task: Task
    rows: np.ndarray
    target: Tensor
    labels: Tensor
    weight: Tensor
    inner: np.ndarray
    groups: np.ndarray | None = None


def training_rows(
    task: Task, rows: np.ndarray, labels: Tensor, weight: Tensor, groups: np.ndarray | None, seed: int
) -> TrainingRows:
    """labels, weight: [N]. groups: [N] or None, never divided among inner folds."""
    own, groups = labels[torch.from_numpy(rows)], None if groups is None else groups[rows]
    target = own.float().unsqueeze(1)
    if task.name == "multiclass":
        target = torch.nn.functional.one_hot(own.long(), len(task.classes)).float()
    if task.name == "multilabel":
        target = task.held(own).float()
    inner = inner_folds(task.strata(own.numpy()), groups, task.name != "regression", seed)
    return TrainingRows(task, rows, target, own, weight[torch.from_numpy(rows)], inner, groups)


def inner_folds(target: np.ndarray, groups: np.ndarray | None, classes: bool, seed: int) -> np.ndarray:
    """[n] number of each row's inner fold: classes balanced, groups together; all 0 where no division is possible."""
    from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

    count = min(INNER, len(target))
    if classes:
        count = min(count, int(np.unique(target, return_counts=True)[1].max()))
    if groups is not None:
        count = min(count, len(np.unique(groups)))
    inner = np.zeros(len(target), int)
    if count < 2 or (classes and len(np.unique(target)) < 2):
        return inner
    if classes:
        few = int(np.unique(target, return_counts=True)[1].min())
        kinds = (StratifiedKFold if few >= count else KFold, StratifiedGroupKFold)
    else:
        kinds = (KFold, GroupKFold)
    divide = kinds[groups is not None](n_splits=count, shuffle=True, random_state=seed)
    for number, (_train, test) in enumerate(divide.split(np.zeros(len(target)), target, groups)):
        inner[test] = number
    return inner
