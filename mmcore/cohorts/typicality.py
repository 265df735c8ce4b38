"""How far a value is from those of a cohort, by the distance to its nearest neighbours among them."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

LEAST = 30  # cases from which it can be said what is usual
NEIGHBOURS = 5
FAR = 6.0  # robust standard deviations of the log distance from which a case is unlike all others
_DIMS = 32


class Neighbourhood:
    """The values [N, P] of a cohort, at least LEAST of them."""

    def __init__(self, values: np.ndarray) -> None:
        values = np.asarray(values, np.float64)
        self._mean, spread = values.mean(0), values.std(0)
        self._spread = np.where(spread > 1e-9, spread, 1.0)
        standard = (values - self._mean) / self._spread
        self._pca = PCA(min(_DIMS, *standard.shape), random_state=0).fit(standard)
        self._values = self._pca.transform(standard)
        self._near = NearestNeighbors(n_neighbors=min(NEIGHBOURS, len(values) - 1)).fit(self._values)

    @cached_property
    def _distances(self) -> np.ndarray:
        """[N] log of each value's mean distance to its nearest others."""
        return _log(self._near.kneighbors(return_distance=True)[0].mean(1), self._least)

    @cached_property
    def _least(self) -> float:
        return 1e-3 * float(np.sqrt((self._values**2).sum(1).mean())) + 1e-12

    def outliers(self) -> np.ndarray:
        """[N] bool: values that are unlike all others."""
        return self._score(self._distances) > FAR

    def how_far(self, value: np.ndarray) -> tuple[float, bool]:
        """The share of the cohort's values that are nearer to their neighbours than this one [P] is to its own, and
        whether it is unlike all of them."""
        inside = self._pca.transform((np.asarray(value, np.float64)[None] - self._mean) / self._spread)
        distance = _log(self._near.kneighbors(inside)[0].mean(1), self._least)
        return float((self._distances < distance[0]).mean()), bool(self._score(distance)[0] > FAR)

    def _score(self, distances: np.ndarray) -> np.ndarray:
        return (distances - np.median(self._distances)) / max(_spread(self._distances), 0.05)


def _log(distances: np.ndarray, least: float) -> np.ndarray:
    return np.log(np.maximum(distances, least))


def _spread(values: np.ndarray) -> float:
    """Standard deviation, from the median of the deviations."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))
