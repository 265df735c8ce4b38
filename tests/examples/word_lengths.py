"""How long the words of a text are: save as mmcore/encoders/text/word_lengths.py."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

import torch

from mmcore.base.registry import Range
from mmcore.base.values import InputSpec, Kind, Place, Tokens, Whole
from mmcore.encoders.base import Encoder, encoders


@encoders.register("word_lengths")
class WordLengths(Encoder[str]):
    """Word lengths: the share of words with one letter, two letters and so on.

    One token for the whole text. Longer words count with the longest; a text without words is all 0.

    longest: letters told apart
    """

    kind = Kind.TEXT
    citation = "Mendenhall, The Characteristic Curves of Composition, Science 1887"
    licence = "own implementation"

    def __init__(self, spec: InputSpec, *, longest: Annotated[int, Range(4, 40)] = 12) -> None:
        super().__init__(spec)
        self.longest = longest

    @property
    def dims(self) -> int:
        return self.longest

    def prepare(self, values: Sequence[str]) -> Tokens:
        """Texts -> Tokens [B, 1, longest]."""
        counts = torch.zeros(len(values), 1, self.longest)
        for row, text in zip(counts, values, strict=True):
            for word in re.findall(r"\w+", text):
                row[0, min(len(word), self.longest) - 1] += 1
        shares = counts / counts.sum(-1, keepdim=True).clamp_min(1)
        return Tokens(shares, torch.ones(len(values), 1, dtype=torch.bool))

    def places(self, value: str) -> list[Place]:
        return [Whole()]
