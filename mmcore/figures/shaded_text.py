"""A text with its tokens shaded, as HTML. Everything that comes from the text is escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np

from mmcore.base.values import Place, Span
from mmcore.figures import theme
from mmcore.figures.evidence_outlines import PROOF

_RAMP = 4  # colours of a ramp tell the value by themselves; they are as strong beside words as in other inputs
_DEEPEST = 0.45  # of a colour at most: on the palest of the heat, words of a dark page stay legible (4.5 to 1)


def shaded(
    text: str,
    places: Sequence[Place],
    values: np.ndarray,
    colour: str,
    *,
    negative: str = "",
    marked: Sequence[Span] = (),
    hover_values: np.ndarray | None = None,
    digits: int = 3,
    signed: bool = False,
    suffix: str = "",
    ramp: Sequence[str] = (),
) -> str:
    """The text as HTML, each token shaded by its value in -1..1 (`negative`: the colour below zero), `marked` spans
    underlined.

    Hover tells `hover_values` (default: the values), with its sign if `signed`, and `suffix`. ramp: colours of each
    token in place of `colour`.
    Everything that comes from the text is escaped.
    """
    values = np.nan_to_num(np.asarray(values, float))
    shade = np.zeros(len(text))
    raw: list[float | None] = [None] * len(text)
    tint = [colour] * len(text)
    numbers = values if hover_values is None else hover_values
    for place, value, number, own in zip(places, values, numbers, ramp or [colour] * len(values), strict=True):
        if isinstance(place, Span):
            tint[place.start : place.end] = [own] * len(tint[place.start : place.end])
            shade[place.start : place.end] = value
            raw[place.start : place.end] = [float(number)] * len(raw[place.start : place.end])
    under = np.zeros(len(text), bool)
    for span in marked:
        under[span.start : span.end] = True
    pieces, start = [], 0
    for end in range(1, len(text) + 1):
        if end == len(text) or raw[end] != raw[start] or under[end] != under[start]:
            hover_text = "" if raw[start] is None else f"{raw[start]:{'+' if signed else ''}.{digits}f}{suffix}"
            strength = min(abs(shade[start]) * (_RAMP if ramp else 1), 1)
            own = tint[start] if shade[start] >= 0 or not negative else negative
            pieces.append(_word(text[start:end], strength, hover_text, bool(under[start]), own))
            start = end
    return '<p style="line-height:2.1;margin:0;white-space:pre-wrap;overflow-wrap:anywhere">' + "".join(pieces) + "</p>"


def _word(text: str, strength: float, hover_text: str, under: bool, colour: str) -> str:
    """strength: of its colour, 0..1. hover_text: empty for what no token stands for."""
    styles = []
    if hover_text:
        tint = theme.faded(colour, round(_DEEPEST * strength, 2))
        styles.append(f"background:{tint};border-radius:4px;padding:2px 0")
    if under:
        styles.append(f"text-decoration:underline dotted {PROOF} 3px;text-underline-offset:5px")
    if not styles:
        return html.escape(text)
    title = f' title="{hover_text}"' if hover_text else ""
    return f'<span style="{";".join(styles)}"{title}>{html.escape(text)}</span>'
