"""What a change of a case does: predictions and input weights before and after, and single changes by their effect.

K classes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from mmcore.base.score_digits import digits_of
from mmcore.base.settings import _, counted
from mmcore.base.signed_numbers import signed
from mmcore.figures import overlays, theme


def before_after(
    names: Sequence[str],
    before: np.ndarray | None,
    after: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    colours: Mapping[str, str],
    *,
    title: str,
) -> go.Figure:
    """A row a name: a ring where it was, a dot where it is now with its interval, and the way between. Arrays [K].

    before: None while nothing is changed; then there is no ring.
    """
    figure = go.Figure()
    for i, name in enumerate(names):
        tint = colours.get(name, theme.ACCENT)
        figure.add_trace(
            go.Scatter(
                x=[low[i], high[i]],
                y=[name, name],
                mode="lines",
                line={"color": theme.faded(tint, 0.35), "width": 9},
                hoverinfo="skip",
                showlegend=False,
            )
        )
        figure.add_trace(
            go.Scatter(
                x=[after[i] if before is None else before[i], after[i]],
                y=[name, name],
                mode="lines+markers",
                line={"color": overlays.BAR, "width": 1.5},
                marker={
                    "size": [0 if before is None else 12, 14],
                    "color": ["rgba(0,0,0,0)", tint],
                    "line": {"color": [tint, tint], "width": [2, 0]},
                    "opacity": 1,  # marks of several sizes are faded unless told otherwise
                },
                cliponaxis=False,  # a mark at 0% is whole
                customdata=[_("before"), _("now")],
                hovertemplate="%{y}, %{customdata}: %{x:.1%}<extra></extra>",
                showlegend=False,
            )
        )
        moved = "" if before is None else "  " + _moved(float(before[i]), float(after[i]))
        figure.add_annotation(
            x=1, xref="paper", y=i, text=f"<b>{after[i]:.0%}</b>{moved}", showarrow=False, xanchor="right"
        )
    figure.update_xaxes(
        range=[-0.02, 1.02],  # half a mark beyond the ends
        domain=[0, 0.68],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        tickformat=".0%",
        showgrid=True,
        gridcolor=theme.FAINT,
        title_text=title,
    )
    figure.update_yaxes(showgrid=False, ticks="", autorange="reversed", type="category")
    return theme.style(figure, height=90 + (46 if len(names) < 5 else 32) * len(names), legend=False)


def _moved(before: float, after: float) -> str:
    """The points between two shares, as these are read."""
    points = round(100 * after) - round(100 * before)
    return points_in_words(points) if points else _("unchanged")


def points_in_words(points: int, minus: str = "−") -> str:
    """Percentage points with their sign; 0 has none: "+1 point", "−5 points"."""
    sign = "+" if points > 0 else minus if points else ""
    return counted(abs(points), "{sign}{count} point", "{sign}{count} points", sign=sign)


def changes(
    labels: Sequence[str],
    effects: np.ndarray,
    flips: Sequence[bool],
    inputs: Sequence[str],
    colours: Mapping[str, str],
    *,
    target: str | None = None,
    horizon: str | None = None,
    label: str | None = None,
) -> go.Figure:
    """Bars of what each change does to the probability of the predicted class, in the order given; ● flips it.

    target: of a regression, whose effects are in its own unit. horizon: of a time to an event, whose effects are on the
    probability of the event by then. label: of several labels, the one whose probability it is.
    """
    names = [f"{'● ' if flip else ''}{_short(label)}" for label, flip in zip(labels, flips, strict=True)]
    rows = np.arange(len(names))
    values = 100 * effects if target is None else effects
    reach = float(np.abs(values).max(initial=0)) or 1.0
    digits = 0 if target is None else digits_of(reach)  # those of the greatest: all are read against each other
    pale = 0.55 if any(flips) else 1.0
    figure = go.Figure(
        go.Bar(
            x=values,
            y=rows,
            orientation="h",
            marker={"color": [colours[name] for name in inputs], "opacity": [1.0 if flip else pale for flip in flips]},
            customdata=list(zip(labels, inputs, strict=True)),
            hovertemplate="%{customdata[1]}: %{customdata[0]}<br>%{text}<extra></extra>",
            text=[signed(float(value), digits) for value in values],
            textposition="outside",
            cliponaxis=False,
        )
    )
    title = (
        _("change of the predicted {target}").format(target=target)
        if target is not None
        else _("change of the probability of the event by {horizon}, in percentage points").format(horizon=horizon)
        if horizon is not None
        else _("change of the probability of {label}, in percentage points").format(label=label)
        if label is not None
        else _("change of the predicted class's probability, in percentage points")
    )
    figure.update_xaxes(
        title_text=title,
        range=[min(values.min(initial=0), -0.2 * reach) - 0.15 * reach, max(values.max(initial=0), 0) + 0.2 * reach],
    )
    figure.update_yaxes(showgrid=False, ticks="", autorange="reversed", tickvals=rows, ticktext=names)
    return theme.style(figure, height=90 + 28 * len(names), legend=False)


def _short(label: str, most: int = 46) -> str:
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"
