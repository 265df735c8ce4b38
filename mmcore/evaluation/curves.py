"""Curves behind the numbers, as plain arrays for figures: ROC, calibration, confusion, predicted against true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.evaluation.intervals import _scored, resamples
from mmcore.evaluation.metrics.probabilities import BINS, confidence


@dataclass(frozen=True, eq=False)
class Roc:
    """Receiver operating characteristic.

    fpr: [P] grid from 0 to 1. tpr: [P] mean over seeds (and over classes, one against the rest). low, high: [P] 95%
    band over cases by group.
    """

    fpr: np.ndarray
    tpr: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, eq=False)
class Calibration:
    """Per bin of stated probability that holds any case, all [bins]: mean stated probability, share that came true
    with its 95% interval over cases by group, number of cases (mean over seeds). `of` says what was stated."""

    stated: np.ndarray
    observed: np.ndarray
    low: np.ndarray
    high: np.ndarray
    cases: np.ndarray
    of: str


@dataclass(frozen=True, eq=False)
class Confusion:
    """counts [true, predicted]: number of cases, mean over seeds."""

    classes: tuple[str, ...]
    counts: np.ndarray


@dataclass(frozen=True, eq=False)
class Scatter:
    """Regression: true [N] and predicted [N] (mean over seeds) values, in the target's unit."""

    true: np.ndarray
    predicted: np.ndarray


def roc(
    task: object,
    target: np.ndarray,
    outputs: np.ndarray,
    groups: Sequence[object] | None = None,
    *,
    points: int = 101,
    draws: int = 200,
    seed: int = 0,
) -> Roc:
    """ROC with its band; target [N] class index, outputs [S, N, K], groups [N] or None. Multiclass: macro average."""
    __, target, outputs, groups = _scored(task, target, outputs, groups)
    grid = np.linspace(0, 1, points)
    weights = np.concatenate([np.ones((len(target), 1), np.float32), resamples(len(target), groups, draws, seed)], 1)
    classes = [1] if outputs.shape[2] == 2 else range(outputs.shape[2])
    curves = [_roc_of(target == k, one[:, k], weights, grid) for one in outputs for k in classes]
    total, known = np.zeros((weights.shape[1], points)), np.zeros((weights.shape[1], 1))
    for curve in curves:  # a class absent from a resample is left out of its average
        defined = np.isfinite(curve[:, :1])
        total, known = total + np.where(defined, curve, 0), known + defined
    mean = np.where(known > 0, total / np.maximum(known, 1), np.nan)
    drawn = mean[1:][np.isfinite(mean[1:, 0])]
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0) if len(drawn) else np.full((2, points), np.nan)
    return Roc(grid, mean[0], low, high)


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
    task: object,
    target: np.ndarray,
    outputs: np.ndarray,
    groups: Sequence[object] | None = None,
    *,
    draws: int = 500,
    seed: int = 0,
) -> Calibration:
    """Reliability: stated probability against how often it came true.

    target [N] class index, outputs [S, N, K], groups [N] or None.
    """
    __, target, outputs, groups = _scored(task, target, outputs, groups)
    weights = np.concatenate([np.ones((len(target), 1), np.float32), resamples(len(target), groups, draws, seed)], 1)
    cases, stated, true = (np.zeros((BINS, weights.shape[1])) for __ in range(3))
    for one in outputs:
        said, came, bin_of = confidence(target, one)
        member = (np.arange(BINS)[:, None] == bin_of).astype(float)
        cases += member @ weights
        stated += (member * said) @ weights
        true += (member * came) @ weights
    used = cases[:, 0] > 0
    share = np.where(cases > 0, true / np.maximum(cases, 1e-12), np.nan)[used]
    drawn = np.where(
        np.isfinite(share[:, 1:]), share[:, 1:], share[:, :1]
    )  # an empty bin in a resample says nothing new
    low, high = np.percentile(drawn, [2.5, 97.5], axis=1) if draws else (share[:, 0], share[:, 0])
    of = "positive class" if outputs.shape[2] == 2 else "predicted class"
    return Calibration(stated[used, 0] / cases[used, 0], share[:, 0], low, high, cases[used, 0] / len(outputs), of)


def confusion(task: object, target: np.ndarray, outputs: np.ndarray, classes: Sequence[str] | None = None) -> Confusion:
    """How often each true class was predicted as each class; target [N], outputs [S, N, K]."""
    named = tuple(classes) if classes is not None else tuple(getattr(task, "classes", ()))
    __, target, outputs, ___ = _scored(task, target, outputs, None)
    size = outputs.shape[2]
    cells = target * size + outputs.argmax(2)  # [S, N]
    counts = np.bincount(cells.ravel(), minlength=size**2).reshape(size, size) / len(outputs)
    return Confusion(named or tuple(str(k) for k in range(size)), counts)


def scatter(target: np.ndarray, outputs: np.ndarray) -> Scatter:
    """Regression: true against predicted; target [N], outputs [S, N, 1]."""
    __, target, outputs, ___ = _scored("regression", target, outputs, None)
    return Scatter(target, outputs[:, :, 0].mean(0))
