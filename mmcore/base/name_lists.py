"""Names one after the other, as a sentence lists them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mmcore.base.settings import _


def list_of(names: Iterable[str]) -> str:
    """ "a, b, c", with the comma of the language; "" of none."""
    return _(", ").join(names)


def all_of(names: Sequence[str]) -> str:
    """ "a, b and c"; "" of none."""
    return _joined(_("{first} and {last}"), names)


def any_of(names: Sequence[str]) -> str:
    """ "a, b or c"; "" of none."""
    return _joined(_("{first} or {last}"), names)


def first_of(names: Sequence[str], most: int, between: str = "") -> str:
    """The first names, and how many more there are: "a, b and 3 more". between: what joins them, if not a comma."""
    listed = between.join(names[:most]) if between else list_of(names[:most])
    return listed if len(names) <= most else _("{names} and {count} more").format(names=listed, count=len(names) - most)


def _joined(pair: str, names: Sequence[str]) -> str:
    return pair.format(first=list_of(names[:-1]), last=names[-1]) if names[1:] else "".join(names)
