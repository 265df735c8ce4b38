"""Training: all folds and seeds of a method together."""

from mmcore.training.fitted import Fitted, Output, Pipeline
from mmcore.training.recipe import fit, learnt_module
from mmcore.training.spec import TrainingSpec

__all__ = ["Fitted", "Output", "Pipeline", "TrainingSpec", "fit", "learnt_module"]
