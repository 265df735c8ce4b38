"""Word pieces put together again: what is shown of a text speaks of words, whatever its encoder cuts them into.

N tokens, W words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.base.values import Place, Span
from mmcore.explain.edits import words


@dataclass(frozen=True, eq=False)
class WholeWords:
    """places: [W] of words (what is no piece of one stays as it is). tokens: [W] how many tokens each is made of.
    word_of: [N] the word of each token."""

    places: tuple[Place, ...]
    tokens: np.ndarray
    word_of: np.ndarray

    def summed(self, values: np.ndarray) -> np.ndarray:
        """[N] numbers that add up, such as shares of the weight, as [W]."""
        return np.bincount(self.word_of, np.asarray(values, float), minlength=len(self.places))

    @property
    def member(self) -> np.ndarray:
        """[W, N] 1 where a token is of a word, else 0."""
        return (self.word_of[None] == np.arange(len(self.places))[:, None]).astype(float)


def links_of_words(
    links: Mapping[tuple[str, str], np.ndarray], places: Mapping[str, Sequence[Place]], texts: Mapping[str, str]
) -> tuple[dict[tuple[str, str], np.ndarray], dict[str, WholeWords]]:
    """Links (to, from) -> [N_to, N_from] between words instead of their pieces, rows summing to 1 as before; and the
    words of each text. A word looks where its pieces look on average, and is looked at as much as they are together.
    """
    words_of = {name: whole_words(text, places[name]) for name, text in texts.items() if name in places}
    member = {name: own.member for name, own in words_of.items()}
    joined = {}
    for (to, source), shares in links.items():
        shares = np.asarray(shares, float)
        if to in member:
            shares = member[to] @ shares / member[to].sum(1, keepdims=True)
        joined[to, source] = shares @ member[source].T if source in member else shares
    return joined, words_of


def whole_words(text: str, places: Sequence[Place]) -> WholeWords:
    """Tokens that lie in one word of the text, one after the other, are that word's."""
    starts = words(text)
    joined: list[Place] = []
    word_of, of_last = [], -1
    for place in places:
        at = _word_at(starts, place)
        if at >= 0 and at == of_last and isinstance(place, Span) and isinstance(joined[-1], Span):
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, place.end))
        else:
            joined.append(place)
        of_last = at
        word_of.append(len(joined) - 1)
    numbers = np.array(word_of, dtype=int)
    return WholeWords(tuple(joined), np.bincount(numbers, minlength=len(joined)), numbers)


def _word_at(words_there: Sequence[Span], place: Place) -> int:
    """Number of the word that holds a token; -1 where it is none's piece."""
    if not isinstance(place, Span):
        return -1
    low, high = 0, len(words_there)
    while low < high:
        middle = (low + high) // 2
        if words_there[middle].end <= place.start:
            low = middle + 1
        else:
            high = middle
    inside = low < len(words_there) and words_there[low].start <= place.start and place.end <= words_there[low].end
    return low if inside else -1
