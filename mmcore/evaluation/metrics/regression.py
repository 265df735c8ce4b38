"""Metrics of predicted values, in the target's unit."""

from __future__ import annotations

import numpy as np

from mmcore.evaluation.metrics.base import Metric, Scale, WeightedCases, metrics, ratio


@metrics.register("mae")
class MeanAbsoluteError(Metric):
    """Mean absolute error."""

    tasks = ("regression",)
    higher_is_better = False
    scale = Scale.ERROR
    in_unit = True
    place = 10

    @staticmethod
    def label() -> str:
        return "MAE"

    def of(self, cases: WeightedCases) -> np.ndarray:
        return ratio(np.abs(cases.target - cases.outputs[:, 0]) @ cases.weights.astype(float), cases.total)


@metrics.register("rmse")
class RootMeanSquaredError(Metric):
    """Root of the mean squared error."""

    tasks = primary = ("regression",)
    higher_is_better = False
    scale = Scale.ERROR
    in_unit = True
    believed = 0.5  # squares of errors with long tails have longer ones; by simulation
    place = 20

    @staticmethod
    def label() -> str:
        return "RMSE"

    def of(self, cases: WeightedCases) -> np.ndarray:
        return np.sqrt(_mean_square(cases))


@metrics.register("r2")
class ExplainedVariance(Metric):
    """1 less the squared error as a share of the target's variance."""

    tasks = ("regression",)
    scale = Scale.EXPLAINED
    chance = 0.0
    place = 30

    @staticmethod
    def label() -> str:
        return "R²"

    def of(self, cases: WeightedCases) -> np.ndarray:
        weights, target = cases.weights.astype(float), cases.target
        centred = target - target.mean()  # first: the variance of large numbers would else lose its digits
        variance = ratio(centred**2 @ weights, cases.total) - ratio(centred @ weights, cases.total) ** 2
        varies = variance > 1e-12 * max(np.var(target), 1e-300)
        return np.where(varies, 1 - _mean_square(cases) / np.where(varies, variance, 1), np.nan)


def _mean_square(cases: WeightedCases) -> np.ndarray:
    return ratio((cases.target - cases.outputs[:, 0]) ** 2 @ cases.weights.astype(float), cases.total)
