"""Protects clean-up, which never takes a negation out of a clinical text."""

from __future__ import annotations

import pytest
import torch

from mmcore.base.errors import Unavailable
from mmcore.encoders import make
from mmcore.encoders.text import cleaning
from tests.encoders.text.shared import SPEC, spelt


def retained(text: str) -> str:
    return " ".join(word.text for word in cleaning.cleaned(text) if word.used)


def test_clean_up_keeps_negations():
    assert retained("Denies chest pain, and he is without fever.") == "Denies chest pain without fever"
    assert retained("Patient doesn't smoke; MI was ruled out.") == "Patient n't smoke MI ruled out"
    sentence = {word.text: word for word in cleaning.cleaned("No pain at the back. Free of fever.")}
    assert sentence["No"].negation and sentence["of"].negation and sentence["of"].used and not sentence["pain"].negation
    assert sentence["the"].stop and not sentence["the"].used and sentence["back"].used
    assert retained("to be or") == "to be or", "something remains"
    assert cleaning.cleaned("  ") == []


@pytest.mark.slow
def test_clean_up_of_chinese():
    pytest.importorskip("jieba")
    sentence = {
        word.text: word
        for word in cleaning.cleaned("患者的胸痛无缓解，否认发热，未见异常，未来随访，不伴呕吐，胸闷不适。")
    }
    assert (
        sentence["无"].negation
        and sentence["否认"].negation
        and sentence["未见异常"].negation
        and sentence["不伴"].negation
    )
    assert not sentence["不适"].negation and sentence["不适"].used and not sentence["未来"].negation
    assert not sentence["的"].used and not sentence["，"].used
    assert sentence["胸痛"].part_of_speech == "NOUN" and sentence["否认"].part_of_speech == "VERB"


@pytest.mark.parametrize("name", ["glove_6b_50d", "word2vec", "tfidf_svd", "bigru", "lstm_text"])
def test_cleaned_before_encoding(name):
    try:
        plain, clean = make(name, SPEC), make(name, SPEC, clean=True)
    except Unavailable as error:
        pytest.skip(str(error))
    text = "There was no pain in the chest."
    assert plain.identity() != clean.identity()
    assert torch.equal(clean.prepare([text]).values, plain.prepare(["no pain chest"]).values)
    if name != "tfidf_svd":
        assert spelt(text, [(p.start, p.end) for p in clean.places(text)]) == ["no", "pain", "chest"]
    assert [word.text for word in clean.cleaned(text) if word.used] == ["no", "pain", "chest"]
    assert clean.prepare(["the", ""]).mask.sum(1).tolist() == [1, 1]
