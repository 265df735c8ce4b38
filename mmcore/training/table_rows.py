"""A table whose columns each have a token of their own, as one row of numbers a case.

Every feature is filled by the token of its column alone, so the sum of all tokens holds the whole row: training need
not carry hundreds of tokens a case about.

Legend: N cases, T columns (tokens of a case), D features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from mmcore.base.values import Tokens
from mmcore.training.views import CohortFeatures

_NEAR = 1e-5  # rounding of an average over all tokens


@dataclass(frozen=True, eq=False)
class TableRows:
    """Features of such a table. owner: [T, D] bool, the token that alone fills each feature."""

    features: CohortFeatures
    owner: Tensor

    @property
    def dims(self) -> int:
        return self.features.dims

    @property
    def counts(self) -> np.ndarray:
        return self.features.counts

    def tokens(self, rows: Sequence[int] | np.ndarray | None = None) -> Tokens:
        return self.features.tokens(rows)

    def pooled(self) -> tuple[np.ndarray, np.ndarray]:
        return self.features.pooled()

    @cached_property
    def values(self) -> Tensor:
        """[N, D] the rows; flags and categories are 0 or 1 exactly."""
        pooled, _present = self.features.pooled()
        values = torch.from_numpy(pooled).float() * torch.from_numpy(self.counts).unsqueeze(1)
        return torch.where((values - 1).abs() < _NEAR, torch.ones_like(values), values)

    @cached_property
    def unknown(self) -> Tensor:
        """[N, D] bool: 0 and followed by a raised missing flag of the same column (see `unknown_numbers`)."""
        same = torch.nn.functional.pad((self.owner[:, :-1] & self.owner[:, 1:]).any(0), (0, 1))
        after = torch.nn.functional.pad(self.values, (0, 1))[:, 1:]
        return (self.values == 0) & (after == 1) & same

    @property
    def whole(self) -> bool:
        """Whether every case that has the input has all its columns' tokens."""
        return bool(np.isin(self.counts, (0, len(self.owner))).all())
