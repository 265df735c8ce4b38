"""What every study of a cohort shares besides inputs, encoders and methods: how cases are divided, how heads train."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from mmcore.base.settings import counted
from mmcore.cohorts.division_words import division_in_words
from mmcore.runs import AugmentationChoice
from mmcore.training import TrainingSpec

COPIES = 3  # augmented copies of each training case, where augmentation is chosen


class StudySettings(BaseModel):
    """How a study divides its cases and trains.

    folds: of the cross-validation. seeds: random starts per fold. split: "auto" (as the cohort's split
    column says, else by group where there is one),
    "random", "group" or "leave-one-group-out". training: of the heads. fusion_options: by fusion method.
    augmentations: by input, what changes the `copies` of each training case; nothing by default. plain: whether a
    comparison fits plain baselines beside the methods.

    Whether they can be carried out is known only with a cohort: the studies raise for what cannot.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    folds: int = 5
    seeds: int = 5
    split: str = "auto"
    training: TrainingSpec = TrainingSpec()
    fusion_options: Mapping[str, Mapping[str, Any]] = {}
    augmentations: Mapping[str, tuple[AugmentationChoice | str, ...]] = {}
    copies: int = COPIES
    plain: bool = True

    def but(self, **changed: Any) -> StudySettings:
        """The same settings with some of them changed."""
        given = {name: value for name, value in self if name in self.model_fields_set}
        return StudySettings(**{**given, **changed})

    def folds_not_followed(self, folds: int, split: str) -> list[str]:
        """See below; nothing where nobody gave a number."""
        return folds_not_followed(self.folds if "folds" in self.model_fields_set else None, folds, split)


DEFAULTS = StudySettings()


def folds_not_followed(given: int | None, folds: int, split: str) -> list[str]:
    """The sentence on folds that are not as many as were given, none where they are or no number was given.

    folds, split: how the cases are divided.
    """
    if given is None or folds == given:
        return []
    return [
        counted(
            folds,
            "There is {count} fold, not {given}: it follows the split of the data ({split}). For {given} folds, choose "
            "how to divide: by group or at random.",
            "There are {count} folds, not {given}: they follow the groups or the split of the data ({split}). For "
            "{given} folds, choose how to divide: by group or at random.",
            given=given,
            split=division_in_words(split),
        )
    ]
