"""Numbers as text: a value, an interval, a difference."""

from __future__ import annotations

import math

from mmcore.base.score_digits import with_ends, written
from mmcore.base.settings import _
from mmcore.base.signed_numbers import signed
from mmcore.evaluation import Difference, Interval, gap_digits


def number(value: float | None, digits: int | None = None) -> str:
    """0.873, or 57.1; a dash where there is none. digits: after the point, instead of what suits its size."""
    if value is None or digits is None or not math.isfinite(value):
        return written(value)
    return f"{value:.{digits if abs(value) < 1000 else 0}f}"


def interval(value: Interval) -> str:
    """0.873 [0.841, 0.902]; the mean alone where there is no interval."""
    return with_ends(value.mean, value.low, value.high)


def in_words(value: Difference) -> str:
    """+0.031 (95% interval +0.008 to +0.055); the difference alone where there is no interval, and that it is unknown
    where there is none."""
    if not math.isfinite(value.difference):
        return _("unknown")
    gap, low, high = _ends(value)
    if not (math.isfinite(value.low) and math.isfinite(value.high)):
        return gap
    return _("{gap} (95% interval {low} to {high})").format(gap=gap, low=low, high=high)


def difference(value: Difference | None) -> str:
    """+0.031 [+0.008, +0.055]; the difference alone where there is no interval."""
    if value is None:
        return ""
    gap, low, high = _ends(value)
    return f"{gap} [{low}, {high}]" if math.isfinite(value.low) and math.isfinite(value.high) else gap


def _ends(value: Difference) -> list[str]:
    """The difference and the ends of its interval, with as many digits as suit the metric."""
    ends = (value.difference, value.low, value.high)
    digits = gap_digits(value.metric, *ends)
    return [signed(end, digits) for end in ends]
