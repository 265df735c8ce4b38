"""One case: its image under a window, its text with negations and evidence marked."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go

from mmcore.base.settings import _
from mmcore.base.values import Evidence, Image, Span
from mmcore.encoders.text.words import HAN
from mmcore.figures import svg, theme
from mmcore.figures.evidence_outlines import add_evidence
from mmcore.figures.overlays import SMALL, picture

# Words that turn a finding into its absence: English, German, French, Spanish, Swedish; Chinese has no word borders.
_CUES = (
    r"no|not|without|denies|denied|never|none|negative for|absence of|free of|rules? out|ruled out|unremarkable"
    r"|kein|keine|keinen|nicht|ohne|sans|pas de|sin|niega|ej|inga|ingen|utan"
)
_CUE = re.compile(rf"\b(?:{_CUES})\b|[无没未否]", re.IGNORECASE)
_REACH = re.compile(r"(?:(?!\b(?:but|however|although|aber|men)\b)[^.;:\n,。；，]){0,60}", re.IGNORECASE)
UP, DOWN = theme.TWO_CLASSES[1], "#4C86B8"  # evidence for and against the positive class


def effect_colour(effect: float) -> str:
    """Colour of evidence by its sign: warm speaks for the positive class, cool against it."""
    return UP if effect >= 0 else DOWN


def image(
    value: Image,
    *,
    low: int = 0,
    high: int = 255,
    invert: bool = False,
    evidence: Sequence[Evidence] = (),
    side: int = 1400,
) -> go.Figure:
    """An image [H, W] or [H, W, 3] uint8: `low` is drawn black, `high` white, evidence is outlined."""
    step = max(1, -(-max(value.shape[:2]) // side))
    pixels = np.clip((value[::step, ::step].astype(np.float32) - low) * (255 / max(high - low, 1)), 0, 255).astype(
        np.uint8
    )
    pixels = 255 - pixels if invert else pixels
    height, width = pixels.shape[:2]
    smooth = "fast" if max(value.shape[:2]) > SMALL else False
    figure = go.Figure(go.Image(source=picture(pixels), zsmooth=smooth, hoverinfo="skip", x0=0.5, y0=0.5))
    add_evidence(figure, evidence, width, height)
    # not the range: that would stay as wide as it once was, and the image shrink, where the window is made narrower
    figure.update_xaxes(visible=False, range=[0, width], constrain="domain")
    figure.update_yaxes(visible=False, range=[height, 0], scaleanchor="x", constrain="domain", constraintoward="top")
    return figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        dragmode="pan",
        height=380,
        showlegend=False,
        plot_bgcolor="rgba(0,0,0,0)",
    )


def negations(text: str) -> list[tuple[Span, Span]]:
    """Negating words and what each reaches: up to the end of its clause, 60 characters at most."""
    negated = []
    for cue in _CUE.finditer(text):
        reach = _REACH.match(text, cue.end())
        end = reach.end() if reach else cue.end()
        negated.append((Span(cue.start(), cue.end()), Span(cue.end(), cue.end() + len(text[cue.end() : end].rstrip()))))
    return negated


def count_words(text: str) -> int:
    """Words of a text; of Chinese its characters, as word processors count: "62-year-old" is one, and a dash none."""
    other = rf"(?:(?!{HAN.pattern})\S)"
    return len(re.findall(rf"{HAN.pattern}|{other}*?(?!{HAN.pattern})\w{other}*", text))


def marked_text(text: str, evidence: Sequence[Evidence] = ()) -> str:
    """The text as escaped HTML: negating words boxed, their reach underlined, evidence on coloured ground; a legend."""
    cue, reach, proof = np.zeros(len(text), int), np.zeros(len(text), int), np.zeros(len(text), int)
    for i, (word, scope) in enumerate(negations(text), 1):
        cue[word.start : word.end], reach[scope.start : scope.end] = i, i
    for i, item in enumerate(evidence, 1):
        for place in item.places:
            if isinstance(place, Span):
                proof[place.start : place.end] = i
    state = np.stack([cue, reach, proof], 1)
    borders = [0, *(np.flatnonzero((state[1:] != state[:-1]).any(1)) + 1), len(text)] if text else [0]
    body = "".join(_piece(text[a:b], cue[a], reach[a], proof[a], evidence) for a, b in pairwise(borders))
    return (
        f'<div style="line-height:1.95;font-size:1.02rem;white-space:pre-wrap;overflow-wrap:anywhere">{body}</div>'
        + _legend(bool(cue.any()), evidence)
    )


def _piece(text: str, cue: int, reach: int, proof: int, evidence: Sequence[Evidence]) -> str:
    styles, title = [], ""
    if proof:
        item = evidence[proof - 1]
        styles.append(f"background:{theme.faded(effect_colour(item.effect), 0.28)};border-radius:4px;padding:2px 1px")
        title = f' title="{html.escape(item.name)} ({item.effect:+.2f})"'
    if cue:
        styles.append(_CUE_STYLE)
    elif reach:
        styles.append(_REACH_STYLE)
    return f'<span style="{";".join(styles)}"{title}>{html.escape(text)}</span>' if styles else html.escape(text)


_CUE_STYLE = f"box-shadow:inset 0 0 0 1px {theme.INPUT_COLOURS[3]};border-radius:5px;padding:1px 4px;font-weight:600"
_REACH_STYLE = f"text-decoration:underline dotted {theme.INPUT_COLOURS[3]} 2px;text-underline-offset:5px"


def _legend(negated: bool, evidence: Sequence[Evidence]) -> str:
    entries = []
    if negated:
        entries += [
            svg.tag("span", _("negation"), style=_CUE_STYLE),
            svg.tag("span", _("words it negates"), style=_REACH_STYLE),
        ]
    for effect, words in ((1, _("points to the target")), (-1, _("points away from it"))):
        if any((item.effect >= 0) == (effect > 0) and item.places for item in evidence):
            ground = f"background:{theme.faded(effect_colour(effect), 0.28)};border-radius:4px;padding:2px 6px"
            entries.append(svg.tag("span", words, style=ground))
    look = "display:flex;gap:1rem;flex-wrap:wrap;font-size:.82rem;opacity:.8;margin-top:.9rem"
    return svg.tag("div", *entries, style=look) if entries else ""
