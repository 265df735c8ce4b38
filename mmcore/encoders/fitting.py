"""What an encoder learns from the training fold without gradients: a vocabulary, idf weights, word vectors, trees."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol

import numpy as np
from torch import Tensor

from mmcore.base.registry import Registry
from mmcore.base.values import Tokens


class Encoded(Protocol):
    """What `prepare` gave for the N cases of a cohort (see mmcore.features.Features)."""

    @property
    def dims(self) -> int:
        """Width of a token."""

    @property
    def counts(self) -> np.ndarray:
        """[N] valid tokens of each case, 0 where the input is missing."""

    def tokens(self, rows: Sequence[int] | np.ndarray | None = None) -> Tokens:
        """Tokens of these cases [B, N, D]."""


class FoldPart(ABC):
    """A map from the tokens `prepare` gave to the tokens a model reads, fitted on the training rows of one fold.

    A subclass registers itself (`@fold_parts.register("name")`). It is kept as tensors, never pickled, and has no state
    beside them.
    """

    name: ClassVar[str]  # set by the registry
    latent: ClassVar[bool] = False  # True: its dimensions come in order of weight, and keep their sizes to each other
    finished: ClassVar[bool] = False  # True: these are as few as they should be, and need no bound

    @property
    @abstractmethod
    def dims(self) -> int:
        """Width of what comes out."""

    @property
    def halves(self) -> tuple[int, ...]:
        """Widths of what comes out that speak for themselves, if there are several: each gets a linear expert, too."""
        return ()

    @abstractmethod
    def __call__(self, tokens: Tokens) -> Tokens:
        """[B, N, D] -> [B, N, dims] float32: same places, mask kept; zero where the mask is False."""

    @abstractmethod
    def state(self) -> dict[str, Tensor]:
        """Its tensors, for saving."""

    @classmethod
    @abstractmethod
    def restore(cls, state: Mapping[str, Tensor]) -> FoldPart:
        """The part that has this state."""

    @classmethod
    def unavailable(cls) -> str | None:
        """None if usable here, else the reason and what to install."""
        return None


fold_parts: Registry[FoldPart] = Registry("fitted part", "mmcore.encoders")
