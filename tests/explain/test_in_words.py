"""Protects what is said of weights and links: an input is named only where it stands out, places as people point."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.base.values import Box, Column, Seconds, Segment, Span, Whole
from mmcore.explain.in_words import (
    most_weighed,
    place_in_words,
    strongest_link,
    strongest_segments,
    weights_in_words,
)


@pytest.mark.parametrize(
    ("weights", "words", "most"),
    [
        (
            {"film": 0.6, "note": 0.3, "labs": 0.1},
            "The method weighs film most, with 60%, and labs least, with 10%.",
            "film",
        ),
        ({"film": 0.26, "note": 0.25, "labs": 0.25, "ecg": 0.24}, "all inputs about the same: 24% to 26% each", None),
        (
            {"film": 0.41, "note": 0.4, "labs": 0.19},
            "The method weighs film and note most, with 41% and 40%, and labs least",
            None,
        ),
        ({"film": 1.0}, "", None),
    ],
)
def test_the_input_weighed_most(weights, words, most):
    text = weights_in_words(weights)
    assert words in text and bool(words) == bool(text) and most_weighed(weights) == most


def test_places_are_named_as_people_point_at_them():
    assert place_in_words("note", Span(3, 7), "no pain") == "“pain” in note"
    assert place_in_words("labs", Column("age")) == "age in labs"
    assert place_in_words("ecg", Seconds(1.0, 2.5)) == "1.0 to 2.5 s of ecg"
    assert place_in_words("ecg", Segment(1.0, 1.1, "ST segment in V2", "ST", 0)) == "ST segment in V2 of ecg"
    assert place_in_words("film", Box(0.7, 0.0, 0.9, 0.2)) == "the lower left of film"
    assert place_in_words("film", Whole()) == "film"


def test_the_strongest_link_is_named_and_none_where_all_are_even():
    places = {"note": [Span(0, 2), Span(3, 7)], "labs": [Column("age"), Column("bnp"), Column("sex")]}
    even = np.full((2, 3), 1 / 3)
    sharp = np.array([[0.3, 0.4, 0.3], [0.1, 0.8, 0.1]])
    assert "No link stands out" in strongest_link({("note", "labs"): even}, places, {"note": "no pain"})
    text = strongest_link({("note", "labs"): sharp, ("labs", "note"): even[:, :2]}, places, {"note": "no pain"})
    assert "“pain” in note looks at bnp in labs, 2 times" in text


def test_a_word_of_many_pieces_is_no_stronger_link_for_its_length():
    places = {"note": [Span(0, 2), Span(3, 14), Span(15, 18)], "labs": [Column("age")]}
    links, texts = {("labs", "note"): np.array([[0.1, 0.8, 0.1]])}, {"note": "no paracetamol now"}
    assert "“paracetamol” in note, 2 times" in strongest_link(links, places, texts)
    assert "No link stands out" in strongest_link(links, places, texts, {"note": np.array([1, 4, 1])})


def test_the_strongest_segments_are_named_by_size():
    places = [
        Segment(0, 1, "P wave in I", "ST", 0),
        Segment(1, 2, "ST segment in I", "ST", 0),
        Segment(2, 3, "T wave in I", "ST", 0),
    ]
    assert strongest_segments(places, np.array([0.1, -3.0, 2.0]), 2) == [
        ("ST segment in I", -3.0),
        ("T wave in I", 2.0),
    ]
    assert strongest_segments([Seconds(0, 1)], np.array([5.0])) == []
