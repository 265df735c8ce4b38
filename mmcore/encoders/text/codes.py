"""Words as numbers that can be kept on disk: what encoders that learn their own word vectors start from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import torch

from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind, Place, Tokens
from mmcore.encoders.base import Encoder
from mmcore.encoders.text import cleaning
from mmcore.encoders.text.pieces import ends, spans_to_places
from mmcore.encoders.text.words import Spot, form, words, written_without_spaces
from mmcore.encoders.tokens import pad

CODES = 2**24  # whole numbers up to here are exact in float32
SPELLING = 7  # numbers of three bytes each that spell the word, as far as they go
WIDTH = 1 + SPELLING


class WordCodes(Encoder[str]):
    """A token per word: its number (a hash of its form, 0 for a text without words) and its spelling.

    Longer texts than `most` words keep their beginning and their end, half each.
    """

    kind = Kind.TEXT
    dtype = "float32"
    most = 1024
    clean: bool

    def __init__(self, spec: InputSpec, *, clean: bool = False) -> None:
        super().__init__(spec)
        self.clean = clean

    @property
    def dims(self) -> int:
        return WIDTH

    def prepare(self, values: Sequence[str]) -> Tokens:
        """Texts -> Tokens [B, words, 8]. Raises Unavailable for a Chinese text where jieba is not installed."""
        return pad([torch.tensor(_rows(text, self._spots(text))) for text in values])

    def places(self, value: str) -> list[Place]:
        return spans_to_places(self._spots(value))

    def suits(self, value: str) -> str | None:
        return reason_against(value)

    def cleaned(self, text: str) -> list[cleaning.Word]:
        """Every word with its part of speech, and whether `clean` keeps it."""
        return cleaning.cleaned(text)

    def _spots(self, text: str) -> list[Spot]:
        spots = words(text)
        return ends(cleaning.without_stop_words(text, spots) if self.clean else spots, self.most)


def reason_against(text: str) -> str | None:
    """Why an encoder that reads words will say little of this text; None if nothing speaks against it."""
    if not text.strip():
        return _("The text is empty.")
    if written_without_spaces(text):
        return _("This script has no spaces between words, and of such scripts only Chinese is cut into words here.")
    return None


@lru_cache(maxsize=100_000)
def code(word: str) -> int:
    """1..2**24 - 1, the same on every machine. Two of 1000 words share a number with a chance of 3 %."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") % (CODES - 1) + 1


def spelling(numbers: Sequence[int]) -> str:
    """The word that `SPELLING` numbers spell; a long one is cut, which "…" tells."""
    letters = b"".join(int(number).to_bytes(3, "big") for number in numbers)
    word = letters.rstrip(b"\0").decode(errors="ignore")
    return word if letters.endswith(b"\0") else word + "…"


@lru_cache(maxsize=100_000)
def _row(word: str) -> tuple[float, ...]:
    letters = word.encode()[: 3 * SPELLING].ljust(3 * SPELLING, b"\0")
    return (code(word), *(int.from_bytes(letters[i : i + 3], "big") for i in range(0, 3 * SPELLING, 3)))


def _rows(text: str, spots: Sequence[Spot]) -> list[tuple[float, ...]]:
    return [_row(form(text[start:end])) for start, end in spots] or [(0.0,) * WIDTH]
