"""Metrics of the class that is decided for, the most probable one. Multiclass: averaged over classes.

A class absent from the cases says nothing; a class present but never predicted has precision 0.
"""

from __future__ import annotations

import numpy as np

from mmcore.base.settings import _
from mmcore.evaluation.metrics.base import Metric, WeightedCases, mean_of_defined, metrics, ratio


class Decision(Metric):
    """What is counted from true and predicted classes."""

    tasks = ("binary", "multiclass")


@metrics.register("accuracy")
class Accuracy(Decision):
    """Share of cases whose class was predicted."""

    place = 30

    @staticmethod
    def label() -> str:
        return _("Accuracy")

    def of(self, cases: WeightedCases) -> np.ndarray:
        return ratio(np.einsum("kkr->r", cases.confusion), cases.total)


@metrics.register("balanced_accuracy")
class BalancedAccuracy(Decision):
    """Recall averaged over classes."""

    needs_every_class = True
    place = 40

    @staticmethod
    def label() -> str:
        return _("Balanced accuracy")

    def of(self, cases: WeightedCases) -> np.ndarray:
        return mean_of_defined(_per_class(cases, "recall"))

    def count(self, cases: WeightedCases) -> float:
        return 2.0 * cases.support.min()

    def least_variance(self, cases: WeightedCases) -> float:
        """That of recalls a case further from 0 and 1: a class that was always missed could have been hit."""
        right = np.bincount(cases.target[cases.outputs.argmax(1) == cases.target], minlength=cases.outputs.shape[1])
        hits, support = right[np.unique(cases.target)], cases.support
        recall = (hits + 1) / (support + 2)
        return float((recall * (1 - recall) / support).sum() / len(support) ** 2)


@metrics.register("f1")
class F1(Decision):
    """Harmonic mean of precision and recall."""

    needs_every_class = True
    place = 50

    @staticmethod
    def label() -> str:
        return "F1"

    def of(self, cases: WeightedCases) -> np.ndarray:
        return _positive_or_mean(_per_class(cases, "f1"))

    def count(self, cases: WeightedCases) -> float:
        return min(_least(cases, cases.target), _least(cases, cases.outputs.argmax(1)))


@metrics.register("precision")
class Precision(Decision):
    """Share of the cases predicted to be of a class that are of it."""

    needs_every_class = True
    place = 60

    @staticmethod
    def label() -> str:
        return _("Precision")

    def of(self, cases: WeightedCases) -> np.ndarray:
        return _positive_or_mean(_per_class(cases, "precision"))

    def count(self, cases: WeightedCases) -> float:
        return _least(cases, cases.outputs.argmax(1))


@metrics.register("recall")
class Recall(Decision):
    """Share of the cases of a class that are predicted to be of it."""

    needs_every_class = True
    place = 70

    @staticmethod
    def label() -> str:
        return _("Recall")

    def of(self, cases: WeightedCases) -> np.ndarray:
        return _positive_or_mean(_per_class(cases, "recall"))

    def count(self, cases: WeightedCases) -> float:
        return _least(cases, cases.target)


def _least(cases: WeightedCases, classes: np.ndarray) -> float:
    """How many of these classes [N] are the positive one, or of one class on average."""
    counts = np.bincount(classes, minlength=cases.outputs.shape[1])
    return float(counts[1] if len(counts) == 2 else counts.mean())


def _per_class(cases: WeightedCases, name: str) -> np.ndarray:
    """[K, R]"""
    right = np.einsum("kkr->kr", cases.confusion)
    support, predicted = cases.confusion.sum(1), cases.confusion.sum(0)
    whole = {"recall": support, "precision": predicted, "f1": (support + predicted) / 2}[name]
    return np.where(support == 0, np.nan, right / np.maximum(whole, 1e-12))


def _positive_or_mean(values: np.ndarray) -> np.ndarray:
    return values[1] if len(values) == 2 else mean_of_defined(values)
