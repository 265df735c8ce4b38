"""Protects whole words: pieces of one word are one, sums stay, and nothing else is put together."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.base.values import Span, Whole
from mmcore.explain.whole_words import links_of_words, whole_words


def test_pieces_of_a_word_are_one_and_sums_stay():
    text = "ischaemia of 3.5 mm"
    places = [Span(0, 4), Span(4, 9), Span(10, 12), Span(13, 14), Span(14, 15), Span(15, 16), Span(17, 19)]
    whole = whole_words(text, places)
    assert [text[p.start : p.end] for p in whole.places] == ["ischaemia", "of", "3.5", "mm"]
    assert whole.tokens.tolist() == [2, 1, 3, 1]
    values = np.arange(7) / 21
    assert whole.summed(values).tolist() == pytest.approx([1 / 21, 2 / 21, 12 / 21, 6 / 21])


@pytest.mark.parametrize("text", ["胸痛", "a, b"])
def test_signs_and_chinese_characters_stay_by_themselves(text):
    places = [Span(i, i + 1) for i in range(len(text)) if text[i] != " "]
    assert len(whole_words(text, places).places) == len(places)


def test_a_token_of_the_whole_text_or_of_two_words_stays():
    places = [Whole(), Span(0, 3), Span(0, 7)]
    assert whole_words("not now", places).places == tuple(places)


def test_links_of_words_still_share_out_one_whole():
    text, places = "ischaemia of", [Span(0, 4), Span(4, 9), Span(10, 12)]
    shares = np.array([[0.2, 0.3, 0.5], [0.4, 0.1, 0.5]])
    links = {("film", "note"): shares, ("note", "film"): np.array([[0.9, 0.1], [0.5, 0.5], [0.3, 0.7]])}
    joined, words = links_of_words(links, {"note": places, "film": [Whole(), Whole()]}, {"note": text})
    assert joined["film", "note"] == pytest.approx(np.array([[0.5, 0.5], [0.5, 0.5]]))
    assert joined["note", "film"] == pytest.approx(np.array([[0.7, 0.3], [0.3, 0.7]]))
    assert [text[p.start : p.end] for p in words["note"].places] == ["ischaemia", "of"]
