"""Studies: the recipes that pages and command line call. Open a cohort, encode it, train, compare, predict, export."""

from mmcore.cohorts import open_cohort as open
from mmcore.explain.tests.agreement import rank_correlation
from mmcore.studies.averages import averages
from mmcore.studies.cohort_map import layout, map_on_disk, mapped
from mmcore.studies.comparison import (
    Comparison,
    compare,
    compare_planned,
    comparison_of,
    plain_against_methods,
    standing_document,
)
from mmcore.studies.costing import Cost, cost
from mmcore.studies.encoder_agreement import Agreement, agreement
from mmcore.studies.encoder_checks import unsuited
from mmcore.studies.encoder_choice import default_encoders, encoder_choices, suitable_encoders, usable_inputs
from mmcore.studies.encoder_views import fitted_part, identity_of
from mmcore.studies.expected_time import amounts_of_work, expected_seconds, in_round_seconds
from mmcore.studies.explaining import Explanation, explain, explain_run, explained, testing_seconds
from mmcore.studies.exporting import export
from mmcore.studies.feature_study import FeatureStudy, features, goodness, unscored
from mmcore.studies.information import InformationStudy, information
from mmcore.studies.lattice import Lattice, lattice
from mmcore.studies.method_choice import all_methods, default_methods, hidden_methods
from mmcore.studies.method_parts import method_parts
from mmcore.studies.neighbours import Neighbour, similar
from mmcore.studies.one_case import alternatives, attribute, spreads, what_if
from mmcore.studies.plain_results import PlainResult, best_plain, plain_baselines, plain_on_disk
from mmcore.studies.planning import plan, planned
from mmcore.studies.prediction import Prediction, attend, cases_learnt_from, learnt_from, open_for, predict
from mmcore.studies.robustness import Robustness, robustness, robustness_of, robustness_seconds, twin
from mmcore.studies.segmentation import segmentation, segmentation_seconds
from mmcore.studies.segmentation_results import SegmentationStudy
from mmcore.studies.setting_search import Budget
from mmcore.studies.study_settings import COPIES, StudySettings, folds_not_followed
from mmcore.studies.training import encode, encoders_of, train

__all__ = [
    "COPIES",
    "Agreement",
    "Budget",
    "Comparison",
    "Cost",
    "Explanation",
    "FeatureStudy",
    "InformationStudy",
    "Lattice",
    "Neighbour",
    "PlainResult",
    "Prediction",
    "Robustness",
    "SegmentationStudy",
    "StudySettings",
    "agreement",
    "all_methods",
    "alternatives",
    "amounts_of_work",
    "attend",
    "attribute",
    "averages",
    "best_plain",
    "cases_learnt_from",
    "compare",
    "compare_planned",
    "comparison_of",
    "cost",
    "default_encoders",
    "default_methods",
    "encode",
    "encoder_choices",
    "encoders_of",
    "expected_seconds",
    "explain",
    "explain_run",
    "explained",
    "export",
    "features",
    "fitted_part",
    "folds_not_followed",
    "goodness",
    "hidden_methods",
    "identity_of",
    "in_round_seconds",
    "information",
    "lattice",
    "layout",
    "learnt_from",
    "map_on_disk",
    "mapped",
    "method_parts",
    "open",
    "open_for",
    "plain_against_methods",
    "plain_baselines",
    "plain_on_disk",
    "plan",
    "planned",
    "predict",
    "rank_correlation",
    "robustness",
    "robustness_of",
    "robustness_seconds",
    "segmentation",
    "segmentation_seconds",
    "similar",
    "spreads",
    "standing_document",
    "suitable_encoders",
    "testing_seconds",
    "train",
    "twin",
    "unscored",
    "unsuited",
    "usable_inputs",
    "what_if",
]
