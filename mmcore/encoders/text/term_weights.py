"""Counts of terms, weighed by how much each tells (TF-IDF)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def weighed_counts(counts: csr_array, weight: np.ndarray) -> csr_array:
    """Rows 1 + log of the count, times the weight, of length 1: as `tfidf.LatentSemantics` does."""
    from sklearn.preprocessing import normalize

    weighed = counts.copy()
    weighed.data = (1 + np.log(weighed.data)) * weight[weighed.indices]
    return normalize(weighed)
