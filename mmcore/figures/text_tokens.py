"""A text on its way to tokens: words that can be chosen, the clean-up word by word, the neighbours of a word.

Whatever comes from the text is given as plain text or escaped.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from mmcore.base.settings import N_, _
from mmcore.base.values import Place, Span
from mmcore.encoders.text.cleaning import Word
from mmcore.encoders.text.parts_of_speech import NAMES
from mmcore.figures import svg, theme

NEGATION = "#CF4B62"
# Parts of speech (tags of Universal Dependencies) that carry most, with their colours; the others stay uncoloured.
SPEECH = {
    "NOUN": "#3F74C9",
    "PROPN": "#A3558F",
    "VERB": "#2B9483",
    "ADJ": "#C58A1C",
    "ADV": "#7C60B8",
    "NUM": "#B0653A",
}
_STRUCK = "text-decoration:line-through;text-decoration-color:currentColor;opacity:.5"


def pieces(
    text: str,
    places: Sequence[Place],
    shades: np.ndarray,
    numbers: np.ndarray,
    colour: str,
    *,
    negative: str = theme.GREY,
    chosen: int | None = None,
) -> list[dict[str, object]]:
    """The text cut into tokens and what lies between: `text`, `token` (its number, or None), `style` (CSS), `hover`.

    shades: [N] in -1..1, `negative` is the colour below zero. numbers: [N] what hover tells. Where places
    overlap the earlier token has the characters.
    """
    spans = [(place, i) for i, place in enumerate(places) if isinstance(place, Span)]
    parts: list[dict[str, object]] = []
    at = 0
    for place, i in sorted(spans, key=lambda pair: pair[0].start):
        start, end = max(place.start, at), place.end
        if end <= start:
            continue
        if start > at:
            parts.append({"text": text[at:start], "token": None, "style": "", "hover": ""})
        tint = theme.faded(colour if shades[i] >= 0 else negative, round(0.5 * min(abs(float(shades[i])), 1), 2))
        ring = f";box-shadow:0 0 0 2px {colour}" if i == chosen else ""
        style = f"background:{tint}{ring}"
        parts.append({"text": text[start:end], "token": i, "style": style, "hover": f"{numbers[i]:.3f}"})
        at = end
    if at < len(text):
        parts.append({"text": text[at:], "token": None, "style": "", "hover": ""})
    return parts


def cleaned(text: str, words: Sequence[Word]) -> str:
    """The text as HTML: parts of speech as colours, words that are dropped struck through, negations framed as kept."""
    parts, at = [], 0
    for word in words:
        start, end = max(word.start, at), word.end
        if end <= start:
            continue
        parts.append(html.escape(text[at:start]))
        parts.append(_word(text[start:end], word))
        at = end
    parts.append(html.escape(text[at:]))
    look = "line-height:2.15;margin:0;white-space:pre-wrap;overflow-wrap:anywhere"
    return svg.tag("p", *parts, style=look) + _legend(words)


def _word(text: str, word: Word) -> str:
    colour = NEGATION if word.negation else SPEECH.get(word.part_of_speech)
    styles = ["border-radius:4px;padding:1px 3px"]
    if colour and word.used:
        styles.append(f"background:{theme.faded(colour, 0.22)}")
    if word.negation:
        styles.append(f"box-shadow:inset 0 0 0 1.5px {colour};font-weight:600")
    if not word.used:
        styles.append(_STRUCK)
    hints = [_(NAMES.get(word.part_of_speech, N_("part of speech not known")))]
    hints += [_("stop word")] * word.stop + [_("negation")] * word.negation
    hints += [_("kept") if word.used else _("dropped")]
    return svg.tag("span", html.escape(text), style=";".join(styles), title=" · ".join(hints))


def _legend(words: Sequence[Word]) -> str:
    here = {word.part_of_speech for word in words if word.used}
    entries = [
        svg.tag("span", _(NAMES[tag]), style=f"background:{theme.faded(colour, 0.22)};{_CHIP}")
        for tag, colour in SPEECH.items()
        if tag in here
    ]
    if any(word.negation for word in words):
        frame = f"box-shadow:inset 0 0 0 1.5px {NEGATION};{_CHIP}"
        entries.append(svg.tag("span", _("negation, kept"), style=frame))
    if any(not word.used for word in words):
        entries.append(svg.tag("span", _("dropped"), style=f"{_STRUCK};{_CHIP}"))
    look = "display:flex;gap:.9rem;flex-wrap:wrap;font-size:.82rem;opacity:.9;margin-top:.9rem"
    return svg.tag("div", *entries, style=look) if entries else ""


_CHIP = "border-radius:4px;padding:2px 7px"


def neighbours(nearest: Sequence[tuple[str, float]], colour: str) -> go.Figure:
    """Words and their cosine to the chosen one as bars, the nearest on top."""
    names = [word if len(word) <= 22 else word[:21] + "…" for word, _cosine in nearest]
    values = [cosine for _word, cosine in nearest]
    figure = go.Figure(
        go.Bar(
            x=values,
            y=list(range(len(nearest))),
            orientation="h",
            marker={"color": colour, "opacity": 0.85},
            text=[f"{value:.2f}" for value in values],
            textposition="outside",
            cliponaxis=False,
            customdata=[word for word, _cosine in nearest],
            hovertemplate="%{customdata}: %{x:.3f}<extra></extra>",
        )
    )
    figure.update_yaxes(
        tickvals=list(range(len(nearest))), ticktext=names, autorange="reversed", showgrid=False, ticks=""
    )
    figure.update_xaxes(visible=False, range=[min(0.0, *values, 0.0), 1.15], zeroline=False)  # one scale, to the same
    return theme.style(figure, height=40 + 27 * len(nearest), legend=False)
