"""Intervals of shares that few cases decide: the shares under which what was seen is not among the unlikely results.

By the order of their probability (Sterne 1954), the result that was seen and equals of it counted half (mid-P). Near 0
and 1, where hits are whole numbers and one side can hardly be missed, it holds in 95% on average and seldom below 93;
Wilson's interval, which does as well of many hits, holds in up to 98 there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy.special import betaincinv, gammaln, ndtr, xlog1py, xlogy

FEW = 15  # hits, or misses, up to which it is worth the work
_OUTCOMES = 150  # hits beyond which none are to be expected where so few were seen
_RATES, _STEPS = 600, 30
_BEYOND = 0.05  # share of a tail that no limit lies outside of
_EQUAL = 1e-9


def put(
    value: np.ndarray, number: np.ndarray, t: np.ndarray, bounds: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """The bounds of shares, with these limits in place of those that few hits or misses decide. All broadcast; t: half
    width in standard errors."""
    value, number, t, low, high = (np.array(part) for part in np.broadcast_arrays(value, number, t, *bounds))
    hits = np.rint(value * number)
    few = (np.minimum(hits, number - hits) <= FEW) & (number >= 1)
    rows = np.stack([hits[few], number[few], ndtr(-t[few])], 1)
    each, place = np.unique(rows, axis=0, return_inverse=True)
    put_in = np.array([limits(int(own), int(whole), float(tail)) for own, whole, tail in each]).reshape(-1, 2)
    low[few], high[few] = put_in[place.ravel()].T
    return low, high


@lru_cache(maxsize=8192)
def limits(hits: int, number: int, tail: float) -> tuple[float, float]:
    """Low and high of the share of `hits` of `number` cases; tail: what is left out on each side, .025 for 95%."""
    if 2 * hits > number:
        low, high = limits(number - hits, number, tail)
        return 1 - high, 1 - low
    likely = _likelihood(hits, number)
    start = float(betaincinv(hits, number - hits + 1, tail * _BEYOND)) if hits else 0.0
    end = float(betaincinv(hits + 1, number - hits, 1 - tail * _BEYOND))
    rates = np.linspace(start, end, _RATES)
    taken = np.flatnonzero(likely(rates) > 2 * tail)
    first, last = int(taken[0]), int(taken[-1])

    def edge(inside: int, outside: int) -> float:
        within, beyond = rates[inside], rates[outside]
        for _step in range(_STEPS):
            middle = (within + beyond) / 2
            accepted = bool(likely(np.array([middle]))[0] > 2 * tail)
            within, beyond = (middle, beyond) if accepted else (within, middle)
        return float(within)

    return edge(first, first - 1) if first else start, edge(last, last + 1) if last + 1 < _RATES else end


def _likelihood(hits: int, number: int) -> Callable[[np.ndarray], np.ndarray]:
    """How likely, under shares [R], a result is that is no likelier than these hits."""
    outcomes = np.arange(min(number, _OUTCOMES) + 1)
    ways = gammaln(number + 1) - gammaln(outcomes + 1) - gammaln(number - outcomes + 1)

    def likely(shares: np.ndarray) -> np.ndarray:
        each = np.exp(ways + xlogy(outcomes, shares[:, None]) + xlog1py(number - outcomes, -shares[:, None]))
        own = each[:, [hits]]
        counts = np.where(np.abs(each - own) <= _EQUAL * own, 0.5, each < own)
        return np.asarray((each * counts).sum(1))

    return likely
