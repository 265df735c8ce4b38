"""Intervals on the scale that suits a metric. Everything broadcasts: many simulated cohorts are as good as one.

Areas under a curve, shares, averages of shares, errors: each is put to the scale on which its estimates scatter about
evenly, so that an interval neither leaves the range of the metric nor shrinks to nothing near its end. t: half width in
standard errors. Returned: low and high.

So near an end of a scale that not even the most extreme result would rule a value out, only the other side can miss it:
there one tail has all of the 5%, else the interval would hold in 97.5% (areas, and shares that need some hits).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, expit, ndtr, ndtri, stdtrit

from mmcore.evaluation import few_hits

CONFIDENCE = 0.95
_TRUST = 2.0  # cases of the rarer class from which the variance that is seen outweighs the one to be expected
_STEPS = 40  # halvings of the range of an area
_FARTHEST = 20.0  # logarithm of what an error is multiplied with at most
_ONE_TAIL = float(ndtri(0.95) / ndtri(0.975))  # half width that one tail of 5% leaves, against two of 2.5%
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

    def boundary(start: ArrayLike, end: float, level: np.ndarray, tails: float = 1.0) -> np.ndarray:
        reach = (np.asarray(t) * tails) ** 2 * level
        near, away = start + 0 * reach, np.full(np.broadcast(value, reach).shape, end)
        for _step in range(_STEPS):
            middle = (near + away) / 2
            rejected = (start - middle) ** 2 > reach * expected(middle)
            near, away = np.where(rejected, near, middle), np.where(rejected, middle, away)
        return near

    perfect = boundary(1.0, 0.0, share)  # what the interval of a perfect score begins with
    high = np.clip(perfect, boundary(value, 1.0, level, _ONE_TAIL), boundary(value, 1.0, level))
    return boundary(value, 0.0, level), high


def precision_area(value: ArrayLike, variance: ArrayLike, positives: ArrayLike, t: ArrayLike) -> Bounds:
    """Of an average precision: on the logit scale (Boyd et al. 2013), with the variance of one positive case more."""
    value, positives = np.asarray(value, float), np.asarray(positives, float)
    inside = np.minimum(value, 1 - 0.25 / positives)
    level = (positives * variance + inside * (1 - inside) / positives) / (positives + 1)
    centre, half = np.log(inside / (1 - inside)), t * np.sqrt(level) / (inside * (1 - inside))
    return expit(centre - half), np.where(value >= 1, 1.0, expit(centre + half))


def share(
    value: ArrayLike, number: ArrayLike, t: ArrayLike, needed: ArrayLike = 0.0, *, counted: bool = False
) -> Bounds:
    """Of a share of `number` independent cases (Wilson 1927).

    needed: hits without which it would have no interval: what has one then looks better than it is (`_if_enough_hits`).
    counted: whether number and hits are whole, single cases counted; where few of them decide, see `few_hits`.
    """
    value, number, t = np.asarray(value, float), np.asarray(number, float), np.asarray(t, float)
    needed = np.asarray(needed, float)
    if bool((needed > 0).any()):
        conditional, plain = _if_enough_hits(value, number, t, needed), share(value, number, t, counted=counted)
        return np.where(needed > 0, conditional[0], plain[0]), np.where(needed > 0, conditional[1], plain[1])
    low, high = _wilson(value, number, t)
    return few_hits.put(value, number, t, (low, high)) if counted else (low, high)


def _wilson(value: np.ndarray, number: np.ndarray, t: np.ndarray) -> Bounds:
    centre = (value + t**2 / (2 * number)) / (1 + t**2 / number)
    half = t / (1 + t**2 / number) * np.sqrt(value * (1 - value) / number + t**2 / (4 * number**2))
    return np.maximum(centre - half, 0), np.minimum(centre + half, 1)


def _if_enough_hits(value: np.ndarray, number: np.ndarray, t: np.ndarray, needed: np.ndarray) -> Bounds:
    """The shares that a test does not reject, among binomial draws of at least `needed` hits (mid-P).

    Leaving out what has few hits leaves the lucky ones: an interval that forgets it holds too seldom.
    """
    hits, tail = value * number, ndtr(-t)

    def above(hits: np.ndarray, at: np.ndarray) -> np.ndarray:
        """How likely more hits than these are, half of as many counted in, given that there are enough."""
        likely = (_at_least(hits, number, at) + _at_least(hits + 1, number, at)) / 2
        return likely / np.maximum(_at_least(needed, number, at), 1e-300)

    def boundary(level: np.ndarray, hits: np.ndarray) -> np.ndarray:
        shape = np.broadcast(value, number, t, needed).shape
        low, high = np.full(shape, 1e-6), np.ones(shape)
        for _step in range(_STEPS):
            middle = (low + high) / 2
            short = above(hits, middle) < level
            low, high = np.where(short, middle, low), np.where(short, high, middle)
        return np.where(low <= 1e-6, 0.0, (low + high) / 2)

    lowest = boundary(1 - tail, needed)  # what the interval of just enough hits ends with
    highest = boundary(tail, number)  # and what that of nothing but hits begins with
    low = np.clip(lowest, boundary(tail, hits), boundary(2 * tail, hits))
    return low, np.clip(highest, boundary(1 - 2 * tail, hits), boundary(1 - tail, hits))


def _at_least(hits: np.ndarray, number: np.ndarray, share: np.ndarray) -> np.ndarray:
    """How likely so many hits are, or more, of `number` cases; between whole numbers too."""
    inside = betainc(np.maximum(hits, 1e-9), np.maximum(number - hits + 1, 1e-9), share)
    return np.where(hits <= 0, 1.0, np.where(hits > number + 1e-9, 0.0, inside))


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


def error_of_groups(value: ArrayLike, variance: ArrayLike, t: ArrayLike) -> Bounds:
    """Of an error above 0 of cases that go together, by the inverse of its root: a few groups on which a model fails
    make its errors more skewed than a logarithm evens out, upwards."""
    value = np.asarray(value, float)
    half = t * np.sqrt(variance) / np.where(value > 0, value, 1) / 2
    return value / (1 + half) ** 2, value / np.maximum(1 - half, np.exp(-_FARTHEST / 2)) ** 2


def explained(value: ArrayLike, variance: ArrayLike, t: ArrayLike) -> Bounds:
    """Of 1 less a ratio of errors, by the logarithm of the ratio."""
    low, high = error(1 - np.asarray(value, float), variance, t)
    return 1 - high, 1 - low
