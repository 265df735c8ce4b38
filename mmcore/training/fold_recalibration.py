"""Recalibration fitted inside a training fold, on rows that no part of a replicate had learnt from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from mmcore.training.blend import blended, rows_apart
from mmcore.training.linear_fit import FittedLinear
from mmcore.training.plan import FitPlan, TrainingData
from mmcore.training.recalibration import Recalibration, correction_of
from mmcore.training.replicates import Replicate, training_rows_of


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
    task = data.task
    if plan.training.recalibrate == "no" or task.name == "regression" or (linear is not None and not linear.judged):
        return None
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
    return correction_of(plan.training.recalibrate, data.values[rows].astype(int), summed[rows] / times[rows, None])
