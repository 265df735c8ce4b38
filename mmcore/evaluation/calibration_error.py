"""The calibration error, as it would be without the noise of its bins, and what a perfect model would show.

The mean distance of bins is above 0 even where every probability is right, because each share that came true scatters:
by .13 on 60 cases. Kumar et al. (2019) take that bias off; here the error is found whose expected distance is the one
seen, with the errors of the bins in the proportion seen. Legend: N cases, B bins in use, E candidate errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

BINS = 10  # of predicted probability, equally wide
STEP = 0.001
DRAWS = 2000  # of a perfect model's bins
_Z = 2.05  # a little above 1.96: the proportions of the errors of the bins are estimated themselves


@dataclass(frozen=True)
class CalibrationCheck:
    """error: without the noise of the bins, with its 95% interval low to high: the errors that a test does not reject.

    distance: mean distance of the bins as it is seen. if_perfect: what a perfectly calibrated model would show on these
    cases, and if_perfect_high: in 19 of 20 such cohorts at most.
    """

    error: float
    low: float
    high: float
    distance: float
    if_perfect: float
    if_perfect_high: float


def calibration_check(target: np.ndarray, outputs: np.ndarray, member: np.ndarray | None = None) -> CalibrationCheck:
    """target: [N] class index; outputs: [N, K] probabilities; member: [N] number of the group of each case, if any."""
    stated, true, bin_of = confidence(target, outputs)
    used, bin_of, count = np.unique(bin_of, return_inverse=True, return_counts=True)
    gap = np.bincount(bin_of, true - stated) / count
    mean = np.bincount(bin_of, stated) / count
    within = np.bincount(bin_of, stated * (1 - stated)) / count  # variance of a case of a perfect model
    share, spread = count / count.sum(), _spread(true - stated - gap[bin_of], member)
    distance = float((share * np.abs(gap)).sum())
    errors = np.arange(0, 1 + STEP / 2, STEP)
    shape = gap / distance if distance > 0 else np.ones(len(used))
    rate = np.clip(mean + errors[:, None] * shape, 0, 1)  # [E, B] share that comes true
    shift = rate - mean
    case = np.maximum(within + shift * (1 - 2 * mean) - shift**2, 0)  # [E, B] variance of a case at that rate
    expected, scatter = _folded(shift, spread * case / count, share)
    uneven = (share * (np.abs(shift) - (share * np.abs(shift)).sum(1, keepdims=True)) ** 2).sum(1)
    scatter = np.sqrt(scatter**2 + spread * uneven / len(stated))  # which bins the cases fall into is chance, too
    right = float(np.interp(distance, np.maximum.accumulate(expected), errors)) if distance > expected[0] else 0.0
    certain = 1.0 if member is None else float(stats.t.ppf(0.975, max(len(np.unique(member)) - 1, 1))) / 1.96
    at_most = max(_perfect_at_most(count, mean, within, share) * spread**0.5, float(expected[0]))
    one_tail = (at_most - expected[0]) / scatter[0]
    low, high = _not_rejected(distance, expected, scatter * certain, errors, right, one_tail)
    return CalibrationCheck(right, low, high, distance, float(expected[0]), at_most)


def _perfect_at_most(count: np.ndarray, mean: np.ndarray, within: np.ndarray, share: np.ndarray) -> float:
    """The distance that 95% of perfect models keep within: their bins drawn, for few cases are far from normal."""
    drawn = np.random.default_rng(0).binomial(count, mean, (DRAWS, len(count))) / count - mean
    narrower = np.sqrt(within / np.maximum(mean * (1 - mean), 1e-12))  # probabilities differ within a bin
    return float(np.quantile(np.abs(drawn * narrower) @ share, 0.95))


def _not_rejected(
    distance: float, expected: np.ndarray, scatter: np.ndarray, errors: np.ndarray, right: float, one_tail: float
) -> tuple[float, float]:
    """The lowest and the highest of the errors [E] that a test does not reject, their distances being expected [E] with
    this standard deviation [E]. one_tail: standard deviations that 95% keep below.

    An error so small that not even the most even of cohorts would rule it out can be missed on one side only, which
    then has both tails: 0 always can.
    """

    def bounds(distance: float, z: float) -> tuple[float, float]:
        open_to = errors[(distance >= expected - _Z * scatter) & (distance <= expected + z * scatter)]
        return (float(open_to.min()), float(open_to.max())) if len(open_to) else (right, right)

    low, high = bounds(distance, _Z)
    certain = bounds(max(float(expected[0] - _Z * scatter[0]), 0.0), _Z)[1]  # within reach of every cohort
    if distance <= expected[0] + one_tail * scatter[0]:
        lowest = 0.0
    else:
        lowest = max(float(np.clip(certain, low, max(bounds(distance, one_tail)[0], low))), STEP)
    return lowest, max(high, right, certain, lowest)


def confidence(target: np.ndarray, outputs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What calibration compares: stated probability [N], whether it came true [N] float, and its bin [N] int."""
    if outputs.shape[1] == 2:
        stated, true = outputs[:, 1], (target == 1).astype(float)
    else:
        stated, true = outputs.max(1), (outputs.argmax(1) == target).astype(float)
    return stated, true, np.clip((stated * BINS).astype(int), 0, BINS - 1)


def _folded(mean: np.ndarray, variance: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of the distance, [E] each, when gaps are normal about mean [E, B]."""
    sd = np.sqrt(np.maximum(variance, 1e-12))
    ratio = mean / sd
    size = sd * np.sqrt(2 / np.pi) * np.exp(-(ratio**2) / 2) + mean * (1 - 2 * stats.norm.cdf(-ratio))
    square = np.maximum(mean**2 + sd**2 - size**2, 0)
    return size @ share, np.sqrt(square @ share**2)


def _spread(residual: np.ndarray, member: np.ndarray | None) -> float:
    """How much more than single cases the residuals [N] scatter because those of a group go together; at least 1."""
    if member is None:
        return 1.0
    together = np.bincount(member, residual)
    groups = len(together)
    return max(float((together**2).sum() / max((residual**2).sum(), 1e-12)) * groups / max(groups - 1, 1), 1.0)
