"""What is settled on cases left out: how models are blended, where a case is marked, and when it is left unmarked.

The best mean Dice decides, over cases with the finding and without: nothing marked where there is nothing scores 1,
anything marked there 0. A case is left unmarked where even its most probable cell is less probable than `least`, so
that an outline need not shrink for the sake of cases without the finding. Legend: M models, k cases, G cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

NOTHING = 1.0  # the threshold of a case that is left unmarked: no probability lies above it
_THRESHOLDS = np.linspace(0.1, 0.9, 17)
_STEPS = 4  # shares are multiples of 1 / _STEPS
_PEAKS = np.linspace(0.05, 0.95, 19)  # quantiles of the peaks of cases left out, tried as the least


@dataclass(frozen=True)
class Settled:
    """shares: M, of the models' logits in the answer. threshold: of a cell. least: of the most probable cell."""

    shares: tuple[float, ...]
    threshold: float
    least: float

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        """Of the cells, [k, G], from logits [M, k, G]."""
        return _blend(logits, self.shares)

    def thresholds(self, probabilities: np.ndarray) -> np.ndarray:
        """[k] from which the cells of each case [k, G] are marked; `NOTHING` where none is to be."""
        return np.where(probabilities.max(1) < self.least, NOTHING, self.threshold)


def settled(logits: np.ndarray, covered: np.ndarray) -> Settled:
    """What does best on k cases that the models had not seen. logits: [M, k, G]; covered: [k, G].

    Of equals, the largest share of the first model and the lowest `least`. Where none of the cases has the finding, the
    first model alone and 0.5.
    """
    models = len(logits)
    if not covered.any():
        return Settled((1.0, *[0.0] * (models - 1)), 0.5, 0.0)
    best, best_rank = Settled((1.0, *[0.0] * (models - 1)), 0.5, 0.0), (-1.0, 0.0, 0.0)
    nothing_there = (covered.sum(1) == 0).astype(float)
    for shares in _shares(models):
        probabilities = _blend(logits, shares)
        peaks = probabilities.max(1)
        leasts = np.concatenate([[0.0], np.quantile(peaks, _PEAKS)])
        for threshold in _THRESHOLDS:
            dice = cell_dice(probabilities > threshold, covered)
            means = np.where(peaks < leasts[:, None], nothing_there, dice).mean(1).round(6)
            at = int(means.argmax())
            rank = (float(means[at]), shares[0], -float(leasts[at]))
            if rank > best_rank:
                best, best_rank = Settled(shares, float(threshold), float(leasts[at])), rank
    return best


def cell_dice(marked: np.ndarray, covered: np.ndarray) -> np.ndarray:
    """[k] Dice of marked cells [k, G] against covered ones; 1 where there is nothing and nothing is marked."""
    both, whole = (marked * covered).sum(1), marked.sum(1) + covered.sum(1)
    return np.where(whole > 0, 2 * both / np.maximum(whole, 1e-9), 1.0)


def _shares(models: int) -> list[tuple[float, ...]]:
    """All shares of the models that make a whole."""
    parts = product(range(_STEPS, -1, -1), repeat=models)
    return [tuple(part / _STEPS for part in own) for own in parts if sum(own) == _STEPS]


def _blend(logits: np.ndarray, shares: tuple[float, ...]) -> np.ndarray:
    whole = np.tensordot(np.array(shares, logits.dtype), logits, 1)
    probabilities: np.ndarray = 1 / (1 + np.exp(-np.clip(whole, -30, 30)))
    return probabilities
