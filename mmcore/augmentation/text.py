"""Texts with words left out or in another order; negations and what they deny stay where they are."""

from __future__ import annotations

import re
from typing import Annotated

import numpy as np

from mmcore.augmentation.base import Augmentation, augmentations
from mmcore.base.negations import NEGATIONS
from mmcore.base.registry import Range
from mmcore.base.values import Kind

# Words that deny together with another one, or end a denial.
_NEAR = frozenset(
    "free unremarkable exclude excludes excluded unlikely ruled rule but however although though yet".split()  # noqa: SIM905 a list of words reads best as a text
)
_CHARACTERS = frozenset("无不未没非否勿莫别毋無沒別但")
_SCOPE = 2  # words after a negation that stay with it
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_]+(?:['’\-.][^\W_]+)*")


def is_negation(word: str) -> bool:
    """Whether a word denies something, or ends a denial: "no", "denies", "doesn't", "无", "but"."""
    plain = word.lower().replace("’", "'")
    return plain in NEGATIONS | _NEAR | _CHARACTERS or plain.endswith("n't")


@augmentations.register("word_dropout")
class WordDropout(Augmentation[str]):
    """Words left out, never a negation.

    Negations, the two words after each, and one word at least always stay.

    share: how often any other word is left out; the two words after a negation stay, too
    """

    kind = Kind.TEXT
    version = 2
    citation = "Iyyer et al., Deep Unordered Composition Rivals Syntactic Methods, ACL 2015 (word dropout)"

    def __init__(self, *, share: Annotated[float, Range(0, 0.9, 0.05)] = 0.1) -> None:
        self.share = share

    def __call__(self, value: str, chance: np.random.Generator) -> str:
        words, fixed = _words(value)
        draws = chance.random(len(words))
        lost = [i for i, draw in enumerate(draws) if draw < self.share and not fixed[i] and draw < draws.max()]
        for i in reversed(lost):
            start, end = words[i].span()
            before, after = value[:start], value[end:]
            spaced = after.startswith(" ") and (not before or before[-1].isspace())
            value = before + (after[1:] if spaced else after)
        return value


@augmentations.register("word_swap")
class WordSwap(Augmentation[str]):
    """Neighbouring words swapped, never a negation.

    Never across punctuation; negations and the two words after each stay where they are.

    share: how often a pair is swapped
    """

    kind = Kind.TEXT
    version = 2
    citation = "Wei & Zou, EDA, EMNLP 2019 (random swap)"

    def __init__(self, *, share: Annotated[float, Range(0, 0.9, 0.05)] = 0.1) -> None:
        self.share = share

    def __call__(self, value: str, chance: np.random.Generator) -> str:
        words, fixed = _words(value)
        spelled = [word.group() for word in words]
        draws, i = chance.random(len(words)), 0
        while i + 1 < len(words):
            between = value[words[i].end() : words[i + 1].start()]
            if draws[i] < self.share and not fixed[i] and not fixed[i + 1] and not between.strip():
                spelled[i], spelled[i + 1] = spelled[i + 1], spelled[i]
                i += 1
            i += 1
        pieces, at = [], 0
        for word, new in zip(words, spelled, strict=True):
            pieces += [value[at : word.start()], new]
            at = word.end()
        return "".join(pieces) + value[at:]


def _words(text: str) -> tuple[list[re.Match], list[bool]]:
    """Words (single characters of Chinese) and which of them must stay as and where they are."""
    words = list(_WORD.finditer(text))
    fixed = [False] * len(words)
    for i, word in enumerate(words):
        if is_negation(word.group()):
            fixed[i : i + 1 + _SCOPE] = [True] * len(fixed[i : i + 1 + _SCOPE])
    return words, fixed
