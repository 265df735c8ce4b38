"""A method whose folds were trained with settings of their own, as one trained method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import torch

from mmcore.base.progress import Progress, part_of, silent
from mmcore.base.settings import _
from mmcore.training.fitted import Fitted
from mmcore.training.plan import FitPlan, TrainingData
from mmcore.training.recipe import fit
from mmcore.training.training_spec import TrainingSpec


def fit_by_fold(
    data: TrainingData, plan: FitPlan, by_fold: Sequence[TrainingSpec], progress: Progress = silent
) -> Fitted:
    """Train every fold with its own settings; they may differ in nothing that changes the shape of a network.

    Each setting that a fold asks for is trained on all folds, of which that fold's replicates are taken: so a fold's
    numbers are those of a run with its setting. Raises what `fit` raises.
    """
    several = list(dict.fromkeys(by_fold))
    by_setting = {
        setting: fit(
            data,
            replace(plan, training=setting),
            part_of(progress, _("setting {number}").format(number=number + 1), number, len(several)),
        )
        for number, setting in enumerate(several)
    }
    return _joined([by_setting[setting] for setting in by_fold], plan.training, list(by_setting.values()))


def _joined(by_fold: Sequence[Fitted], training: TrainingSpec, all_fits: Sequence[Fitted]) -> Fitted:
    """Of each fold what its own fit holds. by_fold: all of the same data, inputs and seeds."""
    first = by_fold[0]
    folds = range(len(by_fold))

    def outputs(name: str) -> np.ndarray:
        """Case by case, what the models of its test fold say: [..., N, K]."""
        together = np.array(getattr(first, name))
        for fold in folds:
            rows = first.fold_of == fold
            together[..., rows, :] = getattr(by_fold[fold], name)[..., rows, :]
        return together

    history = pd.concat([fit.history[fit.history["fold"] == fold] for fold, fit in enumerate(by_fold)])
    weights = {
        name: torch.stack([by_fold[fold].weights[name][i] for i, (fold, _seed) in enumerate(first.replicates)])
        for name in first.weights
    }
    return replace(
        first,
        training=training,
        outputs=outputs("outputs"),
        network_outputs=outputs("network_outputs"),
        linear_outputs=outputs("linear_outputs"),
        history=history.sort_values(["replicate", "epoch"], ignore_index=True),
        seconds=sum(fit.seconds for fit in all_fits),
        weights=weights,
        normalisers=[by_fold[fold].normalisers[fold] for fold in folds],
        standards=[by_fold[fold].standards[fold] for fold in folds],
        linear=[by_fold[fold].linear[fold] for fold in folds],
        network_share=[by_fold[fold].network_share[fold] for fold in folds],
        recalibrations=[by_fold[fold].recalibrations[fold] for fold in folds],
        thresholds=[by_fold[fold].thresholds[fold] for fold in folds],
    )
