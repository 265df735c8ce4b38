"""Decision curves: what acting on a prediction is worth, at every risk from which one would act.

Net benefit (Vickers and Elkin 2006) at a threshold: true positives less false positives, these weighed by the odds of
the threshold, per case. Acting on all and acting on none are what a model has to beat. Binary tasks. Legend: S seeds,
N cases, T thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.evaluation.scored_cases import ScoredCases
from mmcore.evaluation.unit_means import mean_interval

THRESHOLDS = np.round(np.arange(0.01, 1.0, 0.01), 2)


@dataclass(frozen=True, eq=False)
class DecisionCurve:
    """Per threshold, all [T]: net benefit per case with its 95% interval, and that of acting on all (on none: 0).

    low, high: NaN where groups are too few to tell.
    """

    thresholds: np.ndarray
    net_benefit: np.ndarray
    low: np.ndarray
    high: np.ndarray
    act_on_all: np.ndarray

    def above_nothing(self) -> tuple[float, float] | None:
        """The ends of the longest stretch of thresholds over which even the low end of the interval is above 0."""
        shown = self.low > 0
        if not shown.any():
            return None
        ends = np.flatnonzero(np.diff(np.concatenate([[0], shown, [0]]).astype(int)))
        first, after = max(ends.reshape(-1, 2), key=lambda stretch: stretch[1] - stretch[0])
        return float(self.thresholds[first]), float(self.thresholds[after - 1])


def decision_curve(
    target: np.ndarray,
    outputs: np.ndarray,
    groups: Sequence[object] | np.ndarray | None = None,
    *,
    thresholds: np.ndarray = THRESHOLDS,
) -> DecisionCurve:
    """target [N] 0 or 1 (negative: not known); outputs [S, N, 2], averaged over seeds; groups [N] or None."""
    scored = ScoredCases.of("binary", target, outputs, groups)
    each = _benefit(scored.target, scored.delivered[:, 1], thresholds)
    value, low, high = mean_interval(each, scored.groups)
    everybody = _benefit(scored.target, np.ones(len(scored.target)), thresholds).mean(0)
    return DecisionCurve(thresholds, value, low, high, everybody)


def gained_benefit(
    target: np.ndarray,
    outputs: np.ndarray,
    baseline: np.ndarray,
    groups: Sequence[object] | np.ndarray | None = None,
    *,
    thresholds: np.ndarray = THRESHOLDS,
) -> DecisionCurve:
    """Net benefit of outputs beyond that of the baseline (fusion and the best input, say), paired over the same cases.

    act_on_all: beyond the baseline, too.
    """
    usable = np.isfinite(outputs).all((0, 2)) & np.isfinite(baseline).all((0, 2))
    shared = np.where(usable, np.asarray(target, float), np.nan)
    first, second = (ScoredCases.of("binary", shared, side, groups) for side in (outputs, baseline))
    before = _benefit(second.target, second.delivered[:, 1], thresholds)
    value, low, high = mean_interval(_benefit(first.target, first.delivered[:, 1], thresholds) - before, first.groups)
    everybody = _benefit(first.target, np.ones(len(first.target)), thresholds).mean(0) - before.mean(0)
    return DecisionCurve(thresholds, value, low, high, everybody)


def _benefit(target: np.ndarray, risk: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """[N, T] what acting where the risk reaches the threshold is worth in each case."""
    odds = thresholds / (1 - thresholds)
    return (risk[:, None] >= thresholds) * np.where(target[:, None] == 1, 1.0, -odds)
