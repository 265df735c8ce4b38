"""Cohorts: a table and its media, the roles of the columns, folds, and built-in samples."""

from mmcore.cohorts.base import Cohort
from mmcore.cohorts.opening import open_cohort
from mmcore.cohorts.roles import Roles
from mmcore.cohorts.samples import build_sample, sample, samples
from mmcore.cohorts.schema import Schema
from mmcore.cohorts.splits import SPLITS, FoldPlan, folds_of, keeps_groups
from mmcore.cohorts.validation import validation_split
from mmcore.cohorts.writing import write_cohort, write_sample

__all__ = [
    "SPLITS", "Cohort", "FoldPlan", "Roles", "Schema", "build_sample", "folds_of", "keeps_groups", "open_cohort",
    "sample", "samples", "validation_split", "write_cohort", "write_sample",
]  # fmt: skip
