"""The mean of a number a case, with its interval; cases of a group (patient, site) stand or fall together.

Legend: N cases, T numbers a case.
"""

from __future__ import annotations

import numpy as np

from mmcore.evaluation.interval_scales import critical
from mmcore.evaluation.intervals import LEAST_UNITS
from mmcore.evaluation.jackknife import members


def mean_interval(each: np.ndarray, groups: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean over cases [N, T] with its 95% t interval, [T] each: of groups [N] by their sums, with that many degrees of
    freedom. NaN without cases; low and high are NaN where groups are too few to tell."""
    if not len(each):
        nothing = np.full(each.shape[1], np.nan)
        return nothing, nothing, nothing
    value = each.mean(0)
    member, units, _grouped = members(len(each), groups)
    if units < LEAST_UNITS:
        return value, np.full_like(value, np.nan), np.full_like(value, np.nan)
    summed = np.zeros((units, each.shape[1]))
    np.add.at(summed, member, each - value)
    half = critical(units - 1) * np.sqrt((summed**2).sum(0) * units / (units - 1)) / len(each)
    return value, value - half, value + half
