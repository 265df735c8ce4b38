"""Word vectors: words that are used alike lie close together."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from mmcore.base.settings import _
from mmcore.base.values import Case, InputSpec, Kind
from mmcore.encoders import encoders
from mmcore.encoders.text.likeness import cosines
from mmcore.figures import plain_charts
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas

_MOST = 8  # words, so that the table can be read


@formulas.register("word_vectors")
class WordVectorTable(Formula):
    """Word vectors.

    words: up to eight words, with commas between
    """

    stage, place = Stage.ENCODE, 15
    formula = (
        r"\text{word} \mapsto v \in \mathbb{R}^{50}, \qquad "
        r"\cos(v_{\text{heart}}, v_{\text{cardiac}}) > \cos(v_{\text{heart}}, v_{\text{cough}})"
    )
    code = "mmcore.encoders.text.glove.Glove6B50d"
    page, of_value = "features", str

    def __init__(self, *, words: str = "heart, cardiac, lung, cough, fever, exercise, walking") -> None:
        self.words = re.findall(r"[^\W\d_]+", words.lower())[:_MOST] or ["heart"]

    @classmethod
    def unavailable(cls) -> str | None:
        return encoders["glove_6b_50d"].unavailable()

    @staticmethod
    def title() -> str:
        return _("Word vectors")

    @staticmethod
    def meaning() -> str:
        return _(
            "Each word is a list of 50 numbers, learnt from which words stand near which. Their cosines say "
            "how alike two words are used. A word without a vector is all zeros, and similar to nothing."
        )

    @staticmethod
    def used() -> str:
        return _("Words of this case's text, with their neighbours")

    def worked(self, case: Case | None = None) -> Worked:
        words = list(dict.fromkeys(self.words))
        encoder = encoders["glove_6b_50d"](InputSpec(name="text", kind=Kind.TEXT, columns=("text",)))
        vectors = encoder.prepare(words).values[:, 0, :50]
        table = np.stack([cosines(vectors, vector).numpy() for vector in vectors])
        others = table - 2 * np.eye(len(words))
        numbers = {}
        if len(words) > 1:
            i, j = sorted(np.unravel_index(others.argmax(), others.shape))
            numbers[_("most alike: {first}, {second}").format(first=words[i], second=words[j])] = float(table[i, j])
        data = pd.DataFrame(table, index=words, columns=words)
        figure = plain_charts.cells(table, words, words, ends=(-1, 1))
        return Worked(numbers, figure, data, _("Table of the cosines between the words"))
