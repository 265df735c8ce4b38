"""How many digits of a score are written: of a share three after the point, of what has a unit three in all."""

from __future__ import annotations

import math

AFTER_POINT = 3  # of shares and probabilities
_NONE = "–"


def digits_of(size: float, telling: int = AFTER_POINT) -> int:
    """Digits after the point of numbers about as large as `size`.

    `telling` digits in all where that is above 1, as 57.1 mmHg or 9.28 days; up to 1, where shares lie, AFTER_POINT
    after the point, and more where not two of them would tell.
    """
    size = abs(size)
    if not math.isfinite(size) or size == 0:
        return AFTER_POINT
    leading = math.floor(math.log10(size))
    return max(0, telling - 1 - leading) if size > 1 else min(max(AFTER_POINT, 1 - leading), 6)


def written(value: float | None, size: float | None = None) -> str:
    """A score as text, with the digits of numbers about as large as `size` (of its own, by default); a dash where
    there is no finite number."""
    if value is None or not math.isfinite(value):
        return _NONE
    return f"{value:.{digits_of(value if size is None else size)}f}"


def with_ends(mean: float, low: float, high: float) -> str:
    """0.873 [0.841, 0.902], or 57.1 [52.3, 62.4]; the mean alone where there is no interval."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return written(mean)
    return f"{written(mean)} [{written(low, mean)}, {written(high, mean)}]"
