"""Metrics of the class that is decided for, the most probable one. Multiclass: averaged over classes. Several labels:
each is decided for where its probability reaches its threshold, and the metric is averaged over them.

A class absent from the cases says nothing; a class present but never predicted has precision 0.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import numpy as np

from mmcore.base.settings import _
from mmcore.evaluation.metrics.base import Metric, WeightedCases, mean_of_defined, metrics, ratio

FEWEST = 10  # cases that a share must be of: below, its steps are too coarse for any interval
DECIDED = 5  # cases that must be decided for a class, else how well that is done cannot be told


class Decision(Metric):
    """What is counted from true and predicted classes."""

    tasks: ClassVar[tuple[str, ...]] = ("binary", "multiclass")


class OfClasses(Decision):
    """Of the positive class, or averaged over classes (or labels) that occur."""

    needs_every_class = True
    fewest = FEWEST

    def of(self, cases: WeightedCases) -> np.ndarray:
        hits, whole = self.shares(cases)
        return mean_of_defined(self.of_share(ratio(hits, whole)))

    def count(self, cases: WeightedCases) -> float:
        decided = _least_decided(cases)
        return min(_least(cases, cases.target), decided * FEWEST / DECIDED)

    def needed(self, cases: WeightedCases) -> np.ndarray | None:
        """Of two classes: what false alarms leave to be decided. (Of several, all cases are decided for some class.)"""
        return None if len(cases.confusion) > 2 else DECIDED - cases.confusion[0, 1:, 0]

    @abstractmethod
    def shares(self, cases: WeightedCases) -> tuple[np.ndarray, np.ndarray]: ...


@metrics.register("accuracy")
class Accuracy(Decision):
    """Share of cases whose class was predicted."""

    place = 30

    @staticmethod
    def label() -> str:
        return _("Accuracy")

    def of(self, cases: WeightedCases) -> np.ndarray:
        return ratio(np.einsum("kkr->r", cases.confusion), cases.total)

    def shares(self, cases: WeightedCases) -> tuple[np.ndarray, np.ndarray]:
        return np.einsum("kkr->r", cases.confusion)[None], cases.total[None]


@metrics.register("balanced_accuracy")
class BalancedAccuracy(OfClasses):
    """Recall averaged over classes."""

    place = 40

    @staticmethod
    def label() -> str:
        return _("Balanced accuracy")

    def count(self, cases: WeightedCases) -> float:
        rarest = min(cases.support.min(), _least(cases, cases.target))
        return min(rarest, _least(cases, cases.outputs.argmax(1)) * FEWEST / DECIDED)

    def needed(self, cases: WeightedCases) -> np.ndarray | None:
        positive = super().needed(cases)
        return None if positive is None else np.concatenate([[0.0], positive])

    def shares(self, cases: WeightedCases) -> tuple[np.ndarray, np.ndarray]:
        return np.einsum("kkr->kr", cases.confusion), cases.confusion.sum(1)


@metrics.register("f1")
class F1(OfClasses):
    """Harmonic mean of precision and recall: 2 J / (1 + J), where J is the share of hits among all cases that are of
    the class or decided for it (Jaccard)."""

    tasks = ("binary", "multiclass", "multilabel")
    place = 50

    @staticmethod
    def label() -> str:
        return "F1"

    def shares(self, cases: WeightedCases) -> tuple[np.ndarray, np.ndarray]:
        hits, support, decided = _counts(cases)
        either = np.where(support > 0, support + decided - hits, 0)
        return _of_interest(cases, hits, either)

    @staticmethod
    def of_share(share: np.ndarray) -> np.ndarray:
        return 2 * share / (1 + share)


@metrics.register("precision")
class Precision(OfClasses):
    """Share of the cases predicted to be of a class that are of it."""

    tasks = ("binary", "multiclass", "multilabel")
    place = 60

    @staticmethod
    def label() -> str:
        return _("Precision")

    def count(self, cases: WeightedCases) -> float:
        return _least_decided(cases)

    def needed(self, cases: WeightedCases) -> np.ndarray | None:
        return None  # how many are decided for is given, whatever is hit of them

    def shares(self, cases: WeightedCases) -> tuple[np.ndarray, np.ndarray]:
        hits, support, decided = _counts(cases)
        decided = np.where(support > 0, np.maximum(decided, 1e-12), 0)  # never predicted: 0
        return _of_interest(cases, hits, decided)


@metrics.register("recall")
class Recall(OfClasses):
    """Share of the cases of a class that are predicted to be of it."""

    tasks = ("binary", "multiclass", "multilabel")
    place = 70

    @staticmethod
    def label() -> str:
        return _("Recall")

    def shares(self, cases: WeightedCases) -> tuple[np.ndarray, np.ndarray]:
        hits, support, _decided = _counts(cases)
        return _of_interest(cases, hits, support)


def _counts(cases: WeightedCases) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weight of the hits, of the cases and of the decisions of each class or label, [K, R] each."""
    if cases.labels:
        parts = (cases.held & cases.called, cases.held, cases.called)
        hits, support, decided = (part.T.astype(cases.weights.dtype) @ cases.weights for part in parts)
        return hits.astype(float), support.astype(float), decided.astype(float)
    return np.einsum("kkr->kr", cases.confusion), cases.confusion.sum(1), cases.confusion.sum(0)


def _least_decided(cases: WeightedCases) -> float:
    """How many cases are decided for the positive class, or for a class or label on average."""
    if cases.labels:
        return float(cases.called.sum(0).mean())
    return _least(cases, cases.outputs.argmax(1))


def _least(cases: WeightedCases, classes: np.ndarray) -> float:
    """How many of these classes [N] are the positive one, or of one class on average."""
    if cases.labels:
        return float(cases.held.sum(0).mean())
    counts = np.bincount(classes, minlength=cases.outputs.shape[1])
    return float(counts[1] if len(counts) == 2 else counts.mean())


def _of_interest(cases: WeightedCases, hits: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the positive class of two, or of each of several classes or labels, in rows."""
    return (hits[1:], whole[1:]) if len(hits) == 2 and not cases.labels else (hits, whole)
