"""Columns of text that repeat one another: a report as it was published beside the same report without its verdict."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum

import numpy as np
import pandas as pd

from mmcore.cohorts.names import words

_LOOK = 60  # rows that are compared
_SAME, _PART = 0.97, 0.9  # share of words from which two texts are one, or one is part of the other
_MORE_THAN_OTHERS = 0.25  # by which a text is nearer to its partner than to the partner of another case
_UNEDITED = {"raw", "orig", "original", "published", "full", "unedited", "verbatim", "source"}


class Likeness(Enum):
    """How two columns of text belong together."""

    SAME = "same"
    EDITION = "edition"  # one is the other, cut, and their names say so
    PART = "part"


def likeness(table: pd.DataFrame, column: str, other: str) -> Likeness | None:
    """How the texts of two columns repeat one another; None where they do not."""
    pairs = table[[column, other]].dropna()
    if len(pairs) < 3:
        return None
    pairs = pairs.iloc[np.unique(np.linspace(0, len(pairs) - 1, min(len(pairs), _LOOK)).astype(int))]
    first, second = ([_terms(str(cell)) for cell in pairs[name]] for name in (column, other))
    shared = np.mean([_shared(a, b, min) for a, b in zip(first, second, strict=True)])
    by_chance = np.mean([_shared(a, b, min) for a, b in zip(first, [*second[1:], second[0]], strict=True)])
    if shared < _PART or shared - by_chance < _MORE_THAN_OTHERS:
        return None
    if np.mean([_shared(a, b, max) for a, b in zip(first, second, strict=True)]) >= _SAME:
        return Likeness.SAME
    stems = [tuple(word for word in words(name) if word not in _UNEDITED) for name in (column, other)]
    return Likeness.EDITION if stems[0] == stems[1] else Likeness.PART


def unedited(column: str, other: str) -> bool:
    """Whether the first of two editions is the one as it was published."""
    return bool(set(words(column)) & _UNEDITED) and not set(words(other)) & _UNEDITED


def _terms(text: str) -> frozenset[str]:
    """Words; of scripts without spaces, pairs of letters."""
    parts = re.findall(r"\w+", text.casefold())
    return frozenset(
        term
        for part in parts
        for term in ([part] if part.isascii() or len(part) < 6 else [part[i : i + 2] for i in range(len(part) - 1)])
    )


def _shared(first: frozenset[str], second: frozenset[str], of: Callable[[int, int], int]) -> float:
    """Share of the words of the shorter (of = min) or the longer (max) text that both have."""
    size = of(len(first), len(second))
    return len(first & second) / size if size else float(first == second)
