"""Numbers of tokens keep their names, and what is measured is told from what is not there."""

from __future__ import annotations

import numpy as np

from mmcore.figures import token_values


def test_matrices_name_their_rows():
    assert list(token_values.word_similarity(["chest", "pain"], np.eye(2)).layout.xaxis.ticktext) == ["chest", "pain"]
    figure = token_values.column_tokens(
        ["age", "sex"], ["age", "age missing", "sex=f"], np.array([[63.0, 0, 0], [0, 0, 1]])
    )
    assert list(figure.data[0].y) == ["age", "sex"] and figure.data[0].text[0][0] == "63"


def test_slots_of_a_table_token_are_shown_filled_or_empty_and_escaped():
    drawn = token_values.slot_rows(
        ["<sex>"],
        ["<sex>=f", "<sex>=m"],
        np.array([[0.0, 1.0]]),
        np.array([[True, True]]),
        np.array([[False, True]]),
        "#3F74C9",
    )
    assert "<sex>" not in drawn and "&lt;sex&gt;=m" in drawn and drawn.count("<b") == 1, (
        "an empty slot has a 0 without weight"
    )


def test_a_measured_zero_is_not_drawn_as_an_empty_slot():
    true = np.array([[True]])
    assert "<b" in token_values.slot_rows(["ca"], ["ca"], np.array([[0.0]]), true, true, "#3F74C9")


def test_the_largest_numbers_of_a_vector_come_first_and_zeros_are_left_out():
    figure = token_values.strongest(["a", "b", "c", "d"], np.array([0.1, -5.0, 2.0, 0.0]), "#3F74C9", count=2)
    assert list(figure.data[0].x) == [-5, 2] and list(figure.data[0].customdata) == ["b", "c"]
    assert len(token_values.strongest(["a", "b"], np.array([0.0, 1.0]), "#3F74C9").data[0].x) == 1
    assert list(token_values.strip(np.array([1.0, -3.0])).data[0].z[0]) == [1, -3]
