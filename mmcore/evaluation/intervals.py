"""Intervals and paired differences: bootstrap over cases, whole groups (patients, sites) drawn together.

Legend: S seeds, N cases, K outputs, R resamples. The same cases and groups always meet the same resamples, so that
the differences between two methods are paired.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from mmcore.evaluation.metrics import measure, metrics_of, primary_of

RESAMPLES = 1000


@dataclass(frozen=True)
class Interval:
    """Mean over seeds, its 95% interval over cases (by group), and the standard deviation over seeds.

    NaN where it cannot be told: low and high if no resample defines the metric, seed_sd with a single seed.
    """

    mean: float
    low: float
    high: float
    seed_sd: float

    def document(self) -> dict[str, float]:
        return asdict(self)


@dataclass(frozen=True)
class Difference:
    """metric(method) - metric(baseline) with its paired 95% interval.

    For errors (rmse, mae, brier, ece) negative is better.
    """

    metric: str
    difference: float
    low: float
    high: float

    def document(self) -> dict[str, float | str]:
        return asdict(self)


def resamples(cases: int, groups: Sequence[object] | None = None, draws: int = RESAMPLES, seed: int = 0) -> np.ndarray:
    """How often each case counts in each resample: [N, draws] float32.

    Cluster bootstrap: groups are drawn, not cases.
    """
    clustered = np.arange(cases) if groups is None else np.asarray(groups).astype(str)
    member = np.unique(clustered, return_inverse=True)[1]
    clusters = int(member.max()) + 1 if cases else 0
    drawn = np.random.default_rng(seed).integers(0, max(clusters, 1), (draws, clusters))
    flat = drawn + np.arange(draws)[:, None] * clusters
    counts = np.bincount(flat.ravel(), minlength=draws * clusters).reshape(draws, clusters)
    return np.ascontiguousarray(counts.T.astype(np.float32)[member])


def scores(
    task: object,
    target: np.ndarray,
    outputs: np.ndarray,
    groups: Sequence[object] | None = None,
    *,
    metrics: Sequence[str] | None = None,
    draws: int = RESAMPLES,
    seed: int = 0,
) -> dict[str, Interval]:
    """Every metric of the task with its interval.

    task: a Task or its name; target [N]; outputs [S, N, K]; groups [N] or None. Cases without a target (NaN, or a
    negative class) or without predictions are left out.
    """
    task, target, outputs, groups = _scored(task, target, outputs, groups)
    names = metrics_of(task) if metrics is None else tuple(metrics)
    points = _over_seeds(task, target, outputs, np.ones((len(target), 1)), names)
    drawn = _over_seeds(task, target, outputs, resamples(len(target), groups, draws, seed), names)
    found = {}
    for name in names:
        point = points[name][:, 0]
        low, high = _bounds(drawn[name].mean(0))
        spread = float(point.std(ddof=1)) if len(point) > 1 else float("nan")
        found[name] = Interval(float(point.mean()), low, high, spread)
    return found


def difference(
    task: object,
    target: np.ndarray,
    outputs: np.ndarray,
    baseline: np.ndarray,
    groups: Sequence[object] | None = None,
    *,
    metric: str | None = None,
    draws: int = RESAMPLES,
    seed: int = 0,
) -> Difference:
    """metric(outputs) - metric(baseline) over the same cases and resamples; outputs and baseline [S, N, K]."""
    kind = _name(task)
    metric = metric or primary_of(kind)
    usable = np.isfinite(outputs).all((0, 2)) & np.isfinite(baseline).all((0, 2))
    target = np.where(usable, target, np.nan)
    return paired(
        metric,
        *(draw(kind, target, side, groups, metric=metric, draws=draws, seed=seed) for side in (outputs, baseline)),
    )


def draw(
    task: object,
    target: np.ndarray,
    outputs: np.ndarray,
    groups: Sequence[object] | None = None,
    *,
    metric: str | None = None,
    draws: int = RESAMPLES,
    seed: int = 0,
) -> np.ndarray:
    """One metric, mean over seeds: of the cases themselves first, then of each resample: [1 + draws]. See `paired`."""
    kind, target, outputs, groups = _scored(task, target, outputs, groups)
    name = metric or primary_of(kind)
    point = _over_seeds(kind, target, outputs, np.ones((len(target), 1)), (name,))[name].mean(0)
    drawn = _over_seeds(kind, target, outputs, resamples(len(target), groups, draws, seed), (name,))[name].mean(0)
    return np.concatenate([point, drawn])


def paired(metric: str, drawn: np.ndarray, baseline: np.ndarray) -> Difference:
    """The difference of two methods from what `draw` gave for each, over the same cases and groups."""
    gap = drawn - baseline
    return Difference(metric, float(gap[0]), *_bounds(gap[1:]))


def ceiling(task: object, target: np.ndarray, probability: np.ndarray | None) -> dict[str, float] | None:
    """The metrics of the true probabilities themselves: what no method can be expected to exceed. None where unknown.

    probability [N] of the positive class, known for synthetic binary cohorts only.
    """
    if probability is None or _name(task) != "binary":
        return None
    outputs = np.stack([1 - probability, probability], -1)[None]
    kind, target, outputs, __ = _scored(task, target, outputs, None)
    return {
        name: float(values[0]) for name, values in measure(kind, target, outputs[0], np.ones((len(target), 1))).items()
    }


def _over_seeds(
    task: str, target: np.ndarray, outputs: np.ndarray, weights: np.ndarray, names: Sequence[str]
) -> dict[str, np.ndarray]:
    """{metric: [S, R]}."""
    each = [measure(task, target, one, weights, names) for one in outputs]
    return {name: np.stack([found[name] for found in each]) for name in names}


def _bounds(values: np.ndarray) -> tuple[float, float]:
    values = values[np.isfinite(values)]
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _name(task: object) -> str:
    return task if isinstance(task, str) else task.name


def _scored(task: object, target: np.ndarray, outputs: np.ndarray, groups: Sequence[object] | None):
    """Task name, and target, outputs, groups of the cases that have a target and predictions."""
    kind, target, outputs = _name(task), np.asarray(target, float), np.asarray(outputs, float)
    keep = np.isfinite(target) & np.isfinite(outputs).all((0, 2))
    if kind != "regression":
        keep &= target >= 0
    kept = target[keep] if kind == "regression" else target[keep].astype(int)
    return kind, kept, outputs[:, keep], None if groups is None else np.asarray(groups)[keep]
