"""Formulas of multimodal learning as live examples: parameters that can be moved, numbers, a picture.

What a formula gives is computed by the code that encodes, fuses, trains and scores, not by a copy of it. A new one is
one class, in a file of this folder:

    @formulas.register("product")
    class Product(Formula):
        \"""Product of two numbers.\"""

        def worked(self, case: Case | None = None) -> Worked: ...
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import pandas as pd
import plotly.graph_objects as go

from mmcore.base.registry import Registry
from mmcore.base.settings import _
from mmcore.base.values import Case


class Stage(StrEnum):
    """The stage of the pipeline that a formula belongs to, in order."""

    ENCODE = "encode"
    FUSE = "fuse"
    TRAIN = "train"
    JUDGE = "judge"


def stage_label(stage: Stage) -> str:
    return {
        Stage.ENCODE: _("Encode"),
        Stage.FUSE: _("Fuse"),
        Stage.TRAIN: _("Train"),
        Stage.JUDGE: _("Judge"),
    }[stage]


@dataclass(frozen=True, eq=False)
class Worked:
    """A formula worked out for some parameters.

    numbers: what comes out, by name, the result first. figure: the picture. data: what it shows. alt: the same in
    words, for those who cannot see it.
    """

    numbers: Mapping[str, float]
    figure: go.Figure
    data: pd.DataFrame
    alt: str


class Formula(ABC):
    """One formula. Keyword-only parameters of its constructor become sliders.

    place: where it stands in lists, lower first. formula: LaTeX. code: what computes it, by its full name. page: where
    it is used in the case at hand, with `page_options` for its address. of_value: the type of value that it is used on
    there, if on one alone; a case without any has no such place.
    """

    name: ClassVar[str]
    stage: ClassVar[Stage]
    place: ClassVar[int]
    formula: ClassVar[str]
    code: ClassVar[str]
    page: ClassVar[str]
    page_options: ClassVar[Mapping[str, str]] = {}
    of_value: ClassVar[type | None] = None

    @staticmethod
    @abstractmethod
    def title() -> str:
        """How a reader knows it."""

    @staticmethod
    @abstractmethod
    def meaning() -> str:
        """What it does, in two sentences."""

    @staticmethod
    @abstractmethod
    def used() -> str:
        """Where it is used in the case at hand: the words of the link."""

    @staticmethod
    def correction() -> str:
        """What a printed example gets wrong, and what is right; empty where nothing is known to be wrong."""
        return ""

    @classmethod
    def unavailable(cls) -> str | None:
        return None

    @abstractmethod
    def worked(self, case: Case | None = None) -> Worked:
        """With the parameters given; `case`: the one being looked at, for formulas that can show it on a value of "
        "it."""


formulas: Registry[Formula] = Registry("formula", "mmcore.studies.formulas")


def in_order(stage: Stage | None = None) -> list[str]:
    """Names of the formulas (of a stage), in the order in which they are told."""
    listed = sorted((part.place, name) for name, part in formulas.items() if stage in (None, part.stage))
    return [name for _place, name in listed]
