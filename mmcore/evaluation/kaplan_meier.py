"""Share of cases without the event over time, from cases of which some were followed for a while only.

Legend: n cases, k times of events, R columns of weights, T times asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmcore.base.survival_times import events, followed

_CRITICAL = 1.959964


@dataclass(frozen=True, eq=False)
class KaplanMeier:
    """times: [k] of events, rising, the first 0. free, low, high: [k] share without the event from each on, with its
    pointwise 95% interval. at_risk: [k] cases still followed just before."""

    times: np.ndarray
    free: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_risk: np.ndarray

    def at(self, times: np.ndarray) -> np.ndarray:
        """[T] share without the event by these times."""
        shares: np.ndarray = self.free[np.searchsorted(self.times, np.asarray(times, float), "right") - 1]
        return shares


def kaplan_meier(target: np.ndarray) -> KaplanMeier:
    """Of signed times [n] (Kaplan and Meier 1958); interval by the complementary log-log of Greenwood's variance.

    Cases are taken as independent; of groups the interval is too narrow.
    """
    target = np.asarray(target, float)[followed(target)]
    times, seen = np.abs(target), events(target)
    moments, counts = np.unique(times[seen], return_counts=True)
    at_risk = (times[None, :] >= moments[:, None]).sum(1)
    free = np.cumprod(1 - counts / np.maximum(at_risk, 1))
    left = np.maximum(at_risk - counts, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(np.where(left > 0, counts / (at_risk * np.maximum(left, 1)), 0))
        log = np.log(np.clip(free, 1e-12, 1 - 1e-12))
        half = _CRITICAL * np.sqrt(variance) / np.abs(log)
        low, high = free ** np.exp(half), free ** np.exp(-half)
    inside = (free > 0) & (free < 1)
    low, high = np.where(inside, low, free), np.where(inside, high, free)
    starts = (0.0, 1.0, 1.0, 1.0, float(len(target)))
    columns = (moments, free, low, high, at_risk)
    return KaplanMeier(*(np.append(start, own) for start, own in zip(starts, columns, strict=True)))


def still_followed(target: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """G, the share not yet censored: [n, R] just before each case's own time, and [n, R] from it on.

    target: [n] signed times, all known. weights: [n, R]. Of cases with the same time events come first.
    """
    return _left(np.abs(target), ~events(target), weights, after_others=True)


def still_free(target: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """[n, R] the share without the event from each case's own time on, as `still_followed` has them: who is censored at
    the time of an event is still at risk of it."""
    return _left(np.abs(target), events(target), weights, after_others=False)[1]


def _left(
    times: np.ndarray, leaves: np.ndarray, weights: np.ndarray, *, after_others: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Share of what leaves [n] bool that is still there just before and from each case's own time on, [n, R] each.

    after_others: whether, of cases with the same time, those that leave come after the others.
    """
    order = np.lexsort((leaves == after_others, times))
    weighed = weights[order].astype(float)
    at_risk = np.cumsum(weighed[::-1], 0)[::-1]
    lost = np.where(leaves[order, None], weighed, 0.0)
    share = np.cumprod(1 - np.where(at_risk > 0, lost / np.where(at_risk > 0, at_risk, 1), 0), 0)
    steps = np.concatenate([np.ones((1, weights.shape[1])), share])
    ordered = times[order]
    first, last = (np.searchsorted(ordered, times, side) for side in ("left", "right"))
    return steps[first], steps[last]
