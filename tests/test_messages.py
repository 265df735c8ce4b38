"""Protects the Chinese sentences: none is empty, and each has the placeholders and marks of the English one."""

from __future__ import annotations

import re

import pytest

from tests.messages import catalogue, untranslated


@pytest.mark.parametrize("shelf", ["mmcore", "pages"])
def test_translations_keep_placeholders_and_bold_marks(shelf):
    wrong = []
    for entry in catalogue(shelf):
        if not entry.id:
            continue
        english = entry.id[-1] if isinstance(entry.id, tuple) else entry.id
        chinese = entry.string[0] if isinstance(entry.string, tuple) else entry.string
        if not chinese or _marks(english) != _marks(chinese):
            wrong.append((english, chinese))
    assert wrong == []


@pytest.mark.parametrize("shelf", ["mmcore", "pages"])
def test_bold_words_show_as_bold(shelf):
    """Markdown takes "**Word.**next" for no bold at all: a mark between punctuation inside and a letter outside."""
    texts = [entry.string if isinstance(entry.string, str) else entry.string[0] for entry in catalogue(shelf)]
    assert [text for text in texts if re.search(r"\*\*[^*]*[^\w\s{}*]\*\*\w", text)] == []


def _marks(text: str) -> list[str]:
    """A placeholder may stand twice in a language that repeats a noun."""
    return sorted(set(re.findall(r"\{[^{}]*\}", text))) + ["**"] * text.count("**")


def test_everything_said_is_translated():
    """A sentence that changed lacks its translation at once: `python -m tests.messages` lists all of them."""
    assert [f"{message.place}: {message.text!r}" for message in untranslated()] == []
