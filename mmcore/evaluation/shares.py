"""A share of cases with its interval."""

from __future__ import annotations

import numpy as np
from scipy import stats


def share_interval(count: int, of: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's interval (1927) of the share count / of; (0, 1) where there is no case."""
    if of < 1:
        return 0.0, 1.0
    z, share = float(stats.norm.ppf(0.5 + confidence / 2)), count / of
    centre = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z / (1 + z**2 / of) * np.sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    return float(max(centre - half, 0.0)), float(min(centre + half, 1.0))
