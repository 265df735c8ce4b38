"""Plain baselines: what a few lines of scikit-learn make of the same cells, one by one.

All cells that the finding covers by half are learnt from, and of each case as many others as `OTHERS`. Legend: n cases,
G cells, C features of a cell, P of its place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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


@dataclass(frozen=True, eq=False)
class PlainCells:
    """A fitted baseline. features: [n, G, C]. positions: [G, P]. conditions: [n, T] of the other inputs, or None.
    model: of scikit-learn; None where all cells that were learnt from are alike, and `constant` is the answer."""

    features: Tensor
    positions: Tensor
    conditions: np.ndarray | None
    model: Any
    constant: float

    @classmethod
    def fitted(
        cls, name: str, features: Tensor, positions: Tensor, covered: Tensor, conditions: np.ndarray | None,
        train: np.ndarray, seed: int = 0,
    ) -> PlainCells:  # fmt: skip
        """Learnt from the cases `train`. covered: [n, G]."""
        cases, cells, labels = sampled(covered, train, seed)
        if labels.all() or not labels.any():
            return cls(features, positions, conditions, None, 9.0 if labels.all() else -9.0)
        untrained = cls(features, positions, conditions, None, 0.0)
        return replace(untrained, model=_model(name).fit(untrained._rows(cases, cells), labels))

    def logits(self, cases: np.ndarray) -> np.ndarray:
        """[m, G] float32 of the cells of these cases."""
        count = len(self.positions)
        if self.model is None or not len(cases):
            return np.full((len(cases), count), self.constant, np.float32)
        every = np.arange(count)
        answers = [self.model.decision_function(self._rows(np.full(count, case), every)) for case in cases]
        return np.stack(answers).astype(np.float32)

    def _rows(self, cases: np.ndarray, cells: np.ndarray) -> np.ndarray:
        parts = [self.features[cases, cells].numpy(), self.positions[cells].numpy()]
        return np.concatenate(parts if self.conditions is None else [*parts, self.conditions[cases]], 1)


def _model(name: str) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    if name == "logistic":
        return LogisticRegression(C=0.1, max_iter=300)
    return HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=15, max_bins=64, random_state=0)
