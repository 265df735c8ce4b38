"""Intervals on the scale that suits a metric. Everything broadcasts: many simulated cohorts are as good as one.

Areas under a curve, shares, averages of shares, errors: each is put to the scale on which its estimates scatter about
evenly, so that an interval neither leaves the range of the metric nor shrinks to nothing near its end. t: half width in
standard errors. Returned: low and high.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, stdtrit

CONFIDENCE = 0.95
_TRUST = 2.0  # cases of the rarer class from which the variance that is seen outweighs the one to be expected
_STEPS = 40  # halvings of the range of an area
_FARTHEST = 20.0  # logarithm of what an error is multiplied with at most
_EDGE = 0.1  # how much a share near 0 or 1 is mixed with what cannot be seen, where cases go together in groups

Bounds = tuple[np.ndarray, np.ndarray]


def critical(freedom: ArrayLike) -> np.ndarray:
    """Half width of a 95% interval in standard errors; 1.96 for endless freedom."""
    return stdtrit(np.minimum(np.asarray(freedom, float), 1e8), 0.5 + CONFIDENCE / 2)


def area(
    value: ArrayLike, variance: ArrayLike, rarer: ArrayLike, others: ArrayLike, t: ArrayLike, least: ArrayLike = 0.0
) -> Bounds:
    """The AUROCs that a test does not reject (Newcombe 2006, his method 5), with the variance of the data.

    The expected variance (Hanley and McNeil 1982, counts evened out) says how variance changes along the scale; its
    level is the mean of itself and of the variance that is seen (DeLong's, from the jackknife), which few cases hardly
    tell. rarer, others: number of cases of the rarer class and of the others. least: a level never gone below.
    """
    value, rarer, others = np.asarray(value, float), np.asarray(rarer, float), np.asarray(others, float)
    pairs, half = rarer * others, (rarer + others) / 2 - 1

    def expected(at: np.ndarray) -> np.ndarray:
        return at * (1 - at) * (1 + half * ((1 - at) / (2 - at) + at / (1 + at))) / pairs

    inside = (value * pairs + 0.5) / (pairs + 1)
    share = 1 / (1 + np.sqrt(np.minimum(rarer, others) / _TRUST))
    level = np.maximum((1 - share) * variance + share * expected(inside), least) / expected(inside)
    reach = np.asarray(t) ** 2 * level

    def boundary(end: float) -> np.ndarray:
        near, away = value + 0 * reach, np.full(np.broadcast(value, reach).shape, end)
        for _step in range(_STEPS):
            middle = (near + away) / 2
            rejected = (value - middle) ** 2 > reach * expected(middle)
            near, away = np.where(rejected, near, middle), np.where(rejected, middle, away)
        return near

    return boundary(0.0), boundary(1.0)


def precision_area(value: ArrayLike, variance: ArrayLike, positives: ArrayLike, t: ArrayLike) -> Bounds:
    """Of an average precision: on the logit scale (Boyd et al. 2013), with the variance of one positive case more."""
    value, positives = np.asarray(value, float), np.asarray(positives, float)
    inside = np.minimum(value, 1 - 0.25 / positives)
    level = (positives * variance + inside * (1 - inside) / positives) / (positives + 1)
    centre, half = np.log(inside / (1 - inside)), t * np.sqrt(level) / (inside * (1 - inside))
    return expit(centre - half), np.where(value >= 1, 1.0, expit(centre + half))


def share(value: ArrayLike, number: ArrayLike, t: ArrayLike) -> Bounds:
    """Of a share of `number` independent cases (Wilson 1927)."""
    value, number, t = np.asarray(value, float), np.asarray(number, float), np.asarray(t, float)
    centre = (value + t**2 / (2 * number)) / (1 + t**2 / number)
    half = t / (1 + t**2 / number) * np.sqrt(value * (1 - value) / number + t**2 / (4 * number**2))
    return np.maximum(centre - half, 0), np.minimum(centre + half, 1)


def independent_cases(value: ArrayLike, variance: ArrayLike, count: ArrayLike) -> np.ndarray:
    """Of how many independent cases a share would have this variance.

    Near 0 and 1 that variance is hardly seen, so it is mixed with what `count` cases would have.
    """
    value, count = np.asarray(value, float), np.asarray(count, float)
    edge = _EDGE / (count + 2)
    return (value * (1 - value) + edge) / (variance + edge / count)


def average(values: np.ndarray, low: np.ndarray, high: np.ndarray, correlation: np.ndarray | None = None) -> Bounds:
    """Of the mean over the first dimension [K, ...], from the interval of each part (Zou and Donner 2008).

    correlation: [K, K] of the parts; none by default.
    """
    correlations = np.eye(len(values)) if correlation is None else correlation
    below, above = values - low, high - values

    def length(parts: np.ndarray) -> np.ndarray:
        return np.sqrt(np.maximum(np.einsum("k...,kl,l...->...", parts, correlations, parts), 0)) / len(values)

    middle = values.mean(0)
    return middle - length(below), middle + length(above)


def error(value: ArrayLike, variance: ArrayLike, t: ArrayLike) -> Bounds:
    """Of an error above 0, by its logarithm."""
    value = np.asarray(value, float)
    safe = np.where(value > 0, value, 1)
    stretch = np.exp(np.minimum(t * np.sqrt(variance) / safe, _FARTHEST))
    return value / stretch, value * stretch


def explained(value: ArrayLike, variance: ArrayLike, t: ArrayLike) -> Bounds:
    """Of 1 less a ratio of errors, by the logarithm of the ratio."""
    low, high = error(1 - np.asarray(value, float), variance, t)
    return 1 - high, 1 - low
