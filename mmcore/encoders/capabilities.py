"""What pages and explainers may ask of an encoder beside its tokens.

An encoder offers one of these by having its methods; whoever wants to show it asks `isinstance(encoder, HasLayers)`.
Legend: N tokens, D width, C channels, F frequencies.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from mmcore.base.values import Image, Signal

if TYPE_CHECKING:
    from torch import Tensor, nn

    from mmcore.encoders.image.feature_maps import Layer
    from mmcore.encoders.signal.beat_measurements import BeatMeasurement
    from mmcore.encoders.text.cleaning import Word


@runtime_checkable
class HasLayers(Protocol):
    """A network that reads images layer by layer."""

    def layers(self, value: Image, module: nn.Module | None = None) -> list[Layer]:
        """Feature maps of the image. module: the part that a run has trained, else as it is without training."""


@runtime_checkable
class HasReadings(Protocol):
    """Measures what a reader of the signal would measure."""

    def readings(self, value: Signal) -> list[BeatMeasurement]:
        """Named measurements with units, the chief ones first. Raises BadInput for an empty signal."""


@runtime_checkable
class HasPeaks(Protocol):
    """Finds heart beats."""

    def peaks(self, value: Signal) -> np.ndarray:
        """R peaks in seconds; none where no regular beats are found."""


@runtime_checkable
class CleansWords(Protocol):
    """Can leave words out that say little."""

    def cleaned(self, text: str) -> list[Word]:
        """Every word with its part of speech, and whether clean-up keeps it."""


@runtime_checkable
class HasSpectrum(Protocol):
    """Its tokens are stretches of a signal, each with the strength of bands of frequencies."""

    cepstral: bool  # rows are coefficients of a cepstrum, of very different size, rather than bands

    def spectrum(self, tokens: np.ndarray, channel: int = 0) -> np.ndarray:
        """What is said of one channel in tokens [N, D], as a picture [rows, N]."""

    def row_name(self) -> str:
        """What a row of the picture is, in the reader's language."""


@runtime_checkable
class HasBank(Protocol):
    """Puts every stretch of a signal through the same filters."""

    def frame(self, signal: Signal) -> int:
        """Samples of one stretch of this signal, at the working rate. Raises BadInput for an empty signal."""

    def bank(self, size: int, rate: float | None) -> Tensor:
        """Filters [F, bands] for stretches of `size` samples at this working rate."""


class Holds(Enum):
    """What one dimension of a table's tokens holds."""

    NUMBER = auto()  # the value itself
    CATEGORY = auto()  # 1 where the column has this category
    MISSING = auto()  # 1 where the column is empty


@dataclass(frozen=True)
class Slot:
    """One dimension of a table's tokens. name: in the reader's language. column: whose value it tells of."""

    name: str
    column: str
    holds: Holds


@runtime_checkable
class HasSlots(Protocol):
    """Every dimension of its tokens tells of one column."""

    def slots(self) -> list[Slot]:
        """The D dimensions, in order."""


@runtime_checkable
class HasVocabulary(Protocol):
    """Knows words (an encoder, or what it learnt from a fold)."""

    def neighbours(self, word: str, count: int = 10) -> list[tuple[str, float]]:
        """The words whose vectors point most nearly the same way, with their cosine; none for an unknown word."""


@runtime_checkable
class HasStates(Protocol):
    """A trained part that reads tokens one after the other and can tell what it holds after each."""

    def states(self, tokens: Tensor) -> Tensor:
        """Tokens [N, D] of one case -> what it holds after each of them, [N, width]."""
