"""What training starts from: the data of a cohort, and how one method is to be trained on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import torch
from torch import nn

from mmcore.base.errors import BadInput, unknown
from mmcore.base.registry import check_parameters
from mmcore.base.settings import _, counted
from mmcore.encoders import Encoder
from mmcore.fusion.base import Fusion, fusions
from mmcore.training.model import Model, build
from mmcore.training.table_rows import TableRows
from mmcore.training.tasks import Task
from mmcore.training.training_spec import TrainingSpec
from mmcore.training.views import CohortFeatures, ReadOnce

_TOKENS = 100_000  # of all cases, up to which replicates of a method over tokens are computed together on a CPU
Mode = Literal["auto", "together", "one_by_one"]
Folds = Sequence[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class TrainingData:
    """Encoded cases of a cohort, divided into folds.

    features: by input. target: [N] class index (below 0: not labelled) or value (nan: not labelled). folds: training
    rows and test rows of each. groups: [N] or None; cases of a group are never divided among validation rows or inner
    folds. encoders: by input; those that learn something (`trains_in_run`, `fits_on_fold`) are needed, others may be
    left out. copies: by input, what the encoder makes of augmented copies of the cases, K for each input; networks are
    trained on them too, validation and test never see one.
    """

    features: Mapping[str, CohortFeatures]
    target: np.ndarray
    task: Task
    folds: Folds
    groups: np.ndarray | None = None
    encoders: Mapping[str, Encoder] = field(default_factory=dict)
    copies: Mapping[str, Sequence[CohortFeatures]] = field(default_factory=dict)

    def read_once(self) -> TrainingData:
        """The same, whose averages over tokens are read from disk but once, and tables as rows."""
        features: dict[str, CohortFeatures] = {}
        for name, own in self.features.items():
            encoder = self.encoders.get(name)
            owner = encoder.owners() if encoder and not (encoder.fits_on_fold or encoder.trains_in_run) else None
            features[name] = ReadOnce(own) if owner is None else TableRows(ReadOnce(own), owner)
        return replace(self, features=features)

    @property
    def values(self) -> np.ndarray:
        """[N] the target as floats."""
        return np.asarray(self.target, dtype=float)

    @property
    def classes(self) -> np.ndarray:
        """[N] what encoders are given: class indices (of several labels the rarest, of survival whether the event
        was seen), -1 where not labelled; for regression the values."""
        if self.task.name == "regression":
            return self.values
        return np.where(self.task.labelled(self.values), self.task.strata(self.values), -1).astype(int)


@dataclass(frozen=True, eq=False)
class FitPlan:
    """How a method is trained: a fusion of these inputs, for every fold and so many seeds.

    mode: how replicates are computed; up to rounding the numbers are the same.
    """

    fusion: str
    inputs: Sequence[str]
    options: Mapping[str, object] = field(default_factory=dict)
    training: TrainingSpec = field(default_factory=lambda: TrainingSpec.model_validate({}))
    seeds: int = 5
    mode: Mode = "auto"


@dataclass(frozen=True, eq=False)
class Method:
    """A checked plan: the fusion's class, its options in full, and what it is built of.

    modules: how learnt encoder parts are made, by input. stacked: one model can hold all replicates.
    """

    part: type[Fusion]
    options: dict[str, object]
    inputs: tuple[str, ...]
    encoders: dict[str, Encoder]
    modules: dict[str, Callable[[], nn.Module]]
    mode: Mode

    @property
    def stacked(self) -> bool:
        return self.part.stackable and not self.modules

    @property
    def supervised(self) -> bool:
        """Whether an encoder reads the target of a fold's training rows."""
        return any(encoder.fits_on_fold and encoder.supervised for encoder in self.encoders.values())

    def model(self, dims: Mapping[str, int], training: TrainingSpec, outputs: int, seed: int) -> Model:
        """With fresh weights. dims: width of each input's tokens."""
        return build(dims, lambda: self.part(self.inputs, training.width, **self.options), outputs, self.modules, seed)


def check_plan(data: TrainingData, plan: FitPlan) -> Method:
    """Raises NotFound, Unavailable or BadInput for wrong names, options or data."""
    part = fusions.usable(plan.fusion)
    options = check_parameters(part, plan.options, f"fusion '{plan.fusion}'")
    _check_data(data, plan)
    encoders = {name: data.encoders[name] for name in plan.inputs if name in data.encoders}
    modules = {name: learnt_module(encoder) for name, encoder in encoders.items() if encoder.trains_in_run}
    mode = _mode(plan.mode, part, modules, _tokens(data, plan))
    return Method(part, dict(options), tuple(plan.inputs), encoders, modules, mode)


def _check_data(data: TrainingData, plan: FitPlan) -> None:
    if not plan.inputs:
        raise BadInput(_("No input was chosen."), _("Choose at least one."))
    for name in plan.inputs:
        if name not in data.features:
            raise unknown(_("encoded input"), name, data.features)
    if plan.seeds < 1:
        raise BadInput(_("At least one seed is needed, not {seeds}.").format(seeds=plan.seeds))
    if plan.training.recalibrate != "no" and data.task.name == "survival":
        raise BadInput(_("Probabilities over time cannot be recalibrated."), _("Train without recalibration."))
    if plan.training.recalibrate != "no" and data.task.name == "multilabel":
        raise BadInput(_("Probabilities of several labels cannot be recalibrated."), _("Train without recalibration."))
    if len({len(data.copies.get(name, ())) for name in plan.inputs}) > 1:
        raise BadInput(
            _("Inputs differ in their number of augmented copies."), _("Give every input the same number of copies.")
        )
    labelled = data.task.labelled(data.values)
    for number, (train_rows, _test) in enumerate(data.folds, 1):
        count = int(labelled[np.asarray(train_rows, int)].sum())
        if count < 4:
            raise BadInput(
                counted(
                    count,
                    "Fold {number} leaves {count} labelled case to train on; at least 4 are needed.",
                    "Fold {number} leaves {count} labelled cases to train on; at least 4 are needed.",
                    number=number,
                ),
                _("Use fewer folds or more cases."),
            )


def learnt_module(encoder: Encoder) -> Callable[[], nn.Module]:
    """How the learnt part of an encoder is made; it carries how fast it learns."""

    def make() -> nn.Module:
        module = encoder.module()
        if module is None:
            raise BadInput(_("'{encoder}' has no part that is trained.").format(encoder=encoder.name))
        module.__dict__["learning_rate_scale"] = encoder.learning_rate_scale
        return module

    return make


def _tokens(data: TrainingData, plan: FitPlan) -> int:
    """How many tokens a fold holds in memory, padding and augmented copies included."""
    counts = {name: data.features[name].counts for name in plan.inputs}
    return sum(
        len(own) * int(own.max(initial=0)) * (1 + len(data.copies.get(name, ()))) for name, own in counts.items()
    )


def _mode(mode: Mode, part: type[Fusion], modules: Mapping[str, object], tokens: int) -> Mode:
    """How to compute the replicates. tokens: see `_tokens`."""
    stackable = part.stackable and not modules
    if mode == "together" and not stackable:
        raise BadInput(
            _("'{fusion}' cannot train the models of its folds and seeds together here.").format(fusion=part.name),
            _("Use mode 'auto' or 'one_by_one'."),
        )
    if mode != "auto":
        return mode
    # On a CPU, heads over many tokens are bound by arithmetic, and several folds of them take memory.
    light = part.reads == "vectors" or tokens <= _TOKENS or torch.cuda.is_available()
    return "together" if stackable and light else "one_by_one"
