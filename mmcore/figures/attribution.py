"""What a prediction rests on, with signs: for the predicted class or against it, laid over each input; input by input.

Values are in units of the explained score (log-odds, or the target's unit). N tokens, M inputs.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from mmcore.base.score_digits import digits_of, effect_digits, written
from mmcore.base.settings import _
from mmcore.base.signed_numbers import signed
from mmcore.base.values import Column, Evidence, Image, InputSpec, Place, Signal, Span
from mmcore.figures import overlays, shaded_text, theme, weights_on_input
from mmcore.figures.evidence_outlines import add_evidence
from mmcore.figures.heat import HeatScale, signed_shares
from mmcore.figures.overlays import AGAINST, FOR

_SCALE = [[0, AGAINST], [0.5, "rgba(128, 144, 158, 0.10)"], [1, FOR]]


def image(
    value: Image,
    places: Sequence[Place],
    values: np.ndarray,
    scale: HeatScale,
    *,
    opacity: float = 0.65,
    evidence: Sequence[Evidence] = (),
) -> go.Figure:
    """What speaks for and against, over the image; evidence known to be there is outlined with dots."""
    figure = overlays.image_figure(value, 420)
    overlays.add_signed(figure, places, scale.shades(values), opacity=opacity, name=_("adds"), shown=values)
    add_evidence(figure, evidence)
    return figure


def signal(
    value: Signal,
    places: Sequence[Place],
    values: np.ndarray,
    scale: HeatScale,
    *,
    colour: str,
    channel: int = 0,
    evidence: Sequence[Evidence] = (),
) -> go.Figure:
    """The trace with what each stretch adds as a band below, on one time axis."""
    look = {"colorscale": _SCALE, "zmin": -scale.top, "zmax": scale.top}
    figure = weights_on_input.over_band(
        value, places, signed_shares(values), _("adds"), look, colour=colour, channel=channel, evidence=evidence
    )
    shades = scale.shades(values)
    weights_on_input.shade(figure, places, np.abs(shades), [FOR if shade > 0 else AGAINST for shade in shades], channel)
    return figure


def text(value: str, places: Sequence[Place], values: np.ndarray, scale: HeatScale, marked: Sequence[Span] = ()) -> str:
    """HTML: words on the colour of for or against."""
    return shaded_text.shaded(
        value, places, scale.shades(values), FOR, negative=AGAINST, marked=marked, hover_values=values, signed=True
    )


def columns(
    value: Mapping[str, object],
    places: Sequence[Place],
    values: np.ndarray,
    scale: HeatScale,
    spec: InputSpec,
    *,
    evidence: Sequence[Evidence] = (),
    reach: tuple[float, float] | None = None,
) -> go.Figure:
    """What each column adds as bars from zero, the strongest on top, with the case's value beside the name.

    reach: least and most of this figure and of another beside it, which then have one axis.
    """
    named = [(place.name, float(v)) for place, v in zip(places, values, strict=True) if isinstance(place, Column)]
    named.sort(key=lambda pair: abs(pair[1]))
    amounts = np.array([v for _name, v in named])
    digits = effect_digits(np.abs(amounts).max(initial=0))
    figure = go.Figure(
        go.Bar(
            x=amounts,
            y=weights_on_input.column_labels([name for name, _v in named], value, spec, evidence),
            orientation="h",
            width=0.6,
            marker_color=[FOR if v > 0 else AGAINST for v in amounts],
            text=[signed(v, digits) if abs(v) >= 0.005 else "0" for v in amounts],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:+.3f}<extra></extra>",
        )
    )
    figure.update_xaxes(title_text=scale.unit, range=_room(np.array(reach) if reach else amounts), zeroline=True)
    figure.update_yaxes(showgrid=False, ticks="")
    return theme.style(figure, height=110 + 30 * len(named), legend=False)


def _room(amounts: np.ndarray) -> list[float]:
    """Limits of an axis with room for the numbers at both ends of the bars."""
    low, high = min(float(amounts.min(initial=0)), 0.0), max(float(amounts.max(initial=0)), 0.0)
    room = 0.22 * ((high - low) or 1.0)
    return [low - room if low < 0 else -0.02 * room, high + room]


def steps(
    added: Mapping[str, float],
    none: float,
    whole: float,
    *,
    start: str,
    end: str,
    title: str,
    percent: bool,
    height: int = 0,
) -> go.Figure:
    """From what is said without any input to the prediction, a step an input (Shapley values).

    added: input -> what it adds to the score. start, end: names of the first and the last row. percent: the score is a
    probability. height: pixels to fill at least.
    """
    names = _within(added, none) if percent else sorted(added, key=lambda name: -abs(added[name]))
    amounts = np.array([added[name] for name in names])
    ends = none + np.cumsum(amounts)
    froms = np.concatenate([[none], ends])[:-1]
    rows = [start, *(html.escape(name) for name in names), f"<b>{html.escape(end)}</b>"]
    amount_texts = [_points(100 * v) if percent else signed(v, digits_of(whole)) for v in amounts]
    total = [f"{v:.0%}" if percent else written(v, whole) for v in (none, whole)]
    figure = go.Figure(
        go.Bar(
            x=[none, *amounts, whole],
            base=[0, *froms, 0],
            y=rows,
            orientation="h",
            width=0.55,
            marker_color=[theme.GREY, *(FOR if v > 0 else AGAINST for v in amounts), theme.ACCENT],
            customdata=[total[0], *amount_texts, total[1]],
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        )
    )
    edges = [none, *ends]
    for i, x in enumerate(edges):  # what one row ends with, the next begins with
        figure.add_shape(
            type="line",
            x0=x,
            x1=x,
            y0=i,
            y1=i + 1,
            line={"color": overlays.BAR, "width": 1, "dash": "dot"},
            layer="below",
        )
    marks = [none, *np.maximum(froms, ends), whole]
    for row, x, words_ in zip(rows, marks, [total[0], *amount_texts, f"<b>{total[1]}</b>"], strict=True):
        figure.add_annotation(x=x, y=row, text=words_, showarrow=False, xanchor="left", xshift=6)
    low, high = min(0.0, none, whole, *ends), max(0.0, none, whole, *ends)
    room = 0.16 * ((high - low) or 1.0)
    figure.update_xaxes(title_text=title, range=[low, high + room])
    if percent:  # a probability ends at 1: room for the last number lies beside the axis
        ends_at = [min(low, 0.0), max(high, 1.0)]
        figure.update_xaxes(range=ends_at, domain=[0, 0.9], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    figure.update_yaxes(showgrid=False, ticks="", autorange="reversed", type="category")
    return theme.style(figure, height=max(100 + 58 * len(rows), height), legend=False)


def _within(added: Mapping[str, float], none: float) -> list[str]:
    """The steps in an order in which no sum of them leaves 0 to 1, the largest first wherever that can be."""
    rest, at, order = sorted(added, key=lambda name: -abs(added[name])), none, []
    while rest:
        name = next((name for name in rest if -1e-9 <= at + added[name] <= 1 + 1e-9), rest[0])
        order.append(name)
        rest.remove(name)
        at += added[name]
    return order


def _points(value: float) -> str:
    """A number of percentage points with its sign; 0 has none."""
    return signed(value, 0) if abs(value) >= 0.5 else "0"
