"""The vocabulary: kinds of input, their values, cases, tokens and the places tokens stand for.

Shape letters used everywhere: B cases, N tokens, D width, M inputs, C channels, T time, R replicates, S seeds,
K classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

if TYPE_CHECKING:
    import torch


class Kind(StrEnum):
    """What sort of value an input holds. A signal is anything sampled evenly: ECG, heart sound, speech, gait."""

    IMAGE = "image"
    TEXT = "text"
    SIGNAL = "signal"
    TABLE = "table"


@dataclass(frozen=True, eq=False)
class Signal:
    """Evenly sampled channels.

    samples: [C, T] float32, finite, in `unit`. rate_hz: samples a second, or None when nobody said: time is then
    counted in samples (`rate` is 1 and `time_unit` says so).
    """

    samples: np.ndarray
    rate_hz: float | None = None
    channel_names: tuple[str, ...] = ()
    unit: str = ""

    @property
    def rate(self) -> float:
        return self.rate_hz or 1.0

    @property
    def time_unit(self) -> str:
        return "s" if self.rate_hz else "samples"

    @property
    def duration(self) -> float:
        """In `time_unit`."""
        return self.samples.shape[1] / self.rate


Image = np.ndarray  # [H, W] or [H, W, 3] uint8
Row = Mapping[str, float | str | None]  # a table input of one case: column -> number, category, or None where missing
Value = Image | str | Signal | Row


class ColumnSpec(BaseModel):
    """One column of a table input."""

    model_config = ConfigDict(frozen=True)
    name: str
    type: Literal["number", "category"] = "number"
    categories: tuple[str, ...] = ()  # in order; empty for numbers
    unit: str = ""


class Channel(BaseModel):
    """A channel of a signal, as a file names it. unit: "" where the file gives none."""

    model_config = ConfigDict(frozen=True)
    name: str
    unit: str = ""


class InputSpec(BaseModel):
    """One named input of a cohort: its kind and the columns of the cohort table it is read from.

    Image, text and signal inputs read one column (a path, or the text itself); a table input reads several.
    rate_hz, unit and channel_names apply to signals whose files do not say. channels: what a signal is brought to where
    its file does say: these channels, in this order and these units; empty to take them as they come. deidentified:
    texts are read without names, dates and numbers of persons (see `deidentification`).
    """

    model_config = ConfigDict(frozen=True)
    name: str
    kind: Kind
    columns: tuple[str, ...]
    table: tuple[ColumnSpec, ...] = ()
    rate_hz: float | None = None
    unit: str = ""
    channel_names: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    deidentified: bool = False

    @model_serializer(mode="wrap")
    def _without_empty_channels(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Keys of cohorts and runs are digests of this document: what says nothing must not change them."""
        document: dict[str, Any] = dump(self)
        if not self.channels:
            document.pop("channels", None)
        if not self.deidentified:
            document.pop("deidentified", None)
        return document


@dataclass(frozen=True)
class Box:
    """Part of an image, as fractions of its height and width: 0 <= top < bottom <= 1."""

    top: float
    left: float
    bottom: float
    right: float


@dataclass(frozen=True)
class Span:
    """Characters start..end (exclusive) of a text."""

    start: int
    end: int


@dataclass(frozen=True)
class Seconds:
    """Stretch of a signal, in its `time_unit`."""

    start: float
    end: float

    @property
    def stretches(self) -> tuple[Seconds, ...]:
        """Everywhere it stands for."""
        return (self,)


@dataclass(frozen=True)
class Segment(Seconds):
    """A stretch of a signal that has a name: "ST in V2", in the reader's language.

    start, end: where it is seen once. kind: P, PR, QRS, ST or T; "" for the whole. channel: the one it is of; None for
    all. again: all stretches of that name, this one included (in every beat of an ECG); empty where it is seen nowhere,
    and start and end are those of the signal.
    """

    name: str = ""
    kind: str = ""
    channel: int | None = None
    again: tuple[Seconds, ...] = ()

    @property
    def stretches(self) -> tuple[Seconds, ...]:
        return self.again or (self,)


@dataclass(frozen=True)
class Column:
    """One column of a table input."""

    name: str


@dataclass(frozen=True)
class Whole:
    """The whole value, for encoders that say one thing of it."""


Place = Box | Span | Seconds | Segment | Column | Whole


@dataclass(frozen=True, eq=False)
class Evidence:
    """Where the reasons for the target lie in one input, known for synthetic cases only.

    places: the evidence as places. mask: [H, W] bool for images. effect: log-odds it adds to the target (sign tells
    the direction). name: what it is ("ST elevation").
    """

    name: str
    places: tuple[Place, ...]
    effect: float = 0.0
    mask: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Case:
    """One case. An absent input is missing, not blank: it has no key in `values`."""

    id: str
    values: Mapping[str, Value]
    target: str | float | None = None
    group: str | None = None
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()  # inputs that could not be read, and why


@dataclass(frozen=True, eq=False)
class Tokens:
    """What an encoder says: values [..., B, N, D] float32, mask [..., B, N] bool, all False: input missing."""

    values: torch.Tensor
    mask: torch.Tensor

    @property
    def present(self) -> torch.Tensor:
        """[..., B] bool."""
        return self.mask.any(-1)
