"""How often one case stands above another, counted under many columns of weights at once.

Legend: N cases, P positive ones, E events, R columns of weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmcore.base.survival_times import events

_AT_ONCE = 256  # events compared with all cases at a time


class Ranking:
    """Cases of one class against the rest, by falling score: what AUROC and average precision are counted from.

    Each of the P positive cases stands in a block of equal scores. weight, passed_before, passed_until, hits_before,
    hits_until: [P, R] weight of the case itself, of all cases above the block and up to its end, and of the positive
    ones among these. positives, negatives: [R]. defined: [R] bool.
    """

    def __init__(self, positive: np.ndarray, score: np.ndarray, weights: np.ndarray) -> None:
        order = np.argsort(-score, kind="stable")
        falling, positive, ordered = -score[order], positive[order], weights[order]
        passed, hits = _running(ordered), _running(ordered[positive])
        before = np.searchsorted(falling, falling[positive], "left")
        until = np.searchsorted(falling, falling[positive], "right")
        count = np.concatenate([[0], np.cumsum(positive)])
        self.weight = ordered[positive]
        self.passed_before, self.passed_until = passed[before], passed[until]
        self.hits_before, self.hits_until = hits[count[before]], hits[count[until]]
        self.positives, self.negatives = hits[-1].astype(float), (passed[-1] - hits[-1]).astype(float)
        self.defined = (self.positives > 0) & (self.negatives > 0)


@dataclass(frozen=True, eq=False)
class Pairs:
    """What each event is compared with: later cases.

    event: [E] its row. right, pairs: [E, R] weight of the later cases that were given less risk (ties half), and of all
    later ones.
    """

    event: np.ndarray
    right: np.ndarray
    pairs: np.ndarray


def pairs_of(target: np.ndarray, risk: np.ndarray, weights: np.ndarray) -> Pairs:
    """target: [N] signed times; risk: [N]; weights: [N, R]. A case censored at the time of an event counts as later."""
    times, seen = np.abs(target), events(target)
    rows = np.flatnonzero(seen)
    counted = weights.astype(np.float32)
    right, pairs = np.empty((2, len(rows), weights.shape[1]))
    for start in range(0, len(rows), _AT_ONCE):
        own = rows[start : start + _AT_ONCE]
        later = (times[None] > times[own, None]) | ((times[None] == times[own, None]) & ~seen[None])
        above = (risk[own, None] > risk[None]) + 0.5 * (risk[own, None] == risk[None])
        right[start : start + len(own)] = (later * above).astype(np.float32) @ counted
        pairs[start : start + len(own)] = later.astype(np.float32) @ counted
    return Pairs(rows, right, pairs)


def _running(rows: np.ndarray) -> np.ndarray:
    """Cumulative sum down the rows, with a leading zero: [n, R] -> [n + 1, R]."""
    total = np.zeros((len(rows) + 1, rows.shape[1]), rows.dtype)
    np.cumsum(rows, axis=0, out=total[1:])
    return total
