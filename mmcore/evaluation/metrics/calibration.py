"""The metric of calibration; how its bias is taken off is told in `evaluation.calibration_error`."""

from __future__ import annotations

import numpy as np

from mmcore.base.settings import _
from mmcore.evaluation.calibration_error import BINS, calibration_check, confidence
from mmcore.evaluation.metrics.base import Metric, Scale, WeightedCases, metrics, ratio


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

    @classmethod
    def estimate(cls, target: np.ndarray, outputs: np.ndarray, member: np.ndarray | None) -> tuple[float, float, float]:
        check = calibration_check(target, outputs, member)
        return check.error, check.low, check.high
