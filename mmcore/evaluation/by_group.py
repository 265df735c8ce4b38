"""Scores within each group (a hospital, a speaker): what is shown where groups are too few for an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.evaluation.metrics import measure, primary_of
from mmcore.evaluation.scored_cases import ScoredCases
from mmcore.training.tasks import Task


@dataclass(frozen=True)
class GroupScore:
    """value: of the cases of the group alone; NaN where they leave the metric undefined."""

    group: str
    cases: int
    value: float


def scores_by_group(
    task: Task | str,
    target: np.ndarray,
    outputs: np.ndarray,
    groups: Sequence[object] | np.ndarray,
    *,
    metric: str | None = None,
) -> list[GroupScore]:
    """The metric within each group, in the order of their names; target [N], outputs [S, N, K], groups [N]."""
    scored = ScoredCases.of(task, target, outputs, groups)
    name, delivered = metric or primary_of(scored.task), scored.delivered
    labels = np.asarray(scored.groups).astype(str)
    rows = []
    for group in np.unique(labels):
        here = labels == group
        value = measure(scored.task, scored.target[here], delivered[here], np.ones((here.sum(), 1)), (name,))[name]
        rows.append(GroupScore(str(group), int(here.sum()), float(value[0])))
    return rows
