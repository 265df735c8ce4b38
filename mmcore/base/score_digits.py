"""How many digits of a score are written: of a share three after the point, of what has a unit three in all."""

from __future__ import annotations

import math

AFTER_POINT = 3  # of shares and probabilities
_NONE = "–"


def digits_of(size: float) -> int:
    """Digits after the point of numbers about as large as `size`: three digits in all where that is above 1, as 57.1
    mmHg or 9.28 days; up to 1, where shares lie, AFTER_POINT after the point."""
    size = abs(size)
    if not math.isfinite(size) or size <= 1:
        return AFTER_POINT
    return max(0, AFTER_POINT - 1 - math.floor(math.log10(size)))


def effect_digits(size: float) -> int:
    """Those of what a place adds to an answer, which is less exact than a score: two at most."""
    return min(2, digits_of(size))


def written(value: float | None, size: float | None = None) -> str:
    """A score as text, with the digits of numbers about as large as `size` (of its own, by default); a dash where
    there is no finite number, a true minus below 0."""
    if value is None or not math.isfinite(value):
        return _NONE
    text = f"{value:.{digits_of(value if size is None else size)}f}"
    return text.replace("-", "−") if float(text) else text.removeprefix("-")


def with_ends(mean: float, low: float, high: float) -> str:
    """0.873 [0.841, 0.902], or 57.1 [52.3, 62.4]; the mean alone where there is no interval."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return written(mean)
    return f"{written(mean)} [{written(low, mean)}, {written(high, mean)}]"
