"""Metrics of one set of predictions under many case weights at once.

Legend: N cases, K outputs a case, R resamples. `weights` [N, R] says how often each case counts in each resample;
a column of ones gives the plain metric. Nothing loops over resamples: sort once, then cumulative sums and products.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

METRICS: dict[str, tuple[str, ...]] = {
    "binary": ("auroc", "auprc", "accuracy", "balanced_accuracy", "f1", "precision", "recall", "brier", "ece"),
    "multiclass": ("auroc", "auprc", "accuracy", "balanced_accuracy", "f1", "precision", "recall", "brier", "ece"),
    "regression": ("mae", "rmse", "r2"),
}
PRIMARY = {"binary": "auroc", "multiclass": "auroc", "regression": "rmse"}
LOWER_IS_BETTER = frozenset({"brier", "ece", "mae", "rmse"})
BINS = 10  # of predicted probability, equally wide, for calibration


def measure(
    task: str, target: np.ndarray, outputs: np.ndarray, weights: np.ndarray, metrics: Sequence[str] | None = None
) -> dict[str, np.ndarray]:
    """Every metric of `task` (or those named) under each column of weights.

    target [N] class index, or value for regression; outputs [N, K] probabilities, or [N, 1] values; weights [N, R].
    Returns {metric: [R]}, NaN where a resample leaves the metric undefined (a single class, say). Multiclass: macro
    averages over classes (one against the rest for AUROC and AUPRC); Brier sums over classes; the calibration error is
    that of the predicted class (Guo et al. 2017), for binary tasks that of the positive class's probability.
    """
    names = METRICS[task] if metrics is None else tuple(metrics)
    if task == "regression":
        found = _regression(np.asarray(target, float), outputs[:, 0], weights)
        return {name: found[name] for name in names}
    target = np.asarray(target, int)
    found: dict[str, np.ndarray] = {}
    ranking = [name for name in ("auroc", "auprc") if name in names]
    if ranking:
        found |= _ranking(target, outputs, weights, ranking)
    if {"accuracy", "balanced_accuracy", "f1", "precision", "recall"} & set(names):
        found |= _decisions(target, outputs, weights)
    if "brier" in names:
        found["brier"] = _ratio(_brier(target, outputs) @ weights, weights.sum(0))
    if "ece" in names:
        found["ece"] = _calibration_error(target, outputs, weights)
    return {name: found[name] for name in names}


def _ranking(
    target: np.ndarray, outputs: np.ndarray, weights: np.ndarray, names: Sequence[str]
) -> dict[str, np.ndarray]:
    classes = [1] if outputs.shape[1] == 2 else range(outputs.shape[1])
    each = [_rank(target == k, outputs[:, k], weights, names) for k in classes]
    return {name: _mean_of_defined(np.stack([found[name] for found in each])) for name in names}


def _rank(positive: np.ndarray, score: np.ndarray, weights: np.ndarray, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Weighted AUROC (ties count half) and average precision, those named of the two, each [R]."""
    order = np.argsort(-score, kind="stable")
    falling, positive = -score[order], positive[order]
    ordered = weights[order]
    passed = _running(ordered)  # [N + 1, R]: weight of the first i cases
    hits = _running(ordered[positive])  # [P + 1, R]: of which positive
    # Each positive case stands in a block of equal scores: cases first..last, of which positives from..to.
    before = np.searchsorted(falling, falling[positive], "left")
    until = np.searchsorted(falling, falling[positive], "right")
    count = np.concatenate([[0], np.cumsum(positive)])
    weight = ordered[positive]
    positives, negatives = hits[-1].astype(float), (passed[-1] - hits[-1]).astype(float)
    defined = (positives > 0) & (negatives > 0)
    found = {}
    if "auroc" in names:
        false_before, false_until = passed[before] - hits[count[before]], passed[until] - hits[count[until]]
        overtaken = np.einsum("pr,pr->r", weight, 0.5 * (false_before + false_until), dtype=float)
        found["auroc"] = np.where(defined, 1 - _ratio(overtaken, positives * negatives), np.nan)
    if "auprc" in names:
        precision = hits[count[until]] / np.maximum(passed[until], 1e-12)
        found["auprc"] = np.where(
            defined, _ratio(np.einsum("pr,pr->r", weight, precision, dtype=float), positives), np.nan
        )
    return found


def _running(rows: np.ndarray) -> np.ndarray:
    """Cumulative sum down the rows, with a leading zero: [n, R] -> [n + 1, R]."""
    total = np.zeros((len(rows) + 1, rows.shape[1]), rows.dtype)
    np.cumsum(rows, axis=0, out=total[1:])
    return total


def _decisions(target: np.ndarray, outputs: np.ndarray, weights: np.ndarray) -> dict[str, np.ndarray]:
    classes = outputs.shape[1]
    cell = target * classes + outputs.argmax(1)
    table = ((np.arange(classes**2)[:, None] == cell).astype(weights.dtype) @ weights).astype(float)
    table = table.reshape(classes, classes, -1)  # [true, predicted, R]
    right = np.einsum("kkr->kr", table)
    support, predicted, total = table.sum(1), table.sum(0), table.sum((0, 1))
    # A class absent from a resample says nothing; a class present but never predicted has precision 0.
    absent = support == 0
    recall = np.where(absent, np.nan, right / np.maximum(support, 1e-12))
    precision = np.where(absent, np.nan, right / np.maximum(predicted, 1e-12))
    f1 = np.where(absent, np.nan, 2 * right / np.maximum(support + predicted, 1e-12))
    one = (lambda values: values[1]) if classes == 2 else _mean_of_defined
    return {
        "accuracy": _ratio(right.sum(0), total),
        "balanced_accuracy": _mean_of_defined(recall),
        "f1": one(f1),
        "precision": one(precision),
        "recall": one(recall),
    }


def _brier(target: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Squared error of the probabilities of each case: [N]."""
    if outputs.shape[1] == 2:
        return (outputs[:, 1] - target) ** 2
    return ((outputs - np.eye(outputs.shape[1])[target]) ** 2).sum(1)


def confidence(target: np.ndarray, outputs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What calibration compares: stated probability [N], whether it came true [N] float, and its bin [N] int."""
    if outputs.shape[1] == 2:
        stated, true = outputs[:, 1], (target == 1).astype(float)
    else:
        stated, true = outputs.max(1), (outputs.argmax(1) == target).astype(float)
    return stated, true, np.clip((stated * BINS).astype(int), 0, BINS - 1)


def _calibration_error(target: np.ndarray, outputs: np.ndarray, weights: np.ndarray) -> np.ndarray:
    stated, true, bin_of = confidence(target, outputs)
    gap = (np.arange(BINS)[:, None] == bin_of) * (true - stated)  # [BINS, N]
    return _ratio(np.abs(gap.astype(weights.dtype) @ weights).sum(0), weights.sum(0))


def _regression(target: np.ndarray, value: np.ndarray, weights: np.ndarray) -> dict[str, np.ndarray]:
    weights = weights.astype(float)
    total = weights.sum(0)
    mean_square = _ratio((target - value) ** 2 @ weights, total)
    centre = target.mean()  # shifted first: the variance of large numbers would else lose its digits
    variance = _ratio((target - centre) ** 2 @ weights, total) - _ratio((target - centre) @ weights, total) ** 2
    varies = variance > 1e-12 * max(np.var(target), 1e-300)
    return {
        "mae": _ratio(np.abs(target - value) @ weights, total),
        "rmse": np.sqrt(mean_square),
        "r2": np.where(varies, 1 - mean_square / np.where(varies, variance, 1), np.nan),
    }


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole, NaN where there is no whole."""
    whole = np.asarray(whole, float)
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)


def _mean_of_defined(values: np.ndarray) -> np.ndarray:
    """Mean over the first dimension, leaving out NaN: [K, R] -> [R]."""
    defined = np.isfinite(values)
    return _ratio(np.where(defined, values, 0).sum(0), defined.sum(0))


def better(metric: str) -> Callable[[float], float]:
    """A key to sort by: larger is better for every metric."""
    return (lambda value: -value) if metric in LOWER_IS_BETTER else (lambda value: value)
