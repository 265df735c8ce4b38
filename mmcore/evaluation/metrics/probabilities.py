"""Metrics of the stated probabilities themselves."""

from __future__ import annotations

import numpy as np

from mmcore.base.settings import _
from mmcore.evaluation.metrics.base import Metric, Scale, WeightedCases, metrics, ratio

BINS = 10  # of predicted probability, equally wide, for calibration
LEAST = 1e-7  # a probability that log-loss takes as it is; one below counts as this


@metrics.register("brier")
class Brier(Metric):
    """Mean squared error of the probabilities. Multiclass: summed over classes."""

    tasks = ("binary", "multiclass")
    higher_is_better = False
    scale = Scale.ERROR
    place = 80

    @staticmethod
    def label() -> str:
        return _("Brier score")

    def of(self, cases: WeightedCases) -> np.ndarray:
        return ratio(_squared_error(cases.target, cases.outputs) @ cases.weights, cases.total)


@metrics.register("log_loss")
class LogLoss(Metric):
    """Mean negative logarithm of the probability that was given to the true class, in nats."""

    tasks = ("binary", "multiclass")
    higher_is_better = False
    scale = Scale.ERROR
    place = 85

    @staticmethod
    def label() -> str:
        return _("Log-loss")

    def of(self, cases: WeightedCases) -> np.ndarray:
        stated = cases.outputs[np.arange(len(cases.target)), cases.target]
        return ratio(-np.log(np.clip(stated, LEAST, 1)) @ cases.weights, cases.total)


@metrics.register("ece")
class CalibrationError(Metric):
    """Mean distance of stated probability and share that came true, over bins (Guo et al. 2017).

    Multiclass: of the predicted class. Binary: of the positive class.
    """

    tasks = ("binary", "multiclass")
    higher_is_better = False
    scale = Scale.ERROR
    place = 90

    @staticmethod
    def label() -> str:
        return _("Calibration error")

    def of(self, cases: WeightedCases) -> np.ndarray:
        stated, true, bin_of = confidence(cases.target, cases.outputs)
        gap = (np.arange(BINS)[:, None] == bin_of) * (true - stated)  # [BINS, N]
        return ratio(np.abs(gap.astype(cases.weights.dtype) @ cases.weights).sum(0), cases.total)


def confidence(target: np.ndarray, outputs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What calibration compares: stated probability [N], whether it came true [N] float, and its bin [N] int."""
    if outputs.shape[1] == 2:
        stated, true = outputs[:, 1], (target == 1).astype(float)
    else:
        stated, true = outputs.max(1), (outputs.argmax(1) == target).astype(float)
    return stated, true, np.clip((stated * BINS).astype(int), 0, BINS - 1)


def _squared_error(target: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Of the probabilities of each case: [N]."""
    if outputs.shape[1] == 2:
        return (outputs[:, 1] - target) ** 2
    return ((outputs - np.eye(outputs.shape[1])[target]) ** 2).sum(1)
