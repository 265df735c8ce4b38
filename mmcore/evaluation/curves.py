"""Curves behind the numbers, as plain arrays for figures: ROC, calibration, confusion, predicted against true.

All are of what is delivered, the average over seeds. Bands are NaN where groups are too few to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from mmcore.base.label_sets import memberships
from mmcore.base.settings import N_
from mmcore.evaluation.bootstrap import resamples
from mmcore.evaluation.calibration_error import BINS, CalibrationCheck, calibration_check, confidence
from mmcore.evaluation.intervals import LEAST_UNITS
from mmcore.evaluation.jackknife import members
from mmcore.evaluation.metrics import labels_of
from mmcore.evaluation.scored_cases import ScoredCases
from mmcore.training.tasks import Task


@dataclass(frozen=True, eq=False)
class Roc:
    """Receiver operating characteristic.

    fpr: [P] grid from 0 to 1. tpr: [P] (mean over classes, one against the rest). low, high: [P] 95%
    band over cases by group.
    """

    fpr: np.ndarray
    tpr: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, eq=False)
class Calibration:
    """Per bin of stated probability that holds any case, all [bins]: mean stated probability, share that came true
    with its 95% interval over cases by group, number of cases. `of` says what was stated."""

    stated: np.ndarray
    observed: np.ndarray
    low: np.ndarray
    high: np.ndarray
    cases: np.ndarray
    of: str

    def if_perfect(self) -> tuple[np.ndarray, np.ndarray]:
        """Low and high [bins]: 95% of the shares that came true, were every stated probability exactly right.

        Broecker and Smith 2007; cases count as independent.
        """
        count = np.maximum(np.round(self.cases), 1)
        low, high = (stats.binom.ppf(level, count, self.stated) for level in (0.025, 0.975))
        return low / count, high / count


@dataclass(frozen=True, eq=False)
class Confusion:
    """counts [true, predicted]: number of cases."""

    classes: tuple[str, ...]
    counts: np.ndarray


@dataclass(frozen=True, eq=False)
class Scatter:
    """Regression: true [N] and predicted [N] values, in the target's unit."""

    true: np.ndarray
    predicted: np.ndarray


def roc(
    task: Task | str,
    target: np.ndarray,
    outputs: np.ndarray,
    groups: Sequence[object] | np.ndarray | None = None,
    *,
    points: int = 101,
    draws: int = 200,
    seed: int = 0,
) -> Roc:
    """ROC with its band; target [N] class index, outputs [S, N, K], groups [N] or None. Multiclass and several
    labels: macro average."""
    scored = ScoredCases.of(task, target, outputs, groups)
    grid, probabilities = np.linspace(0, 1, points), scored.delivered
    weights = _weights(scored, draws, seed)
    if labels := labels_of(scored.task, probabilities):
        positive = list(memberships(scored.target, labels).T)
        classes: Sequence[int] = range(labels)
    else:
        positive = [scored.target == k for k in range(probabilities.shape[1])]
        classes = [1] if probabilities.shape[1] == 2 else range(probabilities.shape[1])
    total, count = np.zeros((weights.shape[1], points)), np.zeros((weights.shape[1], 1))
    for k in classes:  # a class absent from a resample is left out of its average
        curve = _roc_of(positive[k], probabilities[:, k], weights, grid)
        defined = np.isfinite(curve[:, :1])
        total, count = total + np.where(defined, curve, 0), count + defined
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    drawn = mean[1:][np.isfinite(mean[1:, 0])]
    bounded = len(drawn) and _enough(scored)
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0) if bounded else np.full((2, points), np.nan)
    return Roc(grid, mean[0], low, high)


def _weights(scored: ScoredCases, draws: int, seed: int) -> np.ndarray:
    """[n, 1 + draws] float32: all cases, then resamples of them."""
    ones = np.ones((len(scored.target), 1), np.float32)
    return np.concatenate([ones, resamples(len(scored.target), scored.groups, draws, seed)], 1)


def _enough(scored: ScoredCases) -> bool:
    return members(len(scored.target), scored.groups)[1] >= LEAST_UNITS


def _roc_of(positive: np.ndarray, score: np.ndarray, weights: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """True positive rate at each false positive rate of the grid, for every column of weights: [R, P]."""
    order = np.argsort(-score, kind="stable")
    falling, positive, ordered = score[order], positive[order], weights[order]
    ends = np.flatnonzero(np.append(np.diff(falling) != 0, True))  # equal scores move together
    true = np.cumsum(ordered * positive[:, None], 0)[ends]
    false = np.cumsum(ordered * ~positive[:, None], 0)[ends]
    curves = np.full((weights.shape[1], len(grid)), np.nan)
    for r in range(weights.shape[1]):
        if true[-1, r] > 0 and false[-1, r] > 0:
            rate = np.append(0, false[:, r] / false[-1, r])
            last = np.append(np.diff(rate) > 0, True)  # at a vertical step the upper end counts
            curves[r] = np.interp(grid, rate[last], np.append(0, true[:, r] / true[-1, r])[last])
    return curves


def calibration(
    task: Task | str,
    target: np.ndarray,
    outputs: np.ndarray,
    groups: Sequence[object] | np.ndarray | None = None,
    *,
    draws: int = 500,
    seed: int = 0,
) -> Calibration:
    """Reliability: stated probability against how often it came true.

    target [N] class index, outputs [S, N, K], groups [N] or None.
    """
    scored = ScoredCases.of(task, target, outputs, groups)
    true, probabilities = statements(scored)
    labels = labels_of(scored.task, scored.delivered)
    weights = np.repeat(_weights(scored, draws, seed), max(labels, 1), 0)
    stated, came_true, bin_of = confidence(true, probabilities)
    member = (np.arange(BINS)[:, None] == bin_of).astype(float)
    cases, summed, arrived = member @ weights, (member * stated) @ weights, (member * came_true) @ weights
    used = cases[:, 0] > 0
    share = np.where(cases > 0, arrived / np.maximum(cases, 1e-12), np.nan)[used]
    drawn = np.where(
        np.isfinite(share[:, 1:]), share[:, 1:], share[:, :1]
    )  # an empty bin in a resample says nothing new
    bounded = draws and _enough(scored)
    low, high = np.percentile(drawn, [2.5, 97.5], axis=1) if bounded else np.full((2, len(share)), np.nan)
    of = N_("positive class") if probabilities.shape[1] == 2 else N_("predicted class")
    of = N_("label") if labels else of
    return Calibration(summed[used, 0] / cases[used, 0], share[:, 0], low, high, cases[used, 0], of)


def statements(scored: ScoredCases) -> tuple[np.ndarray, np.ndarray]:
    """What calibration looks at: true classes [n] and probabilities [n, K]; of several labels every statement of every
    label, as of two classes."""
    probabilities = scored.delivered
    labels = labels_of(scored.task, probabilities)
    if not labels:
        return scored.target, probabilities
    single = probabilities[:, :labels].ravel()
    return memberships(scored.target, labels).ravel().astype(int), np.stack([1 - single, single], -1)


def calibration_check_of(
    task: Task | str,
    target: np.ndarray,
    outputs: np.ndarray,
    groups: Sequence[object] | np.ndarray | None = None,
) -> CalibrationCheck:
    """How far probabilities are off, beside what chance does to those of a perfect model; see `calibration`."""
    scored = ScoredCases.of(task, target, outputs, groups)
    true, stated = statements(scored)
    member, _count, grouped = members(len(scored.target), scored.groups)
    every = np.repeat(member, len(true) // len(member))  # of several labels, each is a statement
    return calibration_check(true, stated, every if grouped else None)


def confusion(
    task: Task | str, target: np.ndarray, outputs: np.ndarray, classes: Sequence[str] | None = None
) -> Confusion:
    """How often each true class was predicted as each class; target [N], outputs [S, N, K]."""
    named = tuple(classes) if classes is not None else tuple(getattr(task, "classes", ()))
    scored = ScoredCases.of(task, target, outputs)
    probabilities = scored.delivered
    size = probabilities.shape[1]
    counts = np.bincount(scored.target * size + probabilities.argmax(1), minlength=size**2).reshape(size, size)
    return Confusion(named or tuple(str(k) for k in range(size)), counts)


def scatter(target: np.ndarray, outputs: np.ndarray) -> Scatter:
    """Regression: true against predicted; target [N], outputs [S, N, 1]."""
    scored = ScoredCases.of("regression", target, outputs)
    return Scatter(scored.target, scored.delivered[:, 0])
