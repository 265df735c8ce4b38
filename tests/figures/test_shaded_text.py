"""Shaded text is escaped, and tells the number of each word."""

from __future__ import annotations

import numpy as np

from mmcore.base.values import Span, Whole
from mmcore.figures import shaded_text


def test_words_are_escaped_shaded_and_marked():
    text = "<b>no</b> pain"
    html = shaded_text.shaded(
        text,
        [Span(3, 5), Span(10, 14)],
        np.array([0.5, 1.0]),
        "#3F74C9",
        marked=[Span(10, 14)],
        hover_values=np.array([0.25, 0.75]),
    )
    assert "<b>" not in html and "&lt;b&gt;" in html
    assert 'title="0.250"' in html and "underline" in html
    assert "rgba(63, 116, 201, 0.45)" in html and "rgba(63, 116, 201, 0.22)" in html


def test_words_without_weight_or_text_do_no_harm():
    assert "rgba(63, 116, 201, 0)" in shaded_text.shaded("ab", [Span(0, 2)], np.zeros(1), "#3F74C9")
    assert shaded_text.shaded("", [Whole()], np.ones(1), "#3F74C9").endswith("</p>")
