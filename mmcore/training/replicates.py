"""One replicate: a fold and a seed, with all the chance that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from mmcore.cohorts import validation_split
from mmcore.fusion.layers import Dropout
from mmcore.training.tasks import Task


@dataclass(frozen=True, eq=False)
class Replicate:
    """fold, seed: which one. fit, valid, test: rows of the cohort."""

    fold: int
    seed: int
    fit: np.ndarray
    valid: np.ndarray
    test: np.ndarray

    @property
    def number(self) -> int:
        """Seed of its initial weights."""
        return 1_000_003 * self.seed + self.fold

    def chance(self, purpose: int) -> np.random.Generator:
        """A generator of its own: the same numbers whatever else is trained beside it."""
        return np.random.default_rng([self.seed, self.fold, purpose])

    def keep(self, rate: float, count: int) -> torch.Tensor:
        """[count] float32 dropout factors: 0 at `rate` of the places, else 1 / (1 - rate)."""
        noise = self.chance(1).random(count, dtype=np.float32)
        return torch.from_numpy((noise >= rate).astype(np.float32) / np.float32(1 - rate))


def replicates_of(
    task: Task,
    target: np.ndarray,
    groups: np.ndarray | None,
    folds: Sequence[tuple[np.ndarray, np.ndarray]],
    *,
    seeds: int,
    validation: float,
    same_validation: bool,
) -> list[Replicate]:
    """All replicates, fold by fold. Cases without a label are predicted, never trained on.

    target: [N] floats. validation: share of the training rows kept for stopping. same_validation: all seeds stop by the
    same rows, so that an encoder which reads the target of a fold's training rows can be kept from reading theirs.
    """
    labelled, replicates = task.labelled(target), []
    strata = target if task.name == "regression" else np.where(labelled, task.strata(target), -1).astype(int)
    for fold, (train_rows, test) in enumerate(folds):
        rows = np.asarray(train_rows, int)
        rows = rows[labelled[rows]]
        for seed in range(seeds):
            apart = 0 if same_validation else seed
            fit_rows, valid = validation_split(strata, groups, rows, validation, apart)
            valid = valid if len(valid) else fit_rows  # too few to spare any
            own = (np.asarray(part, int) for part in (fit_rows, valid, test))
            replicates.append(Replicate(fold, seed, *own))
    return replicates


def training_rows_of(replicates: Sequence[Replicate], fold: int) -> np.ndarray:
    """Labelled training rows of a fold, those for early stopping included."""
    first = next(r for r in replicates if r.fold == fold)
    return np.union1d(first.fit, first.valid)


class Shuffle:
    """The batches of one replicate, epoch after epoch.

    Every replicate of a run takes the same number of steps per epoch; where folds differ in size its batches do.
    """

    def __init__(
        self,
        replicate: Replicate,
        steps: int,
        size: int,
        present: np.ndarray,
        modality_dropout: float,
        copies: int = 0,
    ) -> None:
        """present: [M, N] bool. size: longest batch; shorter ones are padded with weight 0.

        copies: augmented copies of each case (see `views.Copies`); every epoch takes the case or one of them.
        """
        self.copies, self.cases = copies, present.shape[1] // (1 + copies)
        self.rows, self.steps, self.size = replicate.fit, steps, size
        self.present, self.rate = present, modality_dropout if len(present) > 1 else 0.0
        self.chance = replicate.chance(0)

    def epoch(self) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """rows [steps, B], valid [steps, B] bool (False: padding), drop [M, steps, B] bool or None."""
        order = self.chance.permutation(self.rows)
        if self.copies:
            order = order + self.cases * self.chance.integers(0, self.copies + 1, len(order))
        rows = np.full((self.steps, self.size), self.rows[0])
        valid = np.zeros((self.steps, self.size), dtype=bool)
        for step, part in enumerate(np.array_split(order, self.steps)):
            rows[step, : len(part)], valid[step, : len(part)] = part, True
        if self.rate == 0:
            return rows, valid, None
        drop = self.chance.random((len(self.present), *rows.shape)) < self.rate
        left = (self.present[:, rows] & ~drop).any(0)
        return rows, valid, drop & left  # a case never loses all its inputs


def scatter(model: nn.Module, step: int) -> None:
    """Move every dropout layer of the model to the noise of this step."""
    for i, layer in enumerate(m for m in model.modules() if isinstance(m, Dropout)):
        layer.offset = step * 7919 + i * 104_729
