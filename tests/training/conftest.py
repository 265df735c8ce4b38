"""Small made-up features for the training tests."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmcore.base.values import Tokens


class MadeUp:
    """Features held in memory: one array [tokens, D] per case, of no rows where the input is missing."""

    def __init__(self, arrays) -> None:
        self.arrays = [np.asarray(a, dtype=np.float32) for a in arrays]
        self.counts = np.array([len(a) for a in self.arrays])
        self.dims = self.arrays[0].shape[1]

    def tokens(self, rows=None) -> Tokens:
        chosen = self.arrays if rows is None else [self.arrays[i] for i in rows]
        longest = max(1, *(len(a) for a in chosen)) if chosen else 1
        values, mask = torch.zeros(len(chosen), longest, self.dims), torch.zeros(len(chosen), longest, dtype=torch.bool)
        for i, array in enumerate(chosen):
            values[i, : len(array)], mask[i, : len(array)] = torch.from_numpy(array), True
        return Tokens(values, mask)

    def pooled(self):
        vectors = [a.mean(0) if len(a) else np.zeros(self.dims, np.float32) for a in self.arrays]
        return np.stack(vectors).astype(np.float32), self.counts > 0


def signal(strength: np.ndarray, dims: int, tokens: int, seed: int, missing: float = 0.1) -> MadeUp:
    """Noise in which one token per case carries `strength` [N] along a random direction."""
    chance = np.random.default_rng(seed)
    direction, arrays = chance.standard_normal(dims), []
    for value in strength:
        array = chance.standard_normal((chance.integers(max(tokens // 2, 1), tokens + 1), dims))
        array[chance.integers(len(array))] += value * direction
        arrays.append(array if chance.random() >= missing else array[:0])
    return MadeUp(arrays)


def halves(cases: int, folds: int = 2) -> list[tuple[np.ndarray, np.ndarray]]:
    """Folds of slightly unequal size."""
    parts = np.array_split(np.random.default_rng(3).permutation(cases), folds)
    return [(np.concatenate([p for p in parts if p is not test]), test) for test in parts]


@pytest.fixture(scope="session")
def make():
    """The makers above, by name."""
    from types import SimpleNamespace

    return SimpleNamespace(features=MadeUp, signal=signal, folds=halves)


@pytest.fixture(scope="session")
def small():
    """(features, target, folds) of 61 cases with two inputs."""
    target = np.random.default_rng(0).integers(0, 2, 61)
    strength = 2.0 * target - 1
    return {"a": signal(strength, 20, 6, 1), "b": signal(strength, 5, 3, 2)}, target, halves(61, 3)
