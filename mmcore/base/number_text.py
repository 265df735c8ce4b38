"""Measurements as text: as many digits as tell something, and no exponent where a person would write none."""

from __future__ import annotations

import math
from numbers import Real

import numpy as np

_WHOLE = 1e15  # from which not every whole number is held exactly
_MISSING = "–"
_MOST_DIGITS = 6  # after the point


def number_text(value: float, digits: int = 4, *, signed: bool = False) -> str:
    """41.27, 0.01234 or 263358: so many digits, but the whole part always whole.

    signed: with a + before what is above 0, for differences.
    """
    sign = "+" if signed else ""
    if 10 ** (digits - 1) <= abs(value) < _WHOLE:
        return f"{value:{sign}.0f}"
    return f"{value:{sign}.{digits}g}"


def cell_text(value: object, missing: str = _MISSING, digits: int = 4) -> str:
    """A cell of a table as people write it; `missing` where it holds nothing."""
    if value is None or value != value:
        return missing
    return number_text(float(value), digits) if isinstance(value, Real) and not isinstance(value, bool) else str(value)


def percent(share: float) -> str:
    """48%; 99.8% or 0.2% where whole numbers would say all or none, and it is not so; a dash of no cases (NaN)."""
    if math.isnan(share):
        return _MISSING
    rounded = round(100 * share)
    return f"{share:.1%}" if rounded in (0, 100) and share not in (0, 1) else f"{share:.0%}"


def digits_after_point(values: np.ndarray, digits: int = 4) -> int:
    """Digits after the point for a column of numbers [N]: as many as they have, but no more than tell something of
    its usual size; 0 where there is no finite number."""
    sizes = np.abs(values[np.isfinite(values)])
    usual = float(np.median(sizes)) if len(sizes) else 0.0
    most = min(max(0, digits - 1 - math.floor(math.log10(usual))), _MOST_DIGITS) if usual else digits * bool(len(sizes))
    return next((n for n in range(most) if (sizes == sizes.round(n)).all()), most)
