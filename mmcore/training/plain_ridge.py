"""Ridge regression whose penalty is chosen by inner folds: one decomposition a fold answers for all penalties.

The same numbers as scikit-learn's `RidgeCV` over given folds, which solves every penalty of every fold anew and starts
over with a slower way where wide features leave it ill-conditioned. Legend: n rows, D features, L penalties.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class RidgeModel:
    """penalty: that was chosen. coefficients: [D]; intercept: of features as they were given."""

    penalty: float
    coefficients: np.ndarray
    intercept: float

    def predict(self, features: np.ndarray) -> np.ndarray:
        """[N] of features [N, D]."""
        return np.asarray(features @ self.coefficients + self.intercept)


def fit_ridge(
    features: np.ndarray,
    target: np.ndarray,
    division: Sequence[tuple[np.ndarray, np.ndarray]],
    penalties: Sequence[float] | np.ndarray,
    usual: float = 1.0,
) -> RidgeModel:
    """features [n, D]; target [n]; division: (rows to fit, rows to score) of each inner fold, none to take `usual`.

    The penalty with the best mean R² of the folds (the first of equals) is fitted on all rows. Nothing is penalised
    but slopes.
    """
    centre = features.mean(0, dtype=float)
    centred = features - centre
    scores, slopes = _rotated(centred)
    target = np.asarray(target, float)
    penalty = float(usual)
    if division:
        explained = [_explained(scores, target, own, rest, np.asarray(penalties, float)) for own, rest in division]
        penalty = float(penalties[int(np.mean(explained, 0).argmax())])
    weights, level = _weights(scores, target, np.array([penalty]))
    coefficients = slopes(weights[0])
    return RidgeModel(penalty, coefficients, float(level[0] - centre @ coefficients))


def _rotated(centred: np.ndarray) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """The same rows with no more columns than there are rows, distances kept, and the way back to slopes of D."""
    if centred.shape[1] <= len(centred):
        return centred, lambda weights: weights
    squares, axes = np.linalg.eigh(centred @ centred.T)
    there = squares > squares.max(initial=0.0) * len(centred) * np.finfo(float).eps
    length, axes = np.sqrt(squares[there]), axes[:, there]
    return axes * length, lambda weights: centred.T @ (axes @ (weights / length))


def _weights(scores: np.ndarray, target: np.ndarray, penalties: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes [L, r] and intercepts [L] under each penalty."""
    centre, level = scores.mean(0), target.mean()
    left, length, right = _decomposed(scores - centre)
    shrunk = length / (length**2 + penalties[:, None]) * (left.T @ (target - level))
    slopes = shrunk @ right
    return slopes, level - slopes @ centre


def _decomposed(centred: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Singular vectors and values. LAPACK's quick way does not converge on some sound matrices, the slow one does."""
    try:
        left, length, right = np.linalg.svd(centred, full_matrices=False)
    except np.linalg.LinAlgError:
        from scipy.linalg import svd

        left, length, right = svd(centred, full_matrices=False, lapack_driver="gesvd")
    return left, length, right


def _explained(
    scores: np.ndarray, target: np.ndarray, own: np.ndarray, rest: np.ndarray, penalties: np.ndarray
) -> np.ndarray:
    """[L] R² of the other rows under each penalty."""
    slopes, level = _weights(scores[own], target[own], penalties)
    errors = target[rest][:, None] - scores[rest] @ slopes.T - level
    spread = ((target[rest] - target[rest].mean()) ** 2).sum()
    return np.asarray(1 - (errors**2).sum(0) / max(spread, np.finfo(float).tiny))
