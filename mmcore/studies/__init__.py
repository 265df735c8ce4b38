"""Studies: the recipes that pages and command line call. Open a cohort, encode it, train, compare, predict, export."""

from mmcore.cohorts import open_cohort as open
from mmcore.studies.choices import (
    default_encoders,
    default_methods,
    encoder_choices,
    plan,
    suitable_encoders,
    usable_inputs,
)
from mmcore.studies.comparison import Comparison, compare
from mmcore.studies.exporting import export
from mmcore.studies.prediction import Prediction, attend, open_for, predict
from mmcore.studies.training import encode, encoders_of, train

__all__ = [
    "Comparison",
    "Prediction",
    "attend",
    "compare",
    "default_encoders",
    "default_methods",
    "encode",
    "encoder_choices",
    "encoders_of",
    "export",
    "open",
    "open_for",
    "plan",
    "predict",
    "suitable_encoders",
    "train",
    "usable_inputs",
]
