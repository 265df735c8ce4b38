"""Protects clean-up, which never takes a negation out of a clinical text."""

from __future__ import annotations

import pytest
import torch

from mmcore.base.errors import Unavailable
from mmcore.encoders import make
from mmcore.encoders.text import cleaning
from tests.encoders.text.shared import SPEC, spelt


def kept(text: str) -> str:
    return " ".join(word.text for word in cleaning.cleaned(text) if word.used)


def test_clean_up_keeps_negations():
    assert kept("Denies chest pain, and he is without fever.") == "Denies chest pain without fever"
    assert kept("Patient doesn't smoke; MI was ruled out.") == "Patient n't smoke MI ruled out"
    told = {word.text: word for word in cleaning.cleaned("No pain at the back. Free of fever.")}
    assert told["No"].negation and told["of"].negation and told["of"].used and not told["pain"].negation
    assert told["the"].stop and not told["the"].used and told["back"].used
    assert kept("to be or") == "to be or", "something remains"
    assert cleaning.cleaned("  ") == []


def test_clean_up_of_chinese():
    pytest.importorskip("jieba")
    told = {
        word.text: word
        for word in cleaning.cleaned("患者的胸痛无缓解，否认发热，未见异常，未来随访，不伴呕吐，胸闷不适。")
    }
    assert told["无"].negation and told["否认"].negation and told["未见异常"].negation and told["不伴"].negation
    assert not told["不适"].negation and told["不适"].used and not told["未来"].negation
    assert not told["的"].used and not told["，"].used
    assert told["胸痛"].part_of_speech == "NOUN" and told["否认"].part_of_speech == "VERB"


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
