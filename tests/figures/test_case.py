"""Protects what a case looks like: text escaped and complete, negations marked, windows of an image."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.base.values import Evidence, Span
from mmcore.figures import case


@pytest.mark.parametrize(
    ("text", "cue", "reach"),
    [
        ("No chest pain, but dyspnoea.", "No", " chest pain"),
        ("Patient denies fever; cough.", "denies", " fever"),
        ("Herz ohne Befund.", "ohne", " Befund"),
        ("患者无发热。", "无", "发热"),
    ],
)
def test_negations_reach_to_the_end_of_their_clause(text, cue, reach):
    (word, scope), *_ = case.negations(text)
    assert (text[word.start : word.end], text[scope.start : scope.end]) == (cue, reach)


def test_words_that_only_begin_like_a_negation_are_left_alone():
    assert case.negations("Normal notes, known nodule.") == []


def test_a_text_is_escaped_and_complete():
    text = 'No <script>alert("x")</script> & pain'
    evidence = [Evidence("<b>pain</b>", (Span(text.index("pain"), len(text)),), effect=1.2)]
    shown = case.marked_text(text, evidence)
    assert "<script" not in shown and "<b>" not in shown
    assert "&lt;script&gt;" in shown and "points to the target" in shown
    assert case.marked_text("") != ""


def test_window_and_inversion_change_pixels_not_shape():
    image = np.tile(np.arange(0, 256, 4, dtype=np.uint8), (32, 1))
    plain, narrow, inverted = case.image(image), case.image(image, low=100, high=150), case.image(image, invert=True)
    assert len({figure.data[0].source for figure in (plain, narrow, inverted)}) == 3
    assert plain.layout.xaxis.range == narrow.layout.xaxis.range == (0, 64)


@pytest.mark.parametrize(
    ("text", "expected"), [("No chest pain.", 3), ("胸痛三小时，EF 45%。", 7), ("62-year-old man - well.", 3), ("", 0)]
)
def test_words_are_counted_and_chinese_signs_one_by_one(text, expected):
    assert case.count_words(text) == expected
