"""Protects how a text is cut into words, in any script."""

from __future__ import annotations

import pytest

from mmcore.base.errors import Unavailable
from mmcore.base.values import Span
from mmcore.encoders import make
from mmcore.encoders.text.words import words
from tests.encoders.text.shared import SPEC, spelt


def test_words_of_any_script():
    text = "He doesn’t smoke; follow-up x-ray: 3.5 cm 🙂👍🏽"
    output = spelt(text, words(text))
    assert output[:9] == ["He", "does", "n’t", "smoke", ";", "follow-up", "x-ray", ":", "3.5"] and output[10] == "🙂"
    pytest.importorskip("jieba")
    text = "🙂患者否认高血压病史，CT无异常。"
    output = spelt(text, words(text))
    assert {"否认", "高血压", "CT", "异常"} <= set(output) and "".join(output) == text
    places = make("word2vec", SPEC).places(text)
    assert [text[place.start : place.end] for place in places] == output


def test_chinese_needs_its_segmenter_and_says_so(monkeypatch):
    import mmcore.encoders.text.words as module

    monkeypatch.setattr(module, "missing_packages", lambda *names: "pip install jieba")
    monkeypatch.setattr(module, "segmenter", module.segmenter.__wrapped__)
    with pytest.raises(Unavailable, match="jieba"):
        module.segmenter()
    assert make("word2vec", SPEC).prepare(["chest pain"]).mask.all(), "English does without"


def test_a_flipped_byte_in_the_prepared_dictionary_is_noticed(tmp_path, monkeypatch):
    from mmcore.encoders.text import words as module

    pytest.importorskip("jieba")
    monkeypatch.setenv("MMCORE_HOME", str(tmp_path))
    whole = module.segmenter.__wrapped__()
    prepared = tmp_path / "weights" / "jieba.cache"
    content = prepared.read_bytes()
    at = content.index("胸痛".encode()) + 2  # another word stands in its place, and nothing fails
    prepared.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    mended = module.segmenter.__wrapped__()
    assert mended.FREQ == whole.FREQ and "胸痛" in mended.FREQ
    before = prepared.stat().st_mtime_ns
    module.segmenter.__wrapped__()
    assert prepared.stat().st_mtime_ns == before  # what is whole is not prepared again


def test_spans_are_never_empty(text_model):
    encoder = make("transformer", SPEC, model=str(text_model))
    for text in ("\u200d", "a\u0301", "\ufeffpain", "\n ok"):
        for place in encoder.places(text):
            assert not isinstance(place, Span) or 0 <= place.start < place.end <= len(text)
