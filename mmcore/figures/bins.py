"""Limits of the bins of a histogram."""

from __future__ import annotations

import numpy as np


def bin_edges(values: np.ndarray, low: float, high: float, most: int) -> np.ndarray:
    """Limits of at most about `most` bins from `low` to `high` of values [N]. Of numbers with up to two digits after
    the point each bin holds as many of those that there can be, or there would be gaps and peaks that mean nothing."""
    low, high = (low, high) if high > low else (low - 1, high + 1)
    for step in (1.0, 0.1, 0.01):
        steps = values / step
        if np.allclose(steps, np.round(steps), rtol=1e-12, atol=1e-6):
            wide = step * np.ceil(((high - low) / step + 1) / most)
            return np.arange(low - step / 2, high + wide, wide)
    return np.linspace(low, high, min(most, len(np.unique(values))) + 1)
