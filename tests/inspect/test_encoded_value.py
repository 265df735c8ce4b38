"""What an encoder says of a value comes out with one place per token, and narrow tokens are shown whole."""

import numpy as np
import torch

from mmcore.base.values import Column, ColumnSpec, InputSpec, Signal, Span, Tokens
from mmcore.encoders import make
from mmcore.inspect.encoded_value import EncodedValue, encode_value, speed, words_of


def test_a_table_row_is_shown_whole():
    spec = InputSpec(
        name="labs", kind="table", columns=("age", "bmi"), table=(ColumnSpec(name="age"), ColumnSpec(name="bmi"))
    )
    output = encode_value(make("columns", spec), {"age": 63.0, "bmi": None})
    assert output.places == [Column("age"), Column("bmi")] and output.tokens[0, 0] == 63
    rows, whole = output.rows()
    assert whole and rows.shape == (output.tokens.shape[1], 2)


def test_wide_tokens_are_shown_by_their_components():
    signal = Signal(np.random.default_rng(0).normal(size=(1, 1000)).astype(np.float32), 100.0)
    output = encode_value(make("minirocket", InputSpec(name="ecg", kind="signal", columns=("ecg",))), signal)
    rows, whole = output.rows()
    assert not whole and rows.shape[1] == len(output.places) == len(output.tokens)
    assert output.cosine.shape == (len(output.tokens),) * 2 and output.colours.shape == (len(output.tokens), 3)


def test_words_are_those_of_the_spans():
    assert words_of("no pain", [Span(0, 2), Span(3, 7)]) == ["no", "pain"]


def test_a_part_learnt_from_a_fold_changes_the_numbers_and_not_the_places():
    spec = InputSpec(name="labs", kind="table", columns=("age",), table=(ColumnSpec(name="age"),))

    class Doubled:
        def __call__(self, tokens):
            return Tokens(torch.cat([tokens.values * 2, tokens.values], -1), tokens.mask)

    encoder = make("columns", spec)
    plain, through = encode_value(encoder, {"age": 4.0}), encode_value(encoder, {"age": 4.0}, Doubled())
    assert through.places == plain.places and through.tokens[0, 0] == 2 * plain.tokens[0, 0]


def test_words_like_a_chosen_one_are_named_once_and_never_itself():
    output = EncodedValue(np.array([[1.0, 0], [0.9, 0.1], [1, 0], [-1, 0.2]]), [Span(i, i + 1) for i in range(4)])
    same = output.nearest(0, ["Pain", "ache", "pain", "fine"], 3)
    assert [word for word, _cosine in same] == ["ache", "fine"] and same[0][1] > same[1][1]


def test_the_time_of_a_case_is_measured():
    spec = InputSpec(name="labs", kind="table", columns=("age",), table=(ColumnSpec(name="age"),))
    assert 0 < speed(make("columns", spec), {"age": 4.0}, repeats=1) < 60


def test_numbers_on_the_scale_of_a_cohort_stand_beside_the_raw_ones():
    spec = InputSpec(name="labs", kind="table", columns=("age",), table=(ColumnSpec(name="age"),))
    encoder = make("standardised", spec)
    output = encode_value(encoder, {"age": 60.0}, None, lambda tokens: Tokens((tokens.values - 50) / 10, tokens.mask))
    assert output.tokens[0, 0] == 60 and output.scaled[0] == 1 and encode_value(encoder, {"age": 60.0}).scaled is None
