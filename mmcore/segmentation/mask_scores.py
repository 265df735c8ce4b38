"""How well marked pixels meet a finding: Dice, pointing, and how often nothing is marked where there is nothing.

Dice and pointing are of cases with the finding alone; of the others it is told in how many nothing is marked. Dice over
all cases counts these as 1 and 0. Legend: n
cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from mmcore.evaluation import interval_scales
from mmcore.evaluation.intervals import LEAST_UNITS, Caution, Difference, difference_variance
from mmcore.evaluation.jackknife import LeftOut, members
from mmcore.segmentation.grid_cells import on_image


@dataclass(frozen=True)
class MeanScore:
    """A mean over `cases` cases with its 95% interval; low and high are NaN where there are too few."""

    mean: float
    low: float
    high: float
    cases: int

    def document(self) -> dict[str, float]:
        return asdict(self)


@dataclass(frozen=True, eq=False)
class MaskScores:
    """dice: [n] 2 |A and B| / (|A| + |B|) of the pixels of each case. pointing: [n] 1 where the most probable pixel
    lies within the finding (the pointing game, Zhang et al. 2018, IJCV 126), else 0. Both NaN without the finding.
    clean: [n] 1 where nothing is marked, NaN with the finding."""

    dice: np.ndarray
    pointing: np.ndarray
    clean: np.ndarray

    @property
    def overall(self) -> np.ndarray:
        """[n] Dice of every case: without the finding 1 where nothing is marked, else 0."""
        return np.where(np.isnan(self.dice), self.clean, self.dice)


def scores_of(probabilities: np.ndarray, thresholds: np.ndarray, masks: Sequence[np.ndarray]) -> MaskScores:
    """probabilities: [n, G] of the cells of a grid. thresholds: [n] from which each case is marked. masks: n [H, W]."""
    dice, pointing, clean = (np.full(len(masks), np.nan) for _score in range(3))
    for case, mask in enumerate(masks):
        shown = on_image(probabilities[case], (mask.shape[0], mask.shape[1]))
        marked = shown > thresholds[case]
        if mask.any():
            dice[case] = pixel_dice(marked, mask)
            pointing[case] = mask.flat[int(shown.argmax())]
        else:
            clean[case] = not marked.any()
    return MaskScores(dice, pointing, clean)


def pixel_dice(marked: np.ndarray, mask: np.ndarray) -> float:
    """2 |A and B| / (|A| + |B|); 1 of nothing and nothing."""
    whole = int(marked.sum()) + int(mask.sum())
    return 2 * float((marked & mask).sum()) / whole if whole else 1.0


def mean_of(values: np.ndarray, groups: np.ndarray | None) -> MeanScore:
    """Mean of the values [n] that are not NaN, with an interval over cases, or whole groups, left out in turn.

    It lies between 0 and 1 and does not shrink to nothing near its ends. It holds for these very models.
    """
    there = np.isfinite(values)
    if not there.any():
        return MeanScore(float("nan"), float("nan"), float("nan"), 0)
    score = _left_out(values[there], None if groups is None else groups[there])
    count, mean = int(there.sum()), float(score.value[0])
    if score.units < LEAST_UNITS:
        return MeanScore(mean, float("nan"), float("nan"), count)
    independent = interval_scales.independent_cases(score.value, score.variance, np.array([score.count]))
    low, high = interval_scales.share(score.value, independent, interval_scales.critical(score.freedom))
    return MeanScore(mean, float(low[0]), float(high[0]), count)


def compared(
    metric: str, values: np.ndarray, baseline: np.ndarray, groups: np.ndarray | None, folds: int
) -> Difference:
    """Mean of values [n] less that of a baseline over the cases that have both, with a paired interval.

    It allows for training on other cases, as those between methods do.
    """
    gap = values - baseline
    there = np.isfinite(gap)
    nan = float("nan")
    if not there.any():
        return Difference(metric, nan, nan, nan, note=Caution.UNDEFINED)
    score = _left_out(gap[there], None if groups is None else groups[there])
    mean = float(score.value[0])
    if score.units < LEAST_UNITS:
        return Difference(metric, mean, nan, nan, note=Caution.FEW_GROUPS if score.grouped else Caution.FEW_CASES)
    half = float(interval_scales.critical(score.freedom)[0] * np.sqrt(difference_variance(score, folds)[0]))
    return Difference(metric, mean, mean - half, mean + half)


def _left_out(values: np.ndarray, groups: np.ndarray | None) -> LeftOut:
    """Their mean, and without each unit in turn."""
    member, units, grouped = members(len(values), groups)
    sums = np.bincount(member, weights=values, minlength=units)
    counts = np.bincount(member, minlength=units)
    without = (values.sum() - sums) / np.maximum(len(values) - counts, 1)
    return LeftOut(np.array([values.mean()]), without[None], grouped, float("inf"), float(len(values)), len(values))
