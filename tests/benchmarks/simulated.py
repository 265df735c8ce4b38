"""Cohorts whose truth is known, for simulations of intervals and verdicts. Shared by benchmarks and small tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from mmcore.evaluation import measure, scores
from mmcore.evaluation.calibration_error import calibration_check

LARGE = 200_000  # cases that stand for all there are


@dataclass(frozen=True)
class Model:
    """Two normal classes and calibrated probabilities of them. groups: how many, 0 for none; uneven: how much they
    differ, in ease, in level, in size and in prevalence."""

    prevalence: float
    auroc: float
    groups: int = 0
    per_group: int = 20
    uneven: float = 0.0

    def draw(self, rng: np.random.Generator, cases: int) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """target [N], outputs [1, N, 2], groups [N] or None. With groups their number and size decide N."""
        distance, logit = stats.norm.ppf(self.auroc) * 2**0.5, np.log(self.prevalence / (1 - self.prevalence))
        group, shifts, slopes, levels = None, 0.0, distance, logit
        if self.groups:
            sizes = np.maximum(3, rng.lognormal(np.log(self.per_group), self.uneven, self.groups).astype(int))
            group = np.repeat(np.arange(self.groups), sizes)
            cases = len(group)
            shifts, slope, level = self.uneven * rng.normal(size=(3, self.groups))[:, group]
            slopes, levels = distance + slope, logit + level
        target = (rng.random(cases) < 1 / (1 + np.exp(-levels * np.ones(cases)))).astype(int)
        x = rng.normal(size=cases) + slopes * target + shifts
        stated = distance * x - distance**2 / 2 if distance else 0.5 * x
        p = 1 / (1 + np.exp(-(stated + logit)))
        return target, np.stack([1 - p, p], -1)[None], group

    def truth(self, names: tuple[str, ...]) -> dict[str, float]:
        """The metrics of endlessly many cases, or groups."""
        many = Model(self.prevalence, self.auroc, LARGE // self.per_group, self.per_group, self.uneven)
        target, outputs, _group = (many if self.groups else self).draw(np.random.default_rng(99), LARGE)
        values = measure("binary", target, outputs[0], np.ones((len(target), 1)), names)
        results = {name: float(value[0]) for name, value in values.items()}
        if "ece" in results:
            right = not self.uneven and self.auroc > 0.5  # by construction
            results["ece"] = 0.0 if right else calibration_check(target, outputs[0]).error
        return results


@dataclass(frozen=True)
class Coverage:
    """bounded: share of cohorts that got an interval; holds: share of these that hold the truth; below, above: on which
    side the others miss it (the truth is below the interval, or above)."""

    bounded: float
    holds: float
    below: float
    above: float


def coverage(model: Model, cases: int, names: tuple[str, ...], simulations: int, seed: int = 1) -> dict[str, Coverage]:
    rng, truth = np.random.default_rng(seed), model.truth(names)
    misses: dict[str, list[tuple[bool, bool]]] = {name: [] for name in names}
    for _number in range(simulations):
        target, outputs, group = model.draw(rng, cases)
        if len(target) == 0 or len(np.unique(target)) < 2:
            continue
        for name, interval in scores("binary", target, outputs, group, metrics=names).items():
            if np.isfinite(interval.low):
                slack = 0.0011 if name == "ece" and truth[name] else 0.0  # it is found on a grid of that step
                misses[name].append((truth[name] < interval.low - slack, truth[name] > interval.high + slack))
    result = {}
    for name, rows in misses.items():
        sides = np.mean(rows, axis=0) if rows else np.full(2, np.nan)
        result[name] = Coverage(len(rows) / simulations, float(1 - sides.sum()), float(sides[0]), float(sides[1]))
    return result


def equal_methods(
    rng: np.random.Generator, cases: int, prevalence: float, methods: int, signal: float = 1.2
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """target [N] and, by method, outputs [1, N, 2] that are equally good, with part of their errors in common."""
    target = (rng.random(cases) < prevalence).astype(int)
    common = signal * target + 0.7 * rng.normal(size=cases)
    outputs = {}
    for number in range(methods):
        p = 1 / (1 + np.exp(-(common + 0.7 * rng.normal(size=cases) - signal / 2)))
        outputs[f"method {number}"] = np.stack([1 - p, p], -1)[None]
    return target, outputs


def cross_validated(
    rng: np.random.Generator, cases: int, width: int, gap: float, folds: int = 5
) -> tuple[np.ndarray, np.ndarray]:
    """target [N] and out-of-fold outputs [1, N, 2] of a ridge classifier; one of the features tells of the target."""
    target = rng.integers(0, 2, cases)
    features = rng.normal(size=(cases, width))
    features[:, 0] += gap * target
    return target, ridge_out_of_fold(rng, features, target, folds)


def ridge_out_of_fold(rng: np.random.Generator, features: np.ndarray, target: np.ndarray, folds: int) -> np.ndarray:
    """[1, N, 2]"""
    fold_of, value = rng.permutation(len(target)) % folds, np.zeros(len(target))
    for k in range(folds):
        learn = fold_of != k
        centre = features[learn].mean(0)
        x = features[learn] - centre
        weights = np.linalg.solve(x.T @ x + 10 * np.eye(x.shape[1]), x.T @ (target[learn] - target[learn].mean()))
        value[~learn] = (features[~learn] - centre) @ weights
    p = 1 / (1 + np.exp(-4 * value))
    return np.stack([1 - p, p], -1)[None]
