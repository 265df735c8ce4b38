"""What another input says of where the finding lies: a penalised linear model from its vector to coarse places.

A few hundred cases are too few to learn from scratch which words mean the left side. Ridge regression (Hoerl and
Kennard 1970) finds them, and its answers condition the network. Training cases get answers of models that had not seen
them, so that the network learns how far to trust them. Legend: n cases, D features, Q coarse places, C numbers told.
"""

from __future__ import annotations

import numpy as np

from mmcore.training.training_rows import inner_folds

COARSE = 4  # coarse places across and down
NUMBERS = 6  # numbers told of a case, with one more: whether it has the input
_PENALTIES = np.logspace(-4, 2, 13)  # times the mean squared length of a vector


def place_conditions(
    vectors: np.ndarray, present: np.ndarray, covered: np.ndarray, train: np.ndarray, groups: np.ndarray | None
) -> np.ndarray:
    """[n, NUMBERS + 1] float32; zeros, but for the last number, where the input is missing.

    vectors: [n, D]. present: [n] bool. covered: [n, G] of the cells of a square grid; those of `train` alone are used.
    """
    conditions = np.zeros((len(vectors), NUMBERS + 1), np.float32)
    conditions[:, -1] = present - 1.0
    rows = train[present[train]]
    places = _coarse(covered)
    if len(rows) < 10 or not places[rows].any():
        return conditions
    x = vectors.astype(float) - vectors[rows].mean(0)
    y = places - places[rows].mean(0)
    inner = inner_folds(np.zeros(len(rows)), None if groups is None else groups[rows], False, 0)
    strengths = _PENALTIES * max(float(np.square(x[rows]).sum(1).mean()), 1e-12)
    unseen = np.zeros((len(strengths), len(rows), y.shape[1]))
    for fold in np.unique(inner):
        own = inner == fold
        unseen[:, own] = _ridge(x[rows[~own]], y[rows[~own]], x[rows[own]], strengths)
    best = int(((unseen - y[rows]) ** 2).sum((1, 2)).argmin())
    answers = _ridge(x[rows], y[rows], x, strengths[best : best + 1])[0]
    answers[rows] = unseen[best]
    centred = answers - answers[rows].mean(0)
    axes = np.linalg.svd(centred[rows], full_matrices=False)[2][:NUMBERS]
    values = centred @ axes.T
    values /= max(float(values[rows, 0].std()), 1e-9)
    conditions[:, : values.shape[1]] = np.where(present[:, None], values, 0)
    return conditions


def _coarse(covered: np.ndarray) -> np.ndarray:
    """[n, G] -> [n, Q]: mean over the cells of each coarse place."""
    side = round(covered.shape[1] ** 0.5)
    band = np.zeros((COARSE, side))
    for place, cells in enumerate(np.array_split(np.arange(side), COARSE)):
        band[place, cells] = 1 / len(cells)
    coarse: np.ndarray = np.einsum("ai,nij,bj->nab", band, covered.reshape(-1, side, side), band)
    return coarse.reshape(len(covered), -1)


def _ridge(x: np.ndarray, y: np.ndarray, at: np.ndarray, strengths: np.ndarray) -> np.ndarray:
    """[penalties, m, Q]: answers for `at` [m, D] of ridge regressions from x [n, D] to y [n, Q]."""
    left, size, right = np.linalg.svd(x, full_matrices=False)
    along, seen = left.T @ y, at @ right.T
    return np.stack([seen @ ((size / (size**2 + strength))[:, None] * along) for strength in strengths])
