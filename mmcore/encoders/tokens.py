"""Small steps that encoders share: padding cases to one batch, and keeping very long cases short."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from mmcore.base.values import Tokens


def pad(cases: Sequence[torch.Tensor]) -> Tokens:
    """Cases [n_i, D] -> Tokens [B, max n_i (at least 1), D] float32, zeros where the mask is False."""
    longest = max([1, *(len(case) for case in cases)])
    values = torch.zeros(len(cases), longest, cases[0].shape[1])
    mask = torch.zeros(len(cases), longest, dtype=torch.bool)
    for i, case in enumerate(cases):
        values[i, : len(case)] = case
        mask[i, : len(case)] = True
    return Tokens(values, mask)


def runs(count: int, most: int) -> list[tuple[int, int]]:
    """`count` neighbours as at most `most` runs of nearly equal length: [(start, end), ...]; singles where they fit."""
    edges = np.linspace(0, count, min(count, most) + 1).round().astype(int)
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


def average(values: torch.Tensor, most: int) -> torch.Tensor:
    """[n, D] -> [min(n, most), D]: neighbours averaged run by run."""
    if len(values) <= most:
        return values
    return torch.stack([values[start:end].mean(0) for start, end in runs(len(values), most)])
