"""The one table of metrics: name, label, direction, tasks, and which of them methods are compared by."""

from mmcore.evaluation.metrics.base import (
    Metric,
    Scale,
    WeightedCases,
    better,
    followed_in_training,
    gap_digits,
    labels_of,
    lower_is_better,
    measure,
    metric_label,
    metrics,
    metrics_of,
    primary_of,
)

__all__ = [
    "Metric",
    "Scale",
    "WeightedCases",
    "better",
    "followed_in_training",
    "gap_digits",
    "labels_of",
    "lower_is_better",
    "measure",
    "metric_label",
    "metrics",
    "metrics_of",
    "primary_of",
]
