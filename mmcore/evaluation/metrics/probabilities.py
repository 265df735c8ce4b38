"""Metrics of the stated probabilities themselves."""

from __future__ import annotations

import numpy as np

from mmcore.base.settings import _
from mmcore.evaluation.metrics.base import Metric, Scale, WeightedCases, metrics, ratio

FEWEST = 10  # cases of the rarest class, which bring most of the error
LEAST = 1e-7  # a probability that log-loss takes as it is; one below counts as this


@metrics.register("brier")
class Brier(Metric):
    """Mean squared error of the probabilities. Multiclass: summed over classes; several labels: their mean."""

    tasks = ("binary", "multiclass", "multilabel")
    higher_is_better = False
    scale = Scale.ERROR
    fewest = FEWEST
    place = 80

    @staticmethod
    def label() -> str:
        return _("Brier score")

    def of(self, cases: WeightedCases) -> np.ndarray:
        if cases.labels:
            errors = ((cases.outputs[:, : cases.labels] - cases.held) ** 2).mean(1)
        else:
            errors = _squared_error(cases.target, cases.outputs)
        return ratio(errors @ cases.weights, cases.total)

    def count(self, cases: WeightedCases) -> float:
        return float(cases.support.min())


@metrics.register("log_loss")
class LogLoss(Metric):
    """Mean negative logarithm of the probability that was given to the true class, in nats; of labels their mean."""

    tasks = ("binary", "multiclass", "multilabel")
    higher_is_better = False
    scale = Scale.ERROR
    fewest = FEWEST
    place = 85

    @staticmethod
    def label() -> str:
        return _("Log-loss")

    def of(self, cases: WeightedCases) -> np.ndarray:
        if cases.labels:
            positive = cases.outputs[:, : cases.labels]
            stated = np.clip(np.where(cases.held, positive, 1 - positive), LEAST, 1)
            return ratio(-np.log(stated).mean(1) @ cases.weights, cases.total)
        stated = cases.outputs[np.arange(len(cases.target)), cases.target]
        return ratio(-np.log(np.clip(stated, LEAST, 1)) @ cases.weights, cases.total)

    def count(self, cases: WeightedCases) -> float:
        return float(cases.support.min())


def _squared_error(target: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Of the probabilities of each case: [N]."""
    if outputs.shape[1] == 2:
        return (outputs[:, 1] - target) ** 2
    return ((outputs - np.eye(outputs.shape[1])[target]) ** 2).sum(1)
