"""What a method's answer is made of: its networks alone, its linear part alone, and how they are mixed."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmcore.evaluation import measure
from mmcore.runs import Run


def method_parts(run: Run) -> dict[str, Any]:
    """{"network_share", "network_alone": {METRIC: x} | None, "linear_alone": {METRIC: x} | None}: out of fold, averaged
    over seeds, on the cases that the run was scored on. network_share: 0 to 1, mean over folds."""
    return {
        "network_share": run.network_share,
        "network_alone": _scored(run, run.network_outputs),
        "linear_alone": _scored(run, run.linear_outputs),
    }


def _scored(run: Run, outputs: np.ndarray | None) -> dict[str, float] | None:
    """Metrics of outputs [S, N, K], averaged over S."""
    if outputs is None or run.target is None:
        return None
    averaged, target = outputs.mean(0), np.asarray(run.target, float)
    scored = np.isfinite(averaged).all(1) & run.fitted.task.labelled(target)
    values = measure(run.spec.task, target[scored], averaged[scored], np.ones((int(scored.sum()), 1)))
    return {name: float(value[0]) for name, value in values.items()}
