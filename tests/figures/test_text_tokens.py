"""Words that can be chosen cover the text once and whole; the clean-up shows what is dropped and what must stay."""

import numpy as np

from mmcore.base.values import Span, Whole
from mmcore.encoders.text.cleaning import Word
from mmcore.figures import text_tokens

TEXT = "<b>No</b> pain"
PLACES = [Span(3, 5), Span(10, 14)]


def test_pieces_give_back_the_whole_text_and_say_which_token_each_is():
    pieces = text_tokens.pieces(TEXT, PLACES, np.array([-1.0, 0.5]), np.array([0.1, 0.2]), "#3F74C9", chosen=1)
    assert "".join(piece["text"] for piece in pieces) == TEXT
    assert [piece["token"] for piece in pieces] == [None, 0, None, 1]
    assert "box-shadow" in pieces[3]["style"] and pieces[3]["hover"] == "0.200"
    assert "133, 147, 160" in pieces[1]["style"], "below zero in the other colour"


def test_pieces_that_overlap_are_cut_and_a_whole_text_has_none():
    overlapping = text_tokens.pieces("abcdef", [Span(0, 4), Span(2, 6)], np.zeros(2), np.zeros(2), "#3F74C9")
    assert [(piece["text"], piece["token"]) for piece in overlapping] == [("abcd", 0), ("ef", 1)]
    assert [p["token"] for p in text_tokens.pieces("ab", [Whole()], np.zeros(1), np.zeros(1), "#3F74C9")] == [None]
    assert text_tokens.pieces("", [], np.zeros(0), np.zeros(0), "#3F74C9") == []


def test_clean_up_strikes_what_is_dropped_and_frames_negations():
    result = [
        Word(3, 5, "No", "DET", stop=False, negation=True, used=True),
        Word(10, 14, "pain", "NOUN", stop=False, negation=False, used=True),
        Word(14, 15, ".", "PUNCT", stop=False, negation=False, used=False),
    ]
    drawn = text_tokens.cleaned(TEXT + ".", result)
    assert "<b>" not in drawn and "&lt;b&gt;" in drawn
    assert "line-through" in drawn and "negation, kept" in drawn and "noun" in drawn
    assert text_tokens.cleaned("", []).startswith("<p")


def test_neighbours_are_listed_nearest_first():
    figure = text_tokens.neighbours([("ache", 0.9), ("a very long word indeed it is", 0.5)], "#3F74C9")
    assert list(figure.data[0].x) == [0.9, 0.5] and figure.layout.yaxis.ticktext[1].endswith("…")
    assert text_tokens.neighbours([], "#3F74C9").data[0].x == ()
    assert figure.layout.xaxis.range == text_tokens.neighbours([("on", 0.2)], "#3F74C9").layout.xaxis.range, "compared"
