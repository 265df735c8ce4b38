"""The part of a training fold that decides when to stop."""

from __future__ import annotations

import numpy as np


def validation_split(
    target: np.ndarray, groups: np.ndarray | None, train: np.ndarray, share: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """A training fold's rows -> (rows to fit on, rows to stop early by), both sorted.

    target [N]: class index or float; groups [N] str or None. Whole groups move over, in random order, as long as each
    brings the validation part nearer to `share` of every class (of every fifth, for a regression). Where groups are too
    large or too one-sided for that (three hospitals, say), single cases move. Every class keeps cases to fit on.
    """
    train = np.asarray(train)
    if share <= 0 or len(train) < 4:
        return np.sort(train), train[:0]
    strata = _strata(target[train])
    rng = np.random.default_rng(seed)
    blocks = np.arange(len(train)) if groups is None else np.unique(groups[train], return_inverse=True)[1]
    chosen = _move_over(strata, blocks, share, rng)
    wanted = share * np.bincount(strata)
    if (
        groups is not None
        and np.abs(np.bincount(strata[chosen], minlength=len(wanted)) - wanted).sum() > 0.5 * wanted.sum()
    ):
        chosen = _move_over(strata, np.arange(len(train)), share, rng)
    return np.sort(train[~chosen]), np.sort(train[chosen])


def _strata(target: np.ndarray) -> np.ndarray:
    if target.dtype.kind == "f":
        return np.searchsorted(np.quantile(target, [0.2, 0.4, 0.6, 0.8]), target)
    return np.unique(target, return_inverse=True)[1]


def _move_over(strata: np.ndarray, blocks: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """[n] bool: blocks whose moving brings the counts per stratum nearer to the share wanted."""
    counts = np.zeros((blocks.max() + 1, strata.max() + 1))
    np.add.at(counts, (blocks, strata), 1)
    total, moved = counts.sum(0), np.zeros(strata.max() + 1)
    wanted, picked = share * total, np.zeros(len(counts), dtype=bool)
    for block in rng.permutation(len(counts)):
        after = moved + counts[block]
        if np.abs(after - wanted).sum() < np.abs(moved - wanted).sum() and (after[total > 0] < total[total > 0]).all():
            picked[block], moved = True, after
    return picked[blocks]
