"""Features seen another way: through what a fold learnt, or with augmented copies behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from mmcore.base.values import Tokens
from mmcore.encoders.fitting import Encoded, FoldPart
from mmcore.fusion.layers import mean

_ROWS = 128  # cases read at a time


@dataclass(frozen=True, eq=False)
class Through:
    """Features as a fitted part turns them."""

    features: Encoded
    part: FoldPart

    @property
    def dims(self) -> int:
        return self.part.dims

    @property
    def counts(self) -> np.ndarray:
        return self.features.counts

    def tokens(self, rows: Sequence[int] | None = None) -> Tokens:
        return self.part(self.features.tokens(rows))

    def pooled(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean token of every case [N, D] and who is present [N] bool."""
        count = len(self.counts)
        parts = [self.tokens(range(i, min(i + _ROWS, count))) for i in range(0, count, _ROWS)]
        vectors = torch.cat([mean(tokens.values, tokens.mask) for tokens in parts])
        return vectors.numpy(), self.counts > 0


@dataclass(frozen=True, eq=False)
class Copies:
    """Features of N cases followed by those of their augmented copies: row n + k * N is copy k of case n."""

    parts: Sequence[Encoded]

    @property
    def dims(self) -> int:
        return self.parts[0].dims

    @property
    def counts(self) -> np.ndarray:
        return np.concatenate([part.counts for part in self.parts])

    def tokens(self, rows: Sequence[int] | None = None) -> Tokens:
        cases = len(self.parts[0].counts)
        rows = np.arange(cases * len(self.parts)) if rows is None else np.asarray(rows)
        which = rows // cases
        said = {int(k): self.parts[k].tokens(rows[which == k] % cases) for k in np.unique(which)}
        longest = max((tokens.values.shape[1] for tokens in said.values()), default=1)
        values, mask = torch.zeros(len(rows), longest, self.dims), torch.zeros(len(rows), longest, dtype=torch.bool)
        for k, tokens in said.items():
            at = torch.from_numpy(np.flatnonzero(which == k))
            values[at, : tokens.values.shape[1]] = tokens.values
            mask[at, : tokens.values.shape[1]] = tokens.mask
        return Tokens(values, mask)

    def pooled(self) -> tuple[np.ndarray, np.ndarray]:
        pooled = [part.pooled() for part in self.parts]
        return np.concatenate([vectors for vectors, _ in pooled]), np.concatenate([here for _, here in pooled])
