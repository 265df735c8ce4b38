"""What is settled on cases left out: how models are blended, where a case is marked, and when it is left unmarked.

The mean Dice decides, over cases with the finding and without: nothing marked where there is nothing scores 1,
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
    """What does well on k cases that the models had not seen. logits: [M, k, G]; covered: [k, G].

    Choices that do about equally well are averaged, each with the weight exp(k (dice - best dice)): first the shares,
    each with the threshold and the least that suit it, then these two for the shares found. The best of thousands of
    choices is a matter of luck where many are alike, and rounding then decides what is marked. Where none of the cases
    has the finding, the first model alone and 0.5.
    """
    models = len(logits)
    if not covered.any():
        return Settled((1.0, *[0.0] * (models - 1)), 0.5, 0.0)
    tried = np.array(_shares(models))
    reached = [_dice_of_choices(_blend(logits, tuple(shares)), covered)[0].max() for shares in tried]
    shares = tuple((_weights(np.array(reached), len(covered)) @ tried).tolist())
    dice, leasts = _dice_of_choices(_blend(logits, shares), covered)
    weights = _weights(dice, len(covered))
    least = float(weights.sum(0) @ leasts) if not covered.any(1).all() else 0.0  # else nothing tells of an empty case
    return Settled(shares, float(weights.sum(1) @ _THRESHOLDS), least)


def _dice_of_choices(probabilities: np.ndarray, covered: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean Dice with each threshold and each least, and what is tried as the least."""
    nothing_there, peaks = (covered.sum(1) == 0).astype(float), probabilities.max(1)
    leasts = np.concatenate([[0.0], np.quantile(peaks, _PEAKS)])
    unmarked = peaks < leasts[:, None]
    dice = [cell_dice(probabilities > threshold, covered) for threshold in _THRESHOLDS]
    return np.stack([np.where(unmarked, nothing_there, own).mean(1) for own in dice]), leasts


def _weights(dice: np.ndarray, cases: int) -> np.ndarray:
    """Of choices, by their mean Dice over so many cases; 1 in all."""
    weights: np.ndarray = np.exp(cases * (dice - dice.max()))
    return weights / weights.sum()


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
