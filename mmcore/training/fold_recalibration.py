"""Recalibration fitted inside a training fold, on rows that no part of a replicate had learnt from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from mmcore.base.label_sets import memberships
from mmcore.training.blend import blended, rows_apart
from mmcore.training.linear_sum import FittedLinear
from mmcore.training.plan import FitPlan, TrainingData
from mmcore.training.recalibration import LEAST_ROWS, Recalibration, correction_of
from mmcore.training.replicates import Replicate, training_rows_of
from mmcore.training.thresholds import best_thresholds


def correction_of_fold(
    data: TrainingData,
    plan: FitPlan,
    linear: FittedLinear | None,
    replicates: Sequence[Replicate],
    valid_logits: Sequence[Tensor],
    share: float,
    fold: int,
) -> Recalibration | None:
    """What puts the probabilities of a fold right; None where it was not asked for, or there are no such rows.

    valid_logits: of each replicate's network on its validation rows [n, O]; of the linear part those out of inner folds
    are taken. share: of the network in the answers. A row that several seeds held out counts once, by their average.
    """
    if plan.training.recalibrate == "no" or data.task.name in ("regression", "survival"):
        return None
    rows, probabilities = _held_out(data, linear, replicates, valid_logits, share, fold)
    return correction_of(plan.training.recalibrate, data.values[rows].astype(int), probabilities)


def thresholds_of_fold(
    data: TrainingData,
    linear: FittedLinear | None,
    replicates: Sequence[Replicate],
    valid_logits: Sequence[Tensor],
    share: float,
    fold: int,
) -> np.ndarray | None:
    """[L] at which probability each of several labels is called, chosen on the same rows; of survival the horizons
    [H]; None for other tasks.

    Where there are too few such rows, it is the share of the training rows that have the label.
    """
    task = data.task
    if task.name == "survival":
        return task.horizons
    if task.name != "multilabel":
        return None
    rows, probabilities = _held_out(data, linear, replicates, valid_logits, share, fold)
    held = memberships(data.values, len(task.classes))
    if len(rows) < LEAST_ROWS:
        return held[training_rows_of(replicates, fold)].mean(0)
    return best_thresholds(held[rows], probabilities)


def _held_out(
    data: TrainingData,
    linear: FittedLinear | None,
    replicates: Sequence[Replicate],
    valid_logits: Sequence[Tensor],
    share: float,
    fold: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Training rows of a fold [n] that were held out of fitting, and the answer's probabilities on them [n, K]."""
    task = data.task
    if linear is not None and not linear.judged:
        return np.empty(0, int), np.empty((0, task.columns))
    summed, times = np.zeros((len(data.target), task.columns)), np.zeros(len(data.target))
    at = {int(row): i for i, row in enumerate(training_rows_of(replicates, fold))}
    for replicate, logits in zip(replicates, valid_logits, strict=True):
        if replicate.fold != fold or not rows_apart(replicate.fit, replicate.valid, data.groups):
            continue
        if linear is not None:
            inner = linear.inner[torch.tensor([at[int(row)] for row in replicate.valid])]
            logits = blended(logits, inner, share)
        summed[replicate.valid] += task.activate(logits, 0.0, 1.0).numpy()
        times[replicate.valid] += 1
    rows = np.flatnonzero(times)
    return rows, summed[rows] / times[rows, None]
