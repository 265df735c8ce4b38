"""Each of several labels by itself: the metrics that are averaged over labels elsewhere, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmcore.base.label_sets import memberships
from mmcore.evaluation.intervals import Interval, scores

SHOWN = ("auroc", "auprc", "f1")


def scores_by_label(
    target: np.ndarray,
    outputs: np.ndarray,
    labels: Sequence[str],
    groups: Sequence[object] | np.ndarray | None = None,
    *,
    folds: int | None = None,
    metrics: Sequence[str] = SHOWN,
) -> dict[str, dict[str, Interval]]:
    """Label -> metric -> interval. target [N] sets of labels as numbers, outputs [S, N, 2 L]; see `scores`."""
    held = memberships(target, len(labels))
    rows: dict[str, dict[str, Interval]] = {}
    for k, name in enumerate(labels):
        own = np.where(np.asarray(target) < 0, -1, held[:, k])
        single = outputs[..., [k, len(labels) + k]]
        rows[name] = scores("multilabel", own, single, groups, metrics=metrics, folds=folds)
    return rows
