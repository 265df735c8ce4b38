"""Which case a person means by an id that is none, letter by letter: "Heart 7" for "heart-0007"."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_PARTS = re.compile(r"\d+|[^\W\d_]+")


def meant(text: str, ids: Iterable[str]) -> str | None:
    """The one id that has these letters and numbers: case, signs between and leading zeros aside; or just its numbers.

    None if there is no such id, or more than one.
    """
    wanted = _parts(text)
    if not wanted:
        return None
    every = [(id, _parts(id)) for id in ids]
    same = [id for id, parts in every if parts == wanted]
    if not same and all(part.isdigit() for part in wanted):
        same = [id for id, parts in every if [part for part in parts if part.isdigit()] == wanted]
    return same[0] if len(same) == 1 else None


def nearest(text: str, ids: Iterable[str]) -> str | None:
    """The id that is meant, else the one that is spelt most like it, if any is."""
    ids = list(ids)
    spelt = difflib.get_close_matches(text, ids, n=1, cutoff=0.5)
    return meant(text, ids) or (spelt[0] if spelt else None)


def _parts(id: str) -> list[str]:
    """Its words in small letters and its numbers without leading zeros, in order."""
    return [part.lstrip("0") or "0" if part.isdigit() else part.casefold() for part in _PARTS.findall(id)]
