"""Evaluation: metrics, intervals and differences between methods."""

from mmcore.evaluation.bootstrap import RESAMPLES, resamples
from mmcore.evaluation.by_group import GroupScore, scores_by_group
from mmcore.evaluation.calibration_error import BINS, CalibrationCheck, calibration_check
from mmcore.evaluation.curves import (
    Calibration,
    Confusion,
    Roc,
    Scatter,
    calibration,
    calibration_check_of,
    confusion,
    roc,
    scatter,
    statements,
)
from mmcore.evaluation.intervals import (
    Caution,
    Difference,
    Interval,
    IntervalMethod,
    ceiling,
    difference,
    paired,
    scores,
)
from mmcore.evaluation.learning_curve import LearningCurve, fit_learning_curve
from mmcore.evaluation.metrics import (
    Metric,
    better,
    followed_in_training,
    gap_digits,
    lower_is_better,
    measure,
    metric_label,
    metrics,
    metrics_of,
    primary_of,
)
from mmcore.evaluation.need import Answer, FusionFinding, FusionNeed, need_of_fusion
from mmcore.evaluation.subsets import InputShare, SubsetShares, shapley_shares
from mmcore.evaluation.verdicts import ComparedMethods, MethodVerdict, Verdict, compare_methods

__all__ = [
    "BINS",
    "RESAMPLES",
    "Answer",
    "Calibration",
    "CalibrationCheck",
    "Caution",
    "ComparedMethods",
    "Confusion",
    "Difference",
    "FusionFinding",
    "FusionNeed",
    "GroupScore",
    "InputShare",
    "Interval",
    "IntervalMethod",
    "LearningCurve",
    "MethodVerdict",
    "Metric",
    "Roc",
    "Scatter",
    "SubsetShares",
    "Verdict",
    "better",
    "calibration",
    "calibration_check",
    "calibration_check_of",
    "ceiling",
    "compare_methods",
    "confusion",
    "difference",
    "fit_learning_curve",
    "followed_in_training",
    "gap_digits",
    "lower_is_better",
    "measure",
    "metric_label",
    "metrics",
    "metrics_of",
    "need_of_fusion",
    "paired",
    "primary_of",
    "resamples",
    "roc",
    "scatter",
    "scores",
    "scores_by_group",
    "shapley_shares",
    "statements",
]
