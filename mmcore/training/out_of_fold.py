"""What the replicates of a method say of the test cases of their folds, laid together as one array."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from mmcore.training.linear_sum import FittedLinear
from mmcore.training.plan import TrainingData
from mmcore.training.recalibration import Recalibration
from mmcore.training.replicates import Replicate
from mmcore.training.thresholds import with_thresholds


def out_of_fold(
    logits: Sequence[Tensor],
    replicates: Sequence[Replicate],
    standards: Sequence[tuple[float, ...]],
    data: TrainingData,
    seeds: int,
    corrections: Sequence[Recalibration | None] = (),
    called_at: Sequence[np.ndarray | None] = (),
) -> np.ndarray:
    """[S, N, K]: every case as seen by the replicates of its test fold; nan where it has none.

    called_at: per fold, thresholds of several labels [L] or horizons [H], which are kept beside their probabilities.
    """
    outputs = np.full((seeds, len(data.target), data.task.scored_columns), np.nan, dtype=np.float32)
    for own, replicate in zip(logits, replicates, strict=True):
        correct = corrections[replicate.fold] if corrections else None
        values = data.task.activate(own, *standards[replicate.fold]).numpy()
        values = values if correct is None else correct(values)
        threshold = called_at[replicate.fold] if called_at else None
        outputs[replicate.seed, replicate.test] = values if threshold is None else with_thresholds(values, threshold)
    return outputs


def linear_out_of_fold(
    linear: Sequence[FittedLinear | None],
    standards: Sequence[tuple[float, ...]],
    data: TrainingData,
    called_at: Sequence[np.ndarray | None],
) -> np.ndarray:
    """[N, K]: every case as seen by the linear part of its test fold; nan where there is none."""
    outputs = np.full((len(data.target), data.task.scored_columns), np.nan, dtype=np.float32)
    each = zip(linear, data.folds, standards, called_at, strict=True)
    for own, (_train_rows, test), standard, threshold in each:
        if own is not None:
            rows = np.asarray(test, int)
            values = data.task.activate(own.outputs[torch.from_numpy(rows)], *standard).numpy()
            outputs[rows] = values if threshold is None else with_thresholds(values, threshold)
    return outputs


def fold_of(data: TrainingData) -> np.ndarray:
    folds = np.full(len(data.target), -1, dtype=np.int64)
    for number, (_train_rows, test) in enumerate(data.folds):
        folds[np.asarray(test, int)] = number
    return folds
