"""Protects the parts of speech that clean-up shows."""

from __future__ import annotations

import pytest

from mmcore.encoders.text import cleaning


def test_parts_of_speech():
    pytest.importorskip("textblob")
    text = cleaning.cleaned("The enlarged heart was not seen. Father died at 48!")
    assert [word.part_of_speech for word in text] == (
        ["DET", "VERB", "NOUN", "AUX", "ADV", "VERB", "PUNCT", "NOUN", "VERB", "ADP", "NUM", "PUNCT"]
    )
