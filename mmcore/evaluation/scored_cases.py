"""The cases that can be scored, and what is scored: the average over seeds, as it is delivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.base.survival_times import followed
from mmcore.evaluation.jackknife import LeftOut, leave_out
from mmcore.training.tasks import Task


@dataclass(frozen=True, eq=False)
class ScoredCases:
    """The n of N cases that have a target and predictions of every seed.

    task: its name. target: [n] class index, value or signed time. by_seed: [S, n, K]. groups: [n] or None.
    rows: [N] bool.
    """

    task: str
    target: np.ndarray
    by_seed: np.ndarray
    groups: np.ndarray | None
    rows: np.ndarray

    @classmethod
    def of(
        cls,
        task: Task | str,
        target: np.ndarray,
        outputs: np.ndarray,
        groups: Sequence[object] | np.ndarray | None = None,
    ) -> ScoredCases:
        """task: a Task or its name; target [N]; outputs [S, N, K]; groups [N] or None.

        Cases without a target (NaN, or a negative class) or without predictions are left out.
        """
        name = task if isinstance(task, str) else task.name
        target, outputs = np.asarray(target, float), np.asarray(outputs, float)
        rows = np.isfinite(target) & np.isfinite(outputs).all((0, 2))
        if name == "survival":
            rows &= followed(target)
        elif name != "regression":
            rows &= target >= 0
        labels = target[rows] if name in ("regression", "survival") else target[rows].astype(int)
        return cls(name, labels, outputs[:, rows], None if groups is None else np.asarray(groups)[rows], rows)

    @property
    def delivered(self) -> np.ndarray:
        """[n, K] what is delivered for a case: the average over seeds."""
        return self.by_seed.mean(0)

    def left_out(self, names: Sequence[str]) -> dict[str, LeftOut]:
        """Each metric of what is delivered, with every unit left out in turn."""
        return leave_out(self.task, self.target, self.delivered, self.groups, names)
