"""What a metric is, and the one table of them.

Legend: N cases, K outputs a case, R columns of weights. A new metric is one class, in a file of this folder:

    @metrics.register("hit_rate")
    class HitRate(Metric):
        tasks = ("binary", "multiclass")

        @staticmethod
        def label() -> str:
            return _("Hit rate")

        def of(self, cases: WeightedCases) -> np.ndarray: ...
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import ClassVar

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.label_sets import memberships
from mmcore.base.registry import Registry
from mmcore.base.score_digits import AFTER_POINT
from mmcore.base.settings import _
from mmcore.base.survival_times import events, times_of
from mmcore.evaluation.kaplan_meier import still_followed
from mmcore.evaluation.pair_counts import Pairs, Ranking, pairs_of
from mmcore.training.tasks import Task
from mmcore.training.thresholds import divided


class Scale(StrEnum):
    """How values of a metric lie, which decides on what scale its interval is found."""

    SHARE = "share"  # between 0 and 1: a share of cases, or the mean of such shares
    AREA = "area"  # between 0 and 1: how often a case of a class stands above another
    PRECISION_AREA = "precision_area"  # between 0 and 1: precision averaged over positive cases
    ERROR = "error"  # from 0 upwards
    EXPLAINED = "explained"  # 1 less a ratio of errors, at most 1


@dataclass(frozen=True, eq=False)
class WeightedCases:
    """Predictions of N cases under R columns of weights, with what several metrics read off them, worked out once.

    target: [N] class index, set of labels, value for regression, or signed time; outputs: [N, K] probabilities (of
    labels with their thresholds, [N, 2 L], of horizons with their times, [N, 2 H]), or [N, 1] values; weights: [N, R]
    how often each case counts. A column of ones gives the plain metric. Nothing loops over columns: sort once, then
    cumulative sums and products.
    """

    target: np.ndarray
    outputs: np.ndarray
    weights: np.ndarray
    labels: int = 0  # L of a task with several labels, else 0
    survival: bool = False

    @classmethod
    def of(cls, task: str, target: np.ndarray, outputs: np.ndarray, weights: np.ndarray) -> WeightedCases:
        """As the task has them."""
        kind = float if task in ("regression", "survival") else int
        return cls(np.asarray(target, kind), outputs, weights, labels_of(task, outputs), task == "survival")

    @property
    def horizons(self) -> np.ndarray:
        """[H] times by which the probability of the event was told, the same of all cases.

        Outputs are kept in single precision, in which 0.7 lies below 0.7: an event at the horizon itself would count
        as one after it.
        """
        return times_of([f"{time:.6g}" for time in self.outputs[0, self.outputs.shape[1] // 2 :]])

    @property
    def probabilities(self) -> np.ndarray:
        """[N, H] of the event by each horizon."""
        return self.outputs[:, : self.outputs.shape[1] // 2]

    @cached_property
    def pairs(self) -> Pairs:
        """Of survival: each event against later cases."""
        return pairs_of(self.target, self.probabilities.astype(float).mean(1), self.weights)

    @cached_property
    def still_followed(self) -> tuple[np.ndarray, np.ndarray]:
        """Of survival: [N, R] share not censored before, and at, each case's own time."""
        return still_followed(self.target, self.weights)

    @cached_property
    def held(self) -> np.ndarray:
        """[N, L] bool: the labels of each case."""
        return memberships(self.target, self.labels)

    @cached_property
    def called(self) -> np.ndarray:
        """[N, L] bool: the labels whose probability reaches their threshold."""
        probabilities, thresholds = divided(self.outputs, self.labels)
        called: np.ndarray = probabilities >= thresholds
        return called

    @cached_property
    def total(self) -> np.ndarray:
        """[R]"""
        return self.weights.sum(0, dtype=float)

    @cached_property
    def confusion(self) -> np.ndarray:
        """[true class, predicted class, R]"""
        classes = self.outputs.shape[1]
        cell = self.target * classes + self.outputs.argmax(1)
        table = (np.arange(classes**2)[:, None] == cell).astype(self.weights.dtype) @ self.weights
        return table.astype(float).reshape(classes, classes, -1)

    @cached_property
    def support(self) -> np.ndarray:
        """[classes that occur] number of cases of each, whatever their weights; [L] of each label the cases with it, or
        those without if they are fewer; of survival the events and the others."""
        if self.labels:
            counts: np.ndarray = self.held.sum(0)
            return np.minimum(counts, len(self.held) - counts)
        if self.survival:
            return np.array([events(self.target).sum(), (~events(self.target)).sum()])
        return np.unique(self.target, return_counts=True)[1]

    @cached_property
    def rankings(self) -> list[Ranking]:
        """Of the positive class, of each class against the rest, or of each label."""
        if self.labels:
            return [Ranking(self.held[:, k], self.outputs[:, k], self.weights) for k in range(self.labels)]
        classes = [1] if self.outputs.shape[1] == 2 else range(self.outputs.shape[1])
        return [Ranking(self.target == k, self.outputs[:, k], self.weights) for k in classes]


class Metric(ABC):
    """A number that says how good predictions are. higher_is_better: its direction. tasks: where it is defined.

    primary: tasks whose methods are compared by it. place: where it stands in lists, lower first. scale: see `Scale`.
    chance: its value for predictions that know nothing, where that is a constant. needs_every_class: whether it is
    defined only where cases of every class are. fewest: below so many cases (see `count`) no interval would hold.
    believed: share of the degrees of freedom that few cases seem to leave; less where long tails hide from them.
    in_unit: whether it is counted in the target's unit, such as days or mmHg, in which 0.001 may mean nothing.
    """

    name: ClassVar[str]
    higher_is_better: ClassVar[bool] = True
    tasks: ClassVar[tuple[str, ...]]
    primary: ClassVar[tuple[str, ...]] = ()
    place: ClassVar[int] = 1000
    scale: ClassVar[Scale] = Scale.SHARE
    chance: ClassVar[float | None] = None
    needs_every_class: ClassVar[bool] = False
    fewest: ClassVar[int] = 5
    believed: ClassVar[float] = 1.0
    in_unit: ClassVar[bool] = False

    @staticmethod
    @abstractmethod
    def label() -> str:
        """Its name as a reader knows it, in the reader's language."""

    @abstractmethod
    def of(self, cases: WeightedCases) -> np.ndarray:
        """[R], NaN where a column of weights leaves the metric undefined (a single class, say)."""

    def count(self, cases: WeightedCases) -> float:
        """How many cases it speaks of: all, or those of a class."""
        return float(len(cases.target))

    def shares(self, cases: WeightedCases) -> tuple[np.ndarray, np.ndarray] | None:
        """Weight of the hits, and of all that could be, [K, R] each, of the K shares that it is the mean of (after
        `of_share`); None where it is no mean of shares. A share of nothing is no part of the mean."""
        return None

    def needed(self, cases: WeightedCases) -> np.ndarray | None:
        """Hits of each of the K shares below which there would be no interval (see `count`), where the hits themselves
        have a say in that; None where they have none."""
        return None

    @staticmethod
    def of_share(share: np.ndarray) -> np.ndarray:
        """What a share counts for; rising."""
        return share

    @classmethod
    def estimate(
        cls, target: np.ndarray, outputs: np.ndarray, member: np.ndarray | None
    ) -> tuple[float, float, float] | None:
        """Value, low and high of its 95% interval, of a metric whose plain value is biased; None of any other.

        target: [N]; outputs: [N, K]; member: [N] number of the group of each case, None without groups.
        """
        return None

    @classmethod
    def unavailable(cls) -> str | None:
        return None


metrics: Registry[Metric] = Registry("metric", "mmcore.evaluation.metrics")


@cache
def metrics_of(task: str) -> tuple[str, ...]:
    """Names of the metrics of a task, in the order they are listed in."""
    listed = sorted(((part.place, name) for name, part in metrics.items() if task in part.tasks))
    return tuple(name for _place, name in listed)


@cache
def primary_of(task: str) -> str:
    """The metric by which the methods of a task are compared; the first of its metrics where the file of that one is
    broken. Raises BadInput if there is none."""
    names = metrics_of(task)
    named = [name for name in names if task in metrics[name].primary] or names
    if named:
        return named[0]
    raise BadInput(
        _("No metric is named for the task '{task}'.").format(task=task),
        _("Tasks are: {tasks}.").format(
            tasks=", ".join(sorted({t for _n, part in metrics.items() for t in part.tasks}))
        ),
    )


def followed_in_training(task: str) -> str:
    """The metric that the training curve of the validation part shows."""
    return Task.model_validate({"name": task}).followed


def metric_label(name: str) -> str:
    """How a reader knows a metric; the name itself where it is in no list."""
    return metrics[name].label() if name in metrics else name


def lower_is_better(name: str) -> bool:
    """True for errors. A metric in no list counts as one of which more is better."""
    return name in metrics and not metrics[name].higher_is_better


def gap_digits(metric: str, *ends: float) -> int:
    """Digits after the point of a difference in a metric. ends: the difference and the ends of its interval; in the
    target's unit, its margin of error gets two digits that tell, or the difference itself where there is none."""
    finite = [end for end in ends if np.isfinite(end)]
    if not (metric in metrics and metrics[metric].in_unit and finite):
        return AFTER_POINT
    size = (max(finite) - min(finite)) / 2 or abs(finite[0])
    return min(max(0, 1 - int(np.floor(np.log10(size)))), 6) if size else AFTER_POINT


def better(metric: str) -> Callable[[float], float]:
    """A key to sort by: larger is better for every metric."""
    return (lambda value: -value) if lower_is_better(metric) else (lambda value: value)


def measure(
    task: str, target: np.ndarray, outputs: np.ndarray, weights: np.ndarray, names: Sequence[str] | None = None
) -> dict[str, np.ndarray]:
    """Every metric of `task` (or those named) under each column of weights: {metric: [R]}, NaN where undefined.

    target, outputs, weights: see `WeightedCases`.
    Raises NotFound for a metric that is in no list.
    """
    cases = WeightedCases.of(task, target, outputs, weights)
    return {name: metrics[name]().of(cases) for name in (metrics_of(task) if names is None else names)}


def labels_of(task: str, outputs: np.ndarray) -> int:
    """L of outputs [..., 2 L] of a task with several labels, kept with their thresholds; 0 for other tasks."""
    return outputs.shape[-1] // 2 if task == "multilabel" else 0


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole, NaN where there is no whole."""
    whole = np.asarray(whole, float)
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)


def mean_of_defined(values: np.ndarray) -> np.ndarray:
    """Mean over the first dimension, leaving out NaN: [K, R] -> [R]."""
    defined = np.isfinite(values)
    return ratio(np.where(defined, values, 0).sum(0), defined.sum(0))
