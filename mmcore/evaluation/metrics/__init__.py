"""The one table of metrics: name, label, direction, tasks, and which of them methods are compared by."""

from mmcore.evaluation.metrics.base import (
    Metric,
    Scale,
    WeightedCases,
    better,
    followed_in_training,
    labels_of,
    lower_is_better,
    measure,
    metric_label,
    metrics,
    metrics_of,
    primary_of,
)
from mmcore.evaluation.metrics.calibration import BINS, CalibrationCheck, calibration_check, confidence

__all__ = [
    "BINS",
    "CalibrationCheck",
    "Metric",
    "Scale",
    "WeightedCases",
    "better",
    "calibration_check",
    "confidence",
    "followed_in_training",
    "labels_of",
    "lower_is_better",
    "measure",
    "metric_label",
    "metrics",
    "metrics_of",
    "primary_of",
]
