"""Words that usually say the same: what a cell that a run never saw may mean."""

from __future__ import annotations

from collections.abc import Iterable

_SAME = (
    {"f", "female", "fem", "w", "woman", "women", "weiblich", "girl", "femme", "femenino", "mujer", "女", "女性"},
    {"m", "male", "man", "men", "männlich", "maennlich", "boy", "homme", "masculino", "hombre", "男", "男性"},
    {"1", "yes", "y", "true", "t", "positive", "pos", "+", "present", "ja", "oui", "si", "sí", "是", "有", "阳性"},
    {"0", "no", "n", "false", "f", "negative", "neg", "-", "absent", "nein", "non", "否", "无", "無", "阴性"},
    {"l", "left", "lt", "links", "gauche", "左"},
    {"r", "right", "rt", "rechts", "droit", "droite", "右"},
)


def meant_by(name: str, categories: Iterable[str]) -> str | None:
    """The only one of the categories that usually says the same as this name; None where none or several do."""
    word = _plain(name)
    sets = [words for words in _SAME if word in words]
    same = {category for category in categories for words in sets if _plain(category) in words}
    return same.pop() if len(same) == 1 else None


def truth_of(name: str) -> str | None:
    """ "1" or "0" for a word that says yes or no; None for any other."""
    word = _plain(name)
    yes, no = word in _SAME[2], word in _SAME[3]
    return None if yes == no else "1" if yes else "0"


def _plain(name: str) -> str:
    word = name.strip().casefold()
    if word.endswith(".0") and word[:-2].isdigit():  # a category of numbers that had gaps
        return word[:-2]
    return word.rstrip(".")
