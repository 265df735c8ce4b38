"""Resamples of cases, whole groups (patients, sites) drawn together, for bands of curves and shares of explanations.

The same cases and groups always meet the same resamples, so that whatever is read off them is paired.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

RESAMPLES = 1000


def resamples(
    cases: int, groups: Sequence[object] | np.ndarray | None = None, draws: int = RESAMPLES, seed: int = 0
) -> np.ndarray:
    """How often each case counts in each resample: [N, draws] float32. groups: drawn whole, in place of cases."""
    clustered = np.arange(cases) if groups is None else np.asarray(groups).astype(str)
    member = np.unique(clustered, return_inverse=True)[1]
    clusters = int(member.max()) + 1 if cases else 0
    drawn = np.random.default_rng(seed).integers(0, max(clusters, 1), (draws, clusters))
    flat = drawn + np.arange(draws)[:, None] * clusters
    counts = np.bincount(flat.ravel(), minlength=draws * clusters).reshape(draws, clusters)
    return np.ascontiguousarray(counts.T.astype(np.float32)[member])
