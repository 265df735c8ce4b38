"""Plain baselines: what a few lines of scikit-learn make of the same cells, one by one.

All cells that the finding covers by half are learnt from, and of each case as many others as `OTHERS`. Legend: n cases,
G cells, C features of a cell, P of its place.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

OTHERS = 60  # cells without the finding, of each case
PLAIN = ("logistic", "boosted")


def sampled(covered: Tensor, train: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """GridCells to learn from: the case and the number of each, and whether the finding covers it."""
    rng = np.random.default_rng(seed)
    cases, cells, labels = [], [], []
    for case in train:
        there = (covered[case] > 0.5).numpy()
        without = np.flatnonzero(~there)
        chosen = np.concatenate([np.flatnonzero(there), rng.choice(without, min(OTHERS, len(without)), replace=False)])
        cases.append(np.full(len(chosen), case))
        cells.append(chosen)
        labels.append(there[chosen])
    return np.concatenate(cases), np.concatenate(cells), np.concatenate(labels)


def plain_cells(
    name: str,
    features: Tensor,
    positions: Tensor,
    covered: Tensor,
    conditions: np.ndarray | None,
    train: np.ndarray,
    tested: np.ndarray,
    seed: int = 0,
) -> np.ndarray:
    """Logits [m, G] of the cells of the cases `tested`.

    features: [n, G, C]. positions: [G, P]. conditions: [n, T] of the other inputs, or None.
    """
    cases, cells, labels = sampled(covered, train, seed)
    if labels.all() or not labels.any():
        return np.full((len(tested), len(positions)), 9.0 if labels.all() else -9.0, np.float32)

    def rows(case: np.ndarray, cell: np.ndarray) -> np.ndarray:
        parts = [features[case, cell].numpy(), positions[cell].numpy()]
        return np.concatenate(parts if conditions is None else [*parts, conditions[case]], 1)

    model = _model(name).fit(rows(cases, cells), labels)
    every = np.arange(len(positions))
    answers = [model.decision_function(rows(np.full(len(every), case), every)) for case in tested]
    return np.stack(answers).astype(np.float32)


def _model(name: str) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    if name == "logistic":
        return LogisticRegression(C=0.1, max_iter=300)
    return HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=15, max_bins=64, random_state=0)
