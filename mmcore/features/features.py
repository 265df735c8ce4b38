"""What one encoder says of a cohort, read from disk when asked for."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from mmcore.base.values import Tokens
from mmcore.storage.shards import Entry, read_pooled, read_tokens


@dataclass(frozen=True, eq=False)
class Features:
    """What one encoder says of one input, for the N cases of a cohort. Tokens are read from disk when asked for.

    counts: [N] valid tokens of each case, 0 where the input is missing or was set aside. computed: cases encoded by
    this call, in `seconds`; the others were known. failed: id -> why the case was set aside. dtype: of the numbers
    on disk.
    """

    input: str
    encoder: str
    dims: int
    entries: Sequence[Entry | None]
    computed: int = 0
    seconds: float = 0.0
    failed: Mapping[str, str] = field(default_factory=dict)
    dtype: str = "float16"

    @property
    def counts(self) -> np.ndarray:
        return np.array([entry.count if entry else 0 for entry in self.entries], dtype=np.int64)

    @property
    def content(self) -> Hashable:
        """Equal for features that hold the same tokens of the same cases: what was kept on disk never changes."""
        return self.encoder, self.dims, tuple(self.entries)

    def tokens(self, rows: Sequence[int] | np.ndarray | None = None) -> Tokens:
        """Tokens of these cases (all by default): values [B, N, D] float32, N the most any of them has, at least 1."""
        entries = self._entries(rows)
        longest = max([1, *(entry.count for entry in entries if entry)])
        values = np.zeros((len(entries), longest, self.dims), np.float32)
        mask = np.zeros((len(entries), longest), bool)
        for row, part in read_tokens(entries):
            values[row, : len(part)] = part
            mask[row, : len(part)] = True
        return Tokens(torch.from_numpy(values), torch.from_numpy(mask))

    def pooled(self) -> tuple[np.ndarray, np.ndarray]:
        """Average over each case's tokens [N, D] float32 (zeros where missing), and who is present [N] bool."""
        vectors = np.zeros((len(self.entries), self.dims), np.float32)
        present = np.zeros(len(self.entries), bool)
        for rows, averages in read_pooled(self.entries):
            vectors[rows], present[rows] = averages, True
        return vectors, present

    def _entries(self, rows: Sequence[int] | np.ndarray | None) -> Sequence[Entry | None]:
        return self.entries if rows is None else [self.entries[int(row)] for row in rows]
