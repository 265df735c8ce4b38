"""Protects the Chinese sentences: none is empty, and each has the placeholders and marks of the English one."""

from __future__ import annotations

import re

import pytest

from tests.messages import catalogue, doubled, untranslated, without_doubles


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


@pytest.mark.parametrize("shelf", ["mmcore", "pages"])
def test_each_sentence_is_translated_once(shelf):
    """Merges that keep both sides double them; `python -m tests.messages` takes the doubles out."""
    assert doubled(shelf) == []


def test_doubles_are_taken_out_however_they_are_broken_into_lines():
    first = 'msgid ""\nmsgstr ""\n"Language: zh\\n"\n\n#: a.py\nmsgid "no event seen"\nmsgstr "甲"\n'
    again = (
        '#: b.py\nmsgid ""\n"no event "\n"seen"\nmsgstr "乙"\nmsgid "event"\nmsgid_plural "events"\nmsgstr[0] "丙"\n'
    )
    assert without_doubles(first + again) == first + '\nmsgid "event"\nmsgid_plural "events"\nmsgstr[0] "丙"\n'


@pytest.mark.slow
def test_everything_said_is_translated():
    """A sentence that changed lacks its translation at once: `python -m tests.messages` lists all of them."""
    assert [f"{message.place}: {message.text!r}" for message in untranslated()] == []
