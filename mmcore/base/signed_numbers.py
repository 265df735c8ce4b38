"""Differences as text, with their sign."""

from __future__ import annotations

import math

_NONE = "–"


def signed(value: float | None, digits: int = 3) -> str:
    """+0.031, or −0.014 with a true minus, and no sign before 0.000; a dash where there is no finite number.

    digits: after the point.
    """
    if value is None or not math.isfinite(value):
        return _NONE
    text = f"{value:+.{digits}f}"
    return text.replace("-", "−") if float(text) else text[1:]
