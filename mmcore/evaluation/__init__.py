"""Evaluation: metrics, intervals and differences between methods."""

from mmcore.evaluation.curves import Calibration, Confusion, Roc, Scatter, calibration, confusion, roc, scatter
from mmcore.evaluation.intervals import (
    RESAMPLES,
    Difference,
    Interval,
    ceiling,
    difference,
    draw,
    paired,
    resamples,
    scores,
)
from mmcore.evaluation.metrics import BINS, LOWER_IS_BETTER, METRICS, PRIMARY, better, measure

__all__ = [
    "BINS",
    "LOWER_IS_BETTER",
    "METRICS",
    "PRIMARY",
    "RESAMPLES",
    "Calibration",
    "Confusion",
    "Difference",
    "Interval",
    "Roc",
    "Scatter",
    "better",
    "calibration",
    "ceiling",
    "confusion",
    "difference",
    "draw",
    "measure",
    "paired",
    "resamples",
    "roc",
    "scatter",
    "scores",
]
