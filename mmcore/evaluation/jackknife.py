"""Leaving out one unit at a time: where every variance of a score comes from.

A unit is what was drawn independently of the rest: a group (patient, site) where there are groups, else a case, or a
block of cases chosen at random where they are many. Legend: N cases, U units, K outputs a case, P scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from mmcore.base.survival_times import events
from mmcore.evaluation.metrics import Metric, WeightedCases, metrics

MOST_UNITS = 1500  # above so many cases they are left out in blocks
BLOCKS = 500
_PACKED = 7  # facts that stand before the scores


@dataclass(frozen=True, eq=False)
class LeftOut:
    """Scores over the same units: value [P] of all cases, without [P, U] with each unit left out.

    grouped: whether units are groups of the cohort. class_units: how many units hold a case of the rarest class
    (infinite where there are no classes). count: see `Metric`. cases: N. rarest: cases of the rarest class, likewise.
    classes: that occur, 1 where there are none.
    shares: the shares that a score is the mean of, where it is one, share_of [K] the cases that each is of, and needed
    [K] the hits of each without which it would have no interval. class_of: [U] class of each unit where each
    is a case of a class, else empty.
    """

    value: np.ndarray
    without: np.ndarray
    grouped: bool
    class_units: float
    count: float
    cases: int
    rarest: float = float("inf")
    classes: int = 1
    shares: LeftOut | None = None
    share_of: np.ndarray = field(default_factory=lambda: np.empty(0))
    needed: np.ndarray = field(default_factory=lambda: np.empty(0))
    class_of: np.ndarray = field(default_factory=lambda: np.empty(0, int))

    @property
    def units(self) -> int:
        """U"""
        return self.without.shape[1]

    @property
    def defined(self) -> bool:
        return bool(np.isfinite(self.value).all() and np.isfinite(self.without).all())

    @cached_property
    def influence(self) -> np.ndarray:
        """[P, U] what each unit contributes to the error of the value; its squares add up to the variance."""
        return (self.value[:, None] - self.without) * np.sqrt((self.units - 1) / max(self.units, 1))

    @cached_property
    def variance(self) -> np.ndarray:
        """[P] jackknife variance (Efron and Stein 1981), about the value itself."""
        return (self.influence**2).sum(1)

    @cached_property
    def freedom(self) -> np.ndarray:
        """[P] degrees of freedom of the variance: units less one, fewer where few of them bring most of it.

        From the spread of the squares that are added up, as Satterthwaite (1946) does for normal ones.
        """
        squares = self.influence**2
        uneven = (squares**2).sum(1) / np.maximum(squares.sum(1) ** 2, 1e-300) - 1 / max(self.units, 1)
        return np.clip(2 / np.maximum(uneven, 1e-12), 1.0, max(self.units - 1.0, 1.0))

    def of_classes(self, averaged: bool) -> tuple[np.ndarray, np.ndarray]:
        """[P] variance and degrees of freedom where each class has a variance of its own.

        averaged: whether the score is an average over each class (AUROC): leaving out one of n cases then moves it by
        n / (n - 1) times its share, which few cases overstate; without that, it is the variance of DeLong et al.
        (1988). Degrees of freedom: by Welch (1947), or of the spread of the squares where these are more.
        """
        if not len(self.class_of):
            return self.variance, self.freedom
        count = np.bincount(self.class_of)
        count = count[count > 0]
        other = np.maximum(count - 1.0, 1.0)
        squares = np.stack([(self.influence[:, own] ** 2).sum(1) for own in self._units_by_class], 1)  # [P, classes]
        if averaged:
            squares = squares * np.where(count > 1, other / count, 1) * self.units / (self.units - 1)
        variance = squares.sum(1)
        welch = variance**2 / np.maximum((squares**2 / other).sum(1), 1e-300)
        return variance, np.clip(np.maximum(welch, self.freedom), 1.0, max(self.units - 1.0, 1.0))

    @property
    def _units_by_class(self) -> list[np.ndarray]:
        return [self.class_of == own for own in np.unique(self.class_of)]

    @property
    def least_variance(self) -> float:
        """A variance below which that of a mean of shares is not believed: of shares a case further from 0 and 1."""
        if self.shares is None:
            return 0.0
        of = self.share_of
        moved = (self.shares.value * of + 1) / (of + 2)
        return float((moved * (1 - moved) / of).sum() / len(of) ** 2)

    def combined(self, matrix: np.ndarray) -> LeftOut:
        """Linear combinations of the scores: matrix [Q, P]."""
        return replace(self, value=matrix @ self.value, without=matrix @ self.without)

    @property
    def independent(self) -> float:
        """What share of the cases counts as independent where the variance tells nothing: in groups, their number lies
        between that of the groups and that of the cases."""
        return (self.units / self.cases) ** 0.5 if self.grouped else 1.0

    @property
    def packed(self) -> np.ndarray:
        """One score as one array, for a cache."""
        facts = [self.grouped, self.class_units, self.count, self.cases, self.rarest, self.classes, self.units]
        return np.concatenate([facts, self.value, self.without[0], self.class_of])

    @classmethod
    def unpacked(cls, array: np.ndarray) -> LeftOut:
        grouped, class_units, count, cases, rarest, classes, units = array[:_PACKED]
        value, end = array[_PACKED : _PACKED + 1], _PACKED + 1 + int(units)
        facts = bool(grouped), float(class_units), float(count), int(cases), float(rarest), int(classes)
        return cls(value, array[None, _PACKED + 1 : end], *facts, class_of=array[end:].astype(int))


def leave_out(
    task: str,
    target: np.ndarray,
    outputs: np.ndarray,
    groups: np.ndarray | None,
    names: Sequence[str],
) -> dict[str, LeftOut]:
    """Metrics of predictions outputs [N, K] of all cases and without each unit; target [N], groups [N] or None."""
    member, units, grouped = members(len(target), groups)
    weights = np.ones((len(target), 1 + units), np.float32)
    weights[np.arange(len(target)), 1 + member] = 0
    cases = WeightedCases.of(task, target, outputs, weights)
    class_units, classes, rarest = _rarest_class(task, cases, member)
    alone = task in ("binary", "multiclass") and not grouped and units == len(target)
    class_of = np.asarray(target, int) if alone else np.empty(0, int)
    scores = {}
    for name in names:
        metric = metrics[name]()
        values = metric.of(cases).astype(float)
        facts = grouped, class_units, metric.count(cases), len(target), rarest, classes
        scores[name] = replace(
            LeftOut(values[:1], values[None, 1:], *facts, *_shares(metric, cases, facts)), class_of=class_of
        )
    return scores


def _rarest_class(task: str, cases: WeightedCases, member: np.ndarray) -> tuple[float, int, float]:
    """In how many units the rarest class lies, how many classes occur, and how many cases of the rarest there are."""
    if task == "regression":
        return float("inf"), 1, float("inf")
    if cases.survival:  # events are compared with one another, too: many of them are as good as half of the cases
        seen = events(cases.target)
        return _rarest(seen[seen], member[seen]), 2, float(min(seen.sum(), len(seen) / 2))
    rarest = float(cases.support.min(initial=len(cases.target)))
    if cases.labels:  # as many areas as there are labels
        return min(_rarest(own, member) for own in cases.held.T.astype(int)), cases.labels + 1, rarest
    return _rarest(cases.target, member), len(cases.support), rarest


def _shares(
    metric: Metric, cases: WeightedCases, facts: tuple[Any, ...]
) -> tuple[LeftOut, np.ndarray, np.ndarray] | tuple[()]:
    """The shares that a metric is the mean of, what each is of, and the hits that each needs; nothing for others."""
    counted = metric.shares(cases)
    if counted is None:
        return ()
    hits, whole = (np.asarray(part, float) for part in counted)
    some = whole[:, 0] > 0
    parts = hits[some] / np.maximum(whole[some], 1e-12)
    needed = metric.needed(cases)
    needed = np.zeros(len(some)) if needed is None else np.maximum(needed, 0)
    return LeftOut(parts[:, 0], parts[:, 1:], *facts), whole[some, 0], needed[some]


def members(cases: int, groups: np.ndarray | None) -> tuple[np.ndarray, int, bool]:
    """[N] number of the unit of each case, how many units there are, and whether they are groups of the cohort.

    Groups of a single case each are no groups.
    """
    if groups is not None and cases:
        names, member = np.unique(np.asarray(groups).astype(str), return_inverse=True)
        if len(names) < cases:
            return member, len(names), True
    if cases <= MOST_UNITS:
        return np.arange(cases), cases, False
    return np.random.default_rng(0).permutation(cases) % BLOCKS, BLOCKS, False


def stacked(scores: Sequence[LeftOut]) -> LeftOut:
    """Scores of several sets of predictions of the same cases as one."""
    return replace(
        scores[0],
        value=np.concatenate([score.value for score in scores]),
        without=np.concatenate([score.without for score in scores]),
        count=min(score.count for score in scores),
    )


def _rarest(classes: np.ndarray, member: np.ndarray) -> float:
    """In how many units the class lies that lies in the fewest."""
    pairs = np.unique(np.stack([classes, member]), axis=1)
    return float(np.unique(pairs[0], return_counts=True)[1].min()) if pairs.size else 0.0
