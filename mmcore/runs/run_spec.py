"""What decides a run, as data with a stable key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from mmcore import augmentation, encoders
from mmcore.augmentation import Augmentation
from mmcore.base.values import InputSpec
from mmcore.encoders import Encoder
from mmcore.evaluation import primary_of
from mmcore.training.training_spec import TrainingSpec

VERSION = 6  # raise it when training or evaluation changes numbers: older runs are then computed anew
_NOT_DECIDING = {"cohort", "cohort_source", "title", "licence", "citation", "synthetic"}
_OF_COPIES = {"augmentations", "augmentation_identities", "copies"}


class Choice(BaseModel):
    """A registered part by name, with its options."""

    model_config = ConfigDict(frozen=True)
    name: str
    options: dict[str, Any] = {}


EncoderChoice: TypeAlias = Choice
AugmentationChoice: TypeAlias = Choice


def is_single_input(fusion: str, inputs: Collection[str]) -> bool:
    """Whether this is one input alone, without fusion."""
    return len(inputs) == 1 and fusion == "concat"


class RunSpec(BaseModel):
    """Everything that decides a run, as data.

    inputs: those the method reads; input_specs, encoders, encoder_identities have one entry for each. split: what
    "auto" came to; folds: how many there are. augmentations: by input, applied one after the other to make `copies`
    of every training case; training draws from them and the case itself. training_by_fold: of a tuned run the settings
    that were chosen for each fold, which `training` then gives only the start of; empty where all folds are trained
    alike. The cohort's name, source, licence and the like only describe.
    """

    model_config = ConfigDict(frozen=True)
    version: int = VERSION
    cohort: str
    cohort_key: str
    cohort_source: str = ""
    title: str = ""
    licence: str = ""
    citation: str = ""
    synthetic: bool = False
    task: Literal["binary", "multiclass", "multilabel", "regression", "survival"]
    classes: tuple[str, ...] = ()
    target: str | None = None
    group: str | None = None
    inputs: tuple[str, ...]
    input_specs: dict[str, InputSpec]
    encoders: dict[str, EncoderChoice]
    encoder_identities: dict[str, str]
    fusion: str
    fusion_identity: str = ""  # of the code that fuses, so that an edited method is trained anew
    fusion_options: dict[str, Any] = {}
    augmentations: dict[str, tuple[Choice, ...]] = {}
    augmentation_identities: dict[str, str] = {}
    copies: int = 0
    training: TrainingSpec = TrainingSpec()
    training_by_fold: tuple[TrainingSpec, ...] = ()
    folds: int = 5
    seeds: int = 5
    split: str = "random"
    split_seed: int = 0

    @cached_property
    def key(self) -> str:
        """Digest of what decides the numbers, 20 hex digits."""
        silent = _NOT_DECIDING if self.copies else _NOT_DECIDING | _OF_COPIES
        facts = self.model_dump(mode="json", exclude=silent)
        if self.training.recalibrate == "no":  # so that runs keep the keys they had before it could be asked for
            facts["training"].pop("recalibrate")
        if not self.training_by_fold:  # likewise
            facts.pop("training_by_fold")
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:20]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> RunSpec:
        """A copy with these values, checked like a new spec, and with a key of its own: pydantic would hand on the key
        that was worked out for this one."""
        copy = super().model_copy(deep=deep)
        return type(self).model_validate(dict(copy) | dict(update or {}))

    @property
    def single_input(self) -> bool:
        """Whether this is the baseline of one input alone, which a method of fusion is measured against."""
        return is_single_input(self.fusion, self.inputs)

    @property
    def method(self) -> str:
        """The fusion's name, or the input's for a single-input baseline."""
        return self.inputs[0] if self.single_input else self.fusion

    @property
    def metric(self) -> str:
        """The metric methods are compared by."""
        return primary_of(self.task)

    def make_augmentations(self) -> dict[str, list[Augmentation]]:
        """What training cases are augmented with, by input; empty where nothing was chosen."""
        return {
            name: [augmentation.make(choice.name, self.input_specs[name].kind, **choice.options) for choice in choices]
            for name, choices in self.augmentations.items()
            if self.copies
        }

    def make_encoders(self) -> dict[str, Encoder]:
        """The encoders the run was trained with, by input."""
        return {
            name: encoders.make(self.encoders[name].name, self.input_specs[name], **self.encoders[name].options)
            for name in self.inputs
        }
