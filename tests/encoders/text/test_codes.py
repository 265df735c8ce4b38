"""Protects what text encoders share: both ends of a long text, and what makes them doubt one."""

from __future__ import annotations

from mmcore.encoders import make
from tests.encoders.text.shared import SPEC, spelt


def test_long_texts_keep_both_ends():
    encoder = make("bigru", SPEC)
    text = " ".join(f"w{i}" for i in range(300))
    places = encoder.places(text)
    assert len(places) == 128 and encoder.prepare([text]).mask.sum() == 128
    assert spelt(text, [(p.start, p.end) for p in (places[63], places[64], places[-1])]) == ["w63", "w236", "w299"]


def test_doubts_about_a_text():
    encoder = make("word2vec", SPEC)
    assert encoder.suits("No chest pain") is None and "empty" in encoder.suits(" ")
    assert "spaces" in encoder.suits("เจ็บหน้าอก") and encoder.suits("胸痛三天") is None
