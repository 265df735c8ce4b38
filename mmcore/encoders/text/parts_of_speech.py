"""Parts of speech of English and Chinese words.

English: Brill's rule-based tagger as TextBlob carries it (MIT; Brill, A Simple Rule-Based Part of Speech Tagger, ANLP
1992), learnt on newspapers and the Brown corpus: telegraphic notes are tagged less well. Chinese: the tags of jieba's
dictionary, and its hidden Markov model for words that are not in it. Other languages are read as if they were English.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from mmcore.base.modules import missing_packages
from mmcore.base.settings import N_
from mmcore.encoders.loading import once
from mmcore.encoders.text.words import HAN, Spot, segmenter

NAMES = {
    "NOUN": N_("noun"),
    "PROPN": N_("name"),
    "VERB": N_("verb"),
    "AUX": N_("auxiliary verb"),
    "ADJ": N_("adjective"),
    "ADV": N_("adverb"),
    "PRON": N_("pronoun"),
    "DET": N_("determiner"),
    "ADP": N_("preposition"),
    "CCONJ": N_("conjunction"),
    "PART": N_("particle"),
    "NUM": N_("numeral"),
    "INTJ": N_("interjection"),
    "PUNCT": N_("punctuation"),
    "SYM": N_("symbol"),
    "X": N_("other"),
}
PENN = {
    "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "MD": "AUX", "IN": "ADP", "CC": "CCONJ",
    "CD": "NUM", "UH": "INTJ", "TO": "PART", "RP": "PART", "POS": "PART", "EX": "PRON", "WRB": "ADV",
    "PRP": "PRON", "PRP$": "PRON", "WP": "PRON", "WP$": "PRON", "DT": "DET", "PDT": "DET", "WDT": "DET",
}  # fmt: skip
PENN_GROUPS = {"VB": "VERB", "JJ": "ADJ", "RB": "ADV"}  # first two letters of VBZ, JJR, RBS, ...
BE_HAVE_DO = {
    *("am", "is", "are", "was", "were", "be", "been", "being", "'s", "'re", "'m"),
    *("has", "have", "had", "having", "'ve", "do", "does", "did"),
}
JIEBA = {
    "n": "NOUN", "t": "NOUN", "s": "NOUN", "f": "NOUN", "q": "NOUN", "v": "VERB", "a": "ADJ", "b": "ADJ", "z": "ADJ",
    "d": "ADV", "m": "NUM", "r": "PRON", "p": "ADP", "c": "CCONJ", "u": "PART", "y": "PART", "e": "INTJ", "o": "INTJ",
}  # fmt: skip
JIEBA_WHOLE = {"ns": "PROPN", "nt": "PROPN", "nz": "PROPN", "nrt": "PROPN", "ad": "ADV", "an": "NOUN", "vn": "NOUN"}
ENDS = frozenset(".!?;。！？；")


def tags(text: str, spots: Sequence[Spot]) -> list[str]:
    """A tag of Universal Dependencies for each word; "" for English words where TextBlob is not installed."""
    tags = [_plain(text[start:end]) for start, end in spots]
    for sentence in _sentences(text, spots):
        english = [i for i in sentence if not HAN.search(text[slice(*spots[i])])]
        for i, tag in zip(english, _english([text[slice(*spots[i])] for i in english]), strict=True):
            tags[i] = tags[i] or tag
        for i in set(sentence) - set(english):
            tags[i] = _chinese(text[slice(*spots[i])])
    return tags


def _plain(word: str) -> str:
    """The tag of what is no word: marks, symbols, numbers; "" else."""
    sorts = {unicodedata.category(character)[0] for character in word}
    if sorts <= {"P", "C", "M"}:
        return "PUNCT"
    if sorts <= {"S", "C", "M"}:
        return "SYM"
    return "NUM" if sorts <= {"N", "P"} else ""


def _sentences(text: str, spots: Sequence[Spot]) -> list[list[int]]:
    """Numbers of the words, sentence by sentence; a new line ends a sentence too."""
    sentences: list[list[int]] = [[]]
    for i, (start, end) in enumerate(spots):
        if i and "\n" in text[spots[i - 1][1] : start]:
            sentences.append([])
        sentences[-1].append(i)
        if text[start:end] in ENDS:
            sentences.append([])
    return [sentence for sentence in sentences if sentence]


def _english(sentence: list[str]) -> list[str]:
    if not sentence or missing_packages("textblob"):
        return [""] * len(sentence)
    return [_universal(word.lower(), tag.split("-")[0]) for word, tag in _tagger().find_tags(_as_read(sentence))]


def _as_read(sentence: Sequence[str]) -> list[str]:
    """Words as the lexicon has them: capitals that a sentence begins with, or is written in, make no names."""
    plain = [word.replace("’", "'") for word in sentence]
    if not any(letter.islower() for word in plain for letter in word):
        return [word.lower() for word in plain]
    first = plain[0].lower()
    return [first if first in _tagger().lexicon else plain[0], *plain[1:]]


def _universal(word: str, penn: str) -> str:
    tag = PENN.get(penn) or PENN_GROUPS.get(penn[:2], "X")
    return "AUX" if tag == "VERB" and word in BE_HAVE_DO else tag


def _chinese(word: str) -> str:
    tagger = _chinese_tagger()
    tag = tagger.word_tag_tab.get(word) or tagger.lcut(word)[-1].flag
    return JIEBA_WHOLE.get(tag) or JIEBA.get(tag[0], "X")


@once
def _tagger() -> Any:
    from textblob.en import parser

    parser.find_tags(["."])  # reads its lexicon
    return parser


@once
def _chinese_tagger() -> Any:
    from jieba.posseg import POSTokenizer

    return POSTokenizer(segmenter())
