"""A table row as one token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from mmcore.base.settings import N_
from mmcore.base.values import Place, Row, Tokens, Whole
from mmcore.encoders.base import encoders
from mmcore.encoders.fitting import Encoded, FoldPart, fold_parts
from mmcore.encoders.table.column_tokens import Columns


@encoders.register("standardised")
class Standardised(Columns):
    """Whole row: all columns in one token.

    Numbers as they are (training standardises them), categories as one-hot, and a flag for each that is missing. A
    missing number is given the mean of the training fold, so that its flag alone speaks.
    """

    citation = "Little & Rubin, Statistical Analysis with Missing Data, Wiley 1987 (means in place of missing numbers)"
    trained_on = N_("the rows of the training fold")
    fits_on_fold = True

    def owners(self) -> None:
        """The whole row is one token."""
        return None

    def prepare(self, values: Sequence[Row]) -> Tokens:
        """Rows of B cases -> Tokens [B, 1, W]. Raises BadInput for text in a column of numbers."""
        row = super().prepare(values).values.sum(1, keepdim=True)
        return Tokens(row, torch.ones(row.shape[:2], dtype=torch.bool))

    def places(self, value: Row) -> list[Place]:
        return [Whole()]

    def fit(self, features: Encoded, rows: np.ndarray, target: np.ndarray | None) -> FoldPart:
        """The means of the columns of numbers."""
        values, present = present_numbers(features, rows, self.flags())
        sums, counts = torch.where(present, values, 0).double().sum(0), present.sum(0).clamp_min(1)
        means = torch.where(self.flags() >= 0, (sums / counts).float(), 0)
        return Filled(means, self.flags())

    def flags(self) -> Tensor:
        """[W] for a number the dimension of its missing flag; -1 for all else."""
        flags = torch.full((self.dims,), -1)
        for column, start in zip(self.spec.table, self._starts, strict=True):
            if column.type == "number":
                flags[start] = start + 1
        return flags


@fold_parts.register("filled")
class Filled(FoldPart):
    """Rows [B, 1, W] with `stand_in` [W] in place of missing numbers; flags [W]: see `Standardised.flags`."""

    def __init__(self, stand_in: Tensor, flags: Tensor) -> None:
        self.stand_in, self.flags = stand_in, flags

    @property
    def dims(self) -> int:
        return len(self.flags)

    def __call__(self, tokens: Tokens) -> Tokens:
        stand_in, flags = self.stand_in.to(tokens.values), self.flags.to(tokens.values.device)
        filled = torch.where(missing(tokens.values, flags), stand_in, tokens.values)
        return Tokens(filled * tokens.mask.unsqueeze(-1), tokens.mask)

    def state(self) -> dict[str, Tensor]:
        return {"stand_in": self.stand_in, "flags": self.flags}

    @classmethod
    def restore(cls, state: Mapping[str, Tensor]) -> Filled:
        return cls(state["stand_in"], state["flags"])


def missing(values: Tensor, flags: Tensor) -> Tensor:
    """[..., W] bool: numbers whose missing flag is raised."""
    return (values[..., flags.clamp_min(0)] > 0.5) & (flags >= 0)


def present_numbers(features: Encoded, rows: np.ndarray, flags: Tensor) -> tuple[Tensor, Tensor]:
    """Rows [n, W] of those cases that have the table, and which values are known, [n, W] bool."""
    rows = np.asarray(rows)[features.counts[rows] > 0]
    values = features.tokens(rows).values[:, 0] if len(rows) else torch.zeros(0, len(flags))
    return values, ~missing(values, flags)
