"""Small steps that text encoders share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from mmcore.base.values import Place, Span, Whole
from mmcore.encoders.tokens import runs

Part = TypeVar("Part")
MOST = 1024  # tokens a text may have; in longer ones neighbours are averaged


def spans_to_places(spans: Sequence[tuple[int, int]], most: int = MOST) -> list[Place]:
    """Character spans of words -> places of the at most `most` tokens made of them; Whole for a text without words."""
    if not spans:
        return [Whole()]
    return [Span(spans[first][0], spans[last - 1][1]) for first, last in runs(len(spans), most)]


def ends(parts: Sequence[Part], most: int) -> list[Part]:
    """At most `most` of them: the first half and the last half."""
    return list(parts) if len(parts) <= most else [*parts[: most - most // 2], *parts[-(most // 2) :]]
