"""What each input adds: to every set of the others, and fairly shared out (Shapley 1953).

Colours: input -> hex.
"""

from __future__ import annotations

import html
from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mmcore.base.settings import _
from mmcore.base.signed_numbers import signed
from mmcore.evaluation import gap_digits, lower_is_better, metric_label
from mmcore.figures import theme

_ROW = 62  # pixels of an input
_LIFT = 0.2  # of the Shapley value above the middle of its row; the single gains lie below


def contributions(
    gains: pd.DataFrame, shapley: pd.DataFrame, metric: str, colours: Mapping[str, str]
) -> go.Figure:  # fmt: skip
    """A row an input: what it adds to each set of the others (small marks), and its Shapley value, the fair average
    of these, with its 95% interval; beside it its share of what all inputs add together.

    gains: rows with `input`, `to` (names of the others that were there already) and `gain`, where more is better
    whatever the metric. shapley: a row an input with `input`, `mean`, `low`, `high`, `share`.
    """
    ordered = shapley.sort_values("mean", ascending=False, ignore_index=True)
    digits = gap_digits(metric, *shapley[["mean", "low", "high"]].to_numpy(float).ravel())
    figure = go.Figure()
    for place, row in ordered.iterrows():
        tint = colours.get(row["input"], theme.ACCENT)
        y = float(place) - _LIFT
        _gains_of(figure, gains[gains["input"] == row["input"]], y + _LIFT, tint, len(ordered) - 1, digits)
        figure.add_trace(theme.interval(row["low"], row["high"], y, tint, 0.6))
        hover = (
            f"{html.escape(row['input'])}: <b>{signed(row['mean'], digits)}</b> "
            f"[{signed(row['low'], digits)}, {signed(row['high'], digits)}]"
        )
        figure.add_trace(
            go.Scatter(
                x=[row["mean"]], y=[y], mode="markers", name=row["input"], showlegend=False,
                marker={"symbol": "diamond", "size": 14, "color": tint, "line": {"width": 0}},
                hovertemplate=hover + "<extra></extra>",
            )
        )  # fmt: skip
        share = "" if not np.isfinite(row["share"]) else f"   {row['share']:.0%}"
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=8, y=y, text=f"<b>{signed(row['mean'], digits)}</b>{share}",
            showarrow=False, font={"size": 12},
        )  # fmt: skip
    figure.add_vline(x=0, line={"color": theme.GREY, "width": 1.5}, layer="below")
    for symbol, name in (
        ("diamond", _("Shapley value, 95% interval")),
        *((symbol, name) for symbol, name in _marks(len(ordered) - 1).values()),
    ):
        look = {"color": theme.GREY, "size": 9, "symbol": symbol, "line": {"width": 1.5, "color": theme.GREY}}
        figure.add_trace(go.Scatter(x=[None], y=[None], mode="markers", name=name, marker=look))
    better = _("how much it adds to {metric}") if not lower_is_better(metric) else _("how much it lowers {metric}")
    ends = [*gains["gain"], *shapley["low"], *shapley["high"], 0.0]
    low, high = float(np.nanmin(ends)), float(np.nanmax(ends))
    room = 0.04 * ((high - low) or 0.1)
    title = better.format(metric=metric_label(metric))
    figure.update_xaxes(title_text=title, zeroline=False, range=[low - room, high + room])
    figure.add_annotation(
        x=1, xref="paper", xanchor="left", xshift=8, y=1, yref="paper", yanchor="bottom", yshift=4,
        text=f"<i>{_('value')}</i>     <i>{_('share')}</i>", showarrow=False, font={"size": 12},
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(ordered))), ticktext=[f"<b>{html.escape(name)}</b>" for name in ordered["input"]],
        showgrid=False, zeroline=False, ticks="", range=[len(ordered) - 0.45, -0.55],
    )  # fmt: skip
    height = 110 + _ROW * len(ordered)
    return theme.style(figure, height=height).update_layout(margin={"t": 34, "r": 104})


def _marks(others: int) -> dict[str, tuple[str, str]]:
    """Marks of gains, symbol and name, by whether an input came first, last or between."""
    between = {"some": ("circle-open", _("added to some others"))} if others > 1 else {}
    return {
        "none": ("triangle-right-open", _("alone, against chance")),
        **between,
        "all": ("square-open", _("added to all others")),
    }


def _gains_of(figure: go.Figure, gains: pd.DataFrame, y: float, tint: str, others: int, digits: int) -> None:
    """The gains of one input below its Shapley value: with more of the others there, lower."""
    marks = _marks(others)
    for row in gains.itertuples():
        size = len(row.to)
        symbol, _name = marks["none" if size == 0 else "all" if size == others else "some"]
        added = _("alone") if size == 0 else _("added to {inputs}").format(inputs=html.escape(" + ".join(row.to)))
        figure.add_trace(
            go.Scatter(
                x=[row.gain], y=[y + 0.02 + 0.3 * size / max(others, 1)], mode="markers", showlegend=False,
                marker={"symbol": symbol, "size": 8, "color": tint, "line": {"width": 1.5}},
                hovertemplate=f"{added}: {signed(row.gain, digits)}<extra></extra>",
            )
        )  # fmt: skip
