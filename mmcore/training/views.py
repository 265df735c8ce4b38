"""Features seen another way: through what a fold learnt, or with augmented copies behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import torch

from mmcore.base.values import Tokens
from mmcore.encoders.fitting import Encoded, FoldPart
from mmcore.fusion.layers import mean
from mmcore.training.stretches import pool

_ROWS = 128  # cases read at a time


class CohortFeatures(Encoded, Protocol):
    """Features of the N cases of a cohort, token by token or averaged."""

    def pooled(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean token of every case [N, D] and who is present [N] bool."""


@dataclass(frozen=True, eq=False)
class ReadOnce:
    """Features whose averages are read from disk but once: every fold asks for them."""

    features: CohortFeatures

    @property
    def dims(self) -> int:
        return self.features.dims

    @cached_property
    def counts(self) -> np.ndarray:
        return self.features.counts

    def tokens(self, rows: Sequence[int] | np.ndarray | None = None) -> Tokens:
        return self.features.tokens(rows)

    def pooled(self) -> tuple[np.ndarray, np.ndarray]:
        return self._pooled

    @cached_property
    def _pooled(self) -> tuple[np.ndarray, np.ndarray]:
        return self.features.pooled()


@dataclass(frozen=True, eq=False)
class Through:
    """Features as a fitted part turns them."""

    features: CohortFeatures
    part: FoldPart

    @property
    def dims(self) -> int:
        return self.part.dims

    @property
    def counts(self) -> np.ndarray:
        return self.features.counts

    def tokens(self, rows: Sequence[int] | np.ndarray | None = None) -> Tokens:
        return self.part(self.features.tokens(rows))

    def pooled(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean token of every case [N, D] and who is present [N] bool."""
        count = len(self.counts)
        parts = [self.tokens(range(i, min(i + _ROWS, count))) for i in range(0, count, _ROWS)]
        vectors = torch.cat([mean(tokens.values, tokens.mask) for tokens in parts])
        return vectors.numpy(), self.counts > 0


@dataclass(frozen=True, eq=False)
class Stretched:
    """Features whose vectors are mean and spread of stretches of the tokens (see `stretches`)."""

    features: CohortFeatures
    stretches: int

    @property
    def dims(self) -> int:
        return 2 * self.stretches * self.features.dims

    @property
    def counts(self) -> np.ndarray:
        return self.features.counts

    def tokens(self, rows: Sequence[int] | np.ndarray | None = None) -> Tokens:
        """One token a case."""
        tokens = self.features.tokens(rows)
        return Tokens(pool(tokens.values, tokens.mask.unsqueeze(-2), self.stretches), tokens.present.unsqueeze(-1))

    def pooled(self) -> tuple[np.ndarray, np.ndarray]:
        return self._pooled

    @cached_property
    def _pooled(self) -> tuple[np.ndarray, np.ndarray]:
        count = len(self.counts)
        parts = [self.tokens(range(i, min(i + _ROWS, count))).values.squeeze(1) for i in range(0, count, _ROWS)]
        return torch.cat(parts).numpy(), self.counts > 0


@dataclass(frozen=True, eq=False)
class Copies:
    """Features of N cases followed by those of their augmented copies: row n + k * N is copy k of case n."""

    parts: Sequence[CohortFeatures]

    @property
    def dims(self) -> int:
        return self.parts[0].dims

    @property
    def counts(self) -> np.ndarray:
        return np.concatenate([part.counts for part in self.parts])

    def tokens(self, rows: Sequence[int] | np.ndarray | None = None) -> Tokens:
        cases = len(self.parts[0].counts)
        at_rows = np.arange(cases * len(self.parts)) if rows is None else np.asarray(rows)
        which, count = at_rows // cases, len(at_rows)
        by_copy = {int(k): self.parts[k].tokens((at_rows[which == k] % cases).tolist()) for k in np.unique(which)}
        longest = max((tokens.values.shape[1] for tokens in by_copy.values()), default=1)
        values, mask = torch.zeros(count, longest, self.dims), torch.zeros(count, longest, dtype=torch.bool)
        for k, tokens in by_copy.items():
            at = torch.from_numpy(np.flatnonzero(which == k))
            values[at, : tokens.values.shape[1]] = tokens.values
            mask[at, : tokens.values.shape[1]] = tokens.mask
        return Tokens(values, mask)

    def pooled(self) -> tuple[np.ndarray, np.ndarray]:
        pooled = [part.pooled() for part in self.parts]
        return np.concatenate([vectors for vectors, _ in pooled]), np.concatenate([here for _, here in pooled])
