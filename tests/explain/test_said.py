"""What an encoder says of a value comes out with one place per token, and narrow tokens are shown whole."""

import numpy as np

from mmcore.cases import Column, ColumnSpec, InputSpec, Signal, Span
from mmcore.encoders import make
from mmcore.explain.said import say, words_of


def test_a_table_row_is_shown_whole():
    spec = InputSpec(
        name="labs", kind="table", columns=("age", "bmi"), table=(ColumnSpec(name="age"), ColumnSpec(name="bmi"))
    )
    said = say(make("columns", spec), {"age": 63.0, "bmi": None})
    assert said.places == [Column("age"), Column("bmi")] and said.tokens[0, 0] == 63
    rows, whole = said.rows()
    assert whole and rows.shape == (said.tokens.shape[1], 2)


def test_wide_tokens_are_shown_by_their_components():
    signal = Signal(np.random.default_rng(0).normal(size=(1, 1000)).astype(np.float32), 100.0)
    said = say(make("minirocket", InputSpec(name="ecg", kind="signal", columns=("ecg",))), signal)
    rows, whole = said.rows()
    assert not whole and rows.shape[1] == len(said.places) == len(said.tokens)
    assert said.cosine.shape == (len(said.tokens),) * 2 and said.colours.shape == (len(said.tokens), 3)


def test_words_are_those_of_the_spans():
    assert words_of("no pain", [Span(0, 2), Span(3, 7)]) == ["no", "pain"]
