"""Numbers as text: a value, an interval, a difference."""

from __future__ import annotations

import math

from mmcore.base.settings import _
from mmcore.base.signed_numbers import signed
from mmcore.evaluation import Difference, Interval


def number(value: float | None, digits: int = 3) -> str:
    """0.873; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:.{digits}f}" if abs(value) < 1000 else f"{value:.4g}"


def interval(value: Interval) -> str:
    """0.873 [0.841, 0.902]; the mean alone where there is no interval."""
    if not math.isfinite(value.low):
        return number(value.mean)
    return f"{number(value.mean)} [{number(value.low)}, {number(value.high)}]"


def in_words(value: Difference) -> str:
    """+0.031, with 95% confidence between +0.008 and +0.055; the difference alone where there is no interval, and that
    it is unknown where there is none."""
    if not math.isfinite(value.difference):
        return _("unknown")
    gap = signed(value.difference)
    if not (math.isfinite(value.low) and math.isfinite(value.high)):
        return gap
    return _("{gap}, with 95% confidence between {low} and {high}").format(
        gap=gap, low=signed(value.low), high=signed(value.high)
    )


def difference(value: Difference | None) -> str:
    """+0.031 [+0.008, +0.055]; the difference alone where there is no interval."""
    if value is None:
        return ""
    if not (math.isfinite(value.low) and math.isfinite(value.high)):
        return signed(value.difference)
    return f"{signed(value.difference)} [{signed(value.low)}, {signed(value.high)}]"
