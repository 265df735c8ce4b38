"""Metrics of the class that is decided for, the most probable one. Multiclass: averaged over classes.

A class absent from the cases says nothing; a class present but never predicted has precision 0.
"""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from mmcore.base.settings import _
from mmcore.evaluation.metrics.base import Metric, WeightedCases, mean_of_defined, metrics, ratio

FEWEST = 10  # cases that a share must be of: below, its steps are too coarse for any interval
DECIDED = 5  # cases that must be decided for a class, else how well that is done cannot be told


class Decision(Metric):
    """What is counted from true and predicted classes."""

    tasks = ("binary", "multiclass")


class OfClasses(Decision):
    """Of the positive class, or averaged over classes that occur."""

    needs_every_class = True
    fewest = FEWEST

    def of(self, cases: WeightedCases) -> np.ndarray:
        hits, whole = self.shares(cases)
        return mean_of_defined(self.of_share(ratio(hits, whole)))

    def count(self, cases: WeightedCases) -> float:
        decided = _least(cases, cases.outputs.argmax(1))
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

    place = 50

    @staticmethod
    def label() -> str:
        return "F1"

    def shares(self, cases: WeightedCases) -> tuple[np.ndarray, np.ndarray]:
        hits, support = np.einsum("kkr->kr", cases.confusion), cases.confusion.sum(1)
        either = np.where(support > 0, support + cases.confusion.sum(0) - hits, 0)
        return _of_interest(hits, either)

    @staticmethod
    def of_share(share: np.ndarray) -> np.ndarray:
        return 2 * share / (1 + share)


@metrics.register("precision")
class Precision(OfClasses):
    """Share of the cases predicted to be of a class that are of it."""

    place = 60

    @staticmethod
    def label() -> str:
        return _("Precision")

    def count(self, cases: WeightedCases) -> float:
        return _least(cases, cases.outputs.argmax(1))

    def needed(self, cases: WeightedCases) -> np.ndarray | None:
        return None  # how many are decided for is given, whatever is hit of them

    def shares(self, cases: WeightedCases) -> tuple[np.ndarray, np.ndarray]:
        decided, support = cases.confusion.sum(0), cases.confusion.sum(1)
        decided = np.where(support > 0, np.maximum(decided, 1e-12), 0)  # never predicted: 0
        return _of_interest(np.einsum("kkr->kr", cases.confusion), decided)


@metrics.register("recall")
class Recall(OfClasses):
    """Share of the cases of a class that are predicted to be of it."""

    place = 70

    @staticmethod
    def label() -> str:
        return _("Recall")

    def shares(self, cases: WeightedCases) -> tuple[np.ndarray, np.ndarray]:
        return _of_interest(np.einsum("kkr->kr", cases.confusion), cases.confusion.sum(1))


def _least(cases: WeightedCases, classes: np.ndarray) -> float:
    """How many of these classes [N] are the positive one, or of one class on average."""
    counts = np.bincount(classes, minlength=cases.outputs.shape[1])
    return float(counts[1] if len(counts) == 2 else counts.mean())


def _of_interest(hits: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the positive class of two, or of each of several; classes in rows."""
    return (hits[1:], whole[1:]) if len(hits) == 2 else (hits, whole)
