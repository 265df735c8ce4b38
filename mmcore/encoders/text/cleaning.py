"""Clean-up of a text as a step one can look at: parts of speech, stop words, negations, and what is kept.

Stop-word lists hold "no", "not" and "without", which turn the meaning of a clinical note; here they stay (Chapman et
al., A Simple Algorithm for Identifying Negated Findings and Diseases in Discharge Summaries, J Biomed Inform 2001).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mmcore.base.negations import NEGATIONS
from mmcore.encoders.loading import once
from mmcore.encoders.text import parts_of_speech
from mmcore.encoders.text.stop_words import MORE_STOPS, NO_NEGATIONS, PAIRS, TELLING
from mmcore.encoders.text.words import HAN, Spot, form, segmenter, words


@dataclass(frozen=True)
class Word:
    """One word and what clean-up makes of it.

    start, end: characters of the text. part_of_speech: a tag of Universal Dependencies ("NOUN", "VERB", ...; see
    parts_of_speech.NAMES), "" where it cannot be told. stop: it stands on the list of stop words. kept: it is neither a
    stop word nor punctuation, or the text holds nothing else.
    """

    start: int
    end: int
    text: str
    part_of_speech: str
    stop: bool
    negation: bool
    used: bool


def cleaned(text: str, spots: Sequence[Spot] | None = None) -> list[Word]:
    """Every word of an English or Chinese text, in order. spots: where an encoder sees the words, if it differs.

    Raises Unavailable for a Chinese text where jieba is not installed.
    """
    spots = words(text) if spots is None else spots
    forms = [form(text[start:end]) for start, end in spots]
    negations, tags, stays = _negations(forms), parts_of_speech.tags(text, spots), keep(text, spots)
    return [
        Word(start, end, text[start:end], tag, _stop(word), negation, here)
        for (start, end), word, tag, negation, here in zip(spots, forms, tags, negations, stays, strict=True)
    ]


def keep(text: str, spots: Sequence[Spot]) -> list[bool]:
    """Which words stay: negations, and all but stop words and punctuation; every word if none would stay."""
    forms = [form(text[start:end]) for start, end in spots]
    stays = [
        negation or not (_stop(word) or _punctuation(word))
        for word, negation in zip(forms, _negations(forms), strict=True)
    ]
    return stays if any(stays) else [True] * len(stays)


def without_stop_words(text: str, spots: Sequence[Spot]) -> list[Spot]:
    """The words that stay (see `keep`)."""
    return [spot for spot, here in zip(spots, keep(text, spots), strict=True) if here]


def _negations(forms: Sequence[str]) -> list[bool]:
    denied = [_denies(word) for word in forms]
    for i, pair in enumerate(pairwise(forms)):
        if pair in PAIRS:
            denied[i] = denied[i + 1] = True
    return denied


def _denies(word: str) -> bool:
    """On the list; "don't" in one piece; 未 with what follows; 不 or 无 with what makes no word of its own with it."""
    if word in NEGATIONS or word.endswith("n't"):
        return True
    if len(word) < 2 or word[0] not in "未不无" or not HAN.match(word[1]):
        return False
    return word not in NO_NEGATIONS if word[0] == "未" else not segmenter().FREQ.get(word)


def _stop(word: str) -> bool:
    return word in _stops()


def _punctuation(word: str) -> bool:
    return all(unicodedata.category(character)[0] in "PC" for character in word)


@once
def _stops() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return (ENGLISH_STOP_WORDS | MORE_STOPS) - NEGATIONS - TELLING
