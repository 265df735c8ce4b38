"""Notes out of sentences in which `[...]` marks the phrase that carries a finding, whose place is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from mmcore.base.values import Span

Sentence = tuple[str, str]  # text with [phrases], name of the finding ("" where there is none)


class Picker:
    """Takes one of several texts for each number in turn."""

    def __init__(self, numbers: np.ndarray) -> None:
        self._numbers = iter(numbers)

    def __call__(self, texts: Sequence[str]) -> str:
        return texts[int(next(self._numbers) * len(texts))]


Wording = Mapping[str, str]  # English sentence -> the same in another language, its phrases in brackets, too


def compose(sentences: Sequence[Sentence], wording: Wording | None = None) -> tuple[str, dict[str, tuple[Span, ...]]]:
    """The note without brackets, and for each finding where its phrases stand.

    wording: the sentences in Chinese, which is written without spaces; None leaves them English.
    """
    note, gap = "", " " if wording is None else ""
    spans: dict[str, tuple[Span, ...]] = {}
    for text, name in sentences:
        note += gap if note else ""
        for i, piece in enumerate(re.split(r"[\[\]]", text if wording is None else wording[text])):
            if i % 2 and name:
                spans[name] = (*spans.get(name, ()), Span(len(note), len(note) + len(piece)))
            note += piece
    return note, spans
