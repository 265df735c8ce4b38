"""Protects notes in Chinese: the same cases, probabilities and evidence as in English, in other words."""

from __future__ import annotations

import re

import numpy as np
import pytest

from mmcore.base.errors import BadInput
from mmcore.base.values import Kind
from mmcore.cohorts import build_sample, samples
from mmcore.cohorts.diabetes import chinese_intake, intake
from mmcore.cohorts.heart import chinese_note, phrases
from mmcore.cohorts.lung import chinese_report, referral
from mmcore.cohorts.rehab import chinese_plan, exercises
from mmcore.cohorts.samples import named_in
from mmcore.cohorts.synthetic.sentences import compose
from mmcore.cohorts.ward import chinese_round, ward_note
from mmcore.encoders.text.cleaning import cleaned

PAIRS = [
    (phrases, chinese_note), (referral, chinese_report), (exercises, chinese_plan), (intake, chinese_intake),
    (ward_note, chinese_round),
]  # fmt: skip


def texts_of(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
    return [text for part in inner for text in texts_of(part)]


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=lambda module: module.__name__.split(".")[-1])
def test_every_sentence_has_a_chinese_one_with_the_same_phrases(english, chinese):
    wording, stated = chinese.WORDINGS["zh"], vars(english)
    sentences = [text for name, value in stated.items() if name.isupper() for text in texts_of(value) if " " in text]
    sentences = [text for text in sentences if text.endswith(".")]
    sides = [{"side": side, "depth": depth} for side in ("left", "right") for depth in ("towards the back", "in front")]
    sentences = [text.format(**place) for text in sentences for place in sides]
    assert len(sentences) > 20
    for sentence in sentences:
        assert not re.search("[A-Za-z]{3}", wording[sentence]), sentence
        assert wording[sentence].count("[") == sentence.count("[") and wording[sentence].endswith("。"), sentence
    assert len(set(wording.values())) == len(wording), "two sentences that differ in English differ in Chinese"


@pytest.mark.parametrize("name", ["heart", "lung", "rehab", "diabetes", "ward"])
def test_the_same_cases_are_told_in_chinese(name):
    english, chinese = build_sample(name, 12), build_sample(f"{name}_zh", 12)
    note = next(name for name, spec in english.inputs.items() if spec.kind is Kind.TEXT)
    assert np.array_equal(english.ceiling_probability, chinese.ceiling_probability)
    assert (english.target == chinese.target).all() and english.key != chinese.key
    for id in english.ids:
        case, other = english.case(id), chinese.case(id)
        assert (note in case.values) == (note in other.values)
        own, its = case.evidence.get(note, ()), other.evidence.get(note, ())
        assert [(e.name, e.effect, len(e.places)) for e in own] == [(e.name, e.effect, len(e.places)) for e in its]
        for place in (place for evidence in its for place in evidence.places):
            assert not set(str(other.values[note])[place.start : place.end]) & set("。；[]")


@pytest.mark.slow
def test_negations_of_chinese_notes_stay():
    pytest.importorskip("jieba")
    note, _spans = compose([(text, "") for text in phrases.NO_CHEST_PAIN], chinese_note.WORDINGS["zh"])
    assert sum(word.negation and word.used for word in cleaned(note)) == len(phrases.NO_CHEST_PAIN)


def test_a_cohort_without_notes_says_so():
    assert named_in("heart", "zh") == "heart_zh" in samples and "heart_zh" not in list(samples)
    with pytest.raises(BadInput, match="heart_zh"):
        named_in("breast_cancer", "zh")
