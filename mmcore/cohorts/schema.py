"""What the columns of a cohort are, as data."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from mmcore.base.values import InputSpec


class Schema(BaseModel):
    """What the columns of a cohort are.

    inputs: name -> InputSpec, in order. classes: in order; of a binary task classes[1] is the positive class;
    of several labels their names; of a time to an event the horizons, times by which it is there or not.
    split: the column of a published split that studies follow; None to divide the cases anew.
    ignored: column -> why it is left out. leaks: those of them that alone determine the target.
    masks: image input -> column with masks of its pictures -> what they outline.
    target_columns: those that the target was made from, or that follow a case up as it does.
    """

    model_config = ConfigDict(frozen=True)
    name: str
    title: str = ""
    description: str = ""
    inputs: dict[str, InputSpec] = {}
    task: Literal["binary", "multiclass", "multilabel", "regression", "survival"] | None = None
    target: str | None = None
    classes: tuple[str, ...] = ()
    group: str | None = None
    split: str | None = None
    ignored: dict[str, str] = {}
    leaks: tuple[str, ...] = ()
    target_columns: tuple[str, ...] = ()
    masks: dict[str, dict[str, str]] = {}
    licence: str = ""
    citation: str = ""
    synthetic: bool = False
