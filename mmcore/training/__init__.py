"""Training: all folds and seeds of a method together."""

from mmcore.training.fitted import Fitted, Output
from mmcore.training.fold_settings import fit_by_fold
from mmcore.training.plan import FitPlan, TrainingData, learnt_module
from mmcore.training.recipe import fit
from mmcore.training.replicate_module import Pipeline
from mmcore.training.training_spec import TrainingSpec

__all__ = [
    "FitPlan",
    "Fitted",
    "Output",
    "Pipeline",
    "TrainingData",
    "TrainingSpec",
    "fit",
    "fit_by_fold",
    "learnt_module",
]
