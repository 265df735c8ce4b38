"""Metrics that read the order of the scores alone. Averaged over classes (each against the rest), or over labels."""

from __future__ import annotations

import numpy as np

from mmcore.evaluation.metrics.base import Metric, Scale, WeightedCases, mean_of_defined, metrics, ratio
from mmcore.evaluation.pair_counts import Ranking


@metrics.register("auroc")
class Auroc(Metric):
    """Area under the ROC curve; ties count half."""

    tasks = primary = ("binary", "multiclass", "multilabel")
    needs_every_class = True
    scale = Scale.AREA
    place = 10
    chance = 0.5

    @staticmethod
    def label() -> str:
        return "AUROC"

    def of(self, cases: WeightedCases) -> np.ndarray:
        return mean_of_defined(np.stack([auroc(ranking) for ranking in cases.rankings]))

    def count(self, cases: WeightedCases) -> float:
        return float(cases.support.min())


@metrics.register("auprc")
class Auprc(Metric):
    """Average precision."""

    tasks = ("binary", "multiclass", "multilabel")
    needs_every_class = True
    scale = Scale.PRECISION_AREA
    fewest = 20  # of few positive cases it is biased upwards by as much as it scatters
    place = 20

    @staticmethod
    def label() -> str:
        return "AUPRC"

    def of(self, cases: WeightedCases) -> np.ndarray:
        return mean_of_defined(np.stack([average_precision(ranking) for ranking in cases.rankings]))

    def count(self, cases: WeightedCases) -> float:
        return float(cases.support.min())


def auroc(ranking: Ranking) -> np.ndarray:
    """[R]"""
    false_before = ranking.passed_before - ranking.hits_before
    false_until = ranking.passed_until - ranking.hits_until
    overtaken = np.einsum("pr,pr->r", ranking.weight, 0.5 * (false_before + false_until), dtype=float)
    return np.where(ranking.defined, 1 - ratio(overtaken, ranking.positives * ranking.negatives), np.nan)


def average_precision(ranking: Ranking) -> np.ndarray:
    """[R]"""
    precision = ranking.hits_until / np.maximum(ranking.passed_until, 1e-12)
    summed = np.einsum("pr,pr->r", ranking.weight, precision, dtype=float)
    return np.where(ranking.defined, ratio(summed, ranking.positives), np.nan)
