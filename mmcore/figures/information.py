"""What kind of information inputs hold: unique to one, in either of two, or in both together only, in bits."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from mmcore.base.settings import _
from mmcore.figures import theme

_ROW = 28  # pixels of a part
_APART = 1.2  # rows from the last part of a pair to the heading of the next


def pairs(rows: Sequence[Mapping[str, Any]], colours: Mapping[str, str]) -> go.Figure:
    """Every pair of inputs under its heading, a bar a part with its 95% interval and its number.

    rows: of the document of `studies.information` (`pairs`); where `redundant` has them, brackets at its `least` and
    `most` say what any definition of redundancy must lie between. colours: input -> hex.
    """
    figure, ticks, y = go.Figure(), {}, 0.0
    for row in rows:
        ticks[y + 0.1] = f"<i>{html.escape(' + '.join(row['inputs']))}</i>"
        for label, bits, tint in _parts(row, colours):
            y += 1.0
            ticks[y] = html.escape(label)
            _bar(figure, y, label, bits, tint)
        y += _APART
    figure.add_vline(x=0, line={"color": theme.GREY, "width": 1.5}, layer="below")
    last = max(ticks, default=0.0)
    figure.update_xaxes(title_text=_("bits of information about the target"), zeroline=False)
    figure.update_yaxes(
        tickvals=list(ticks), ticktext=list(ticks.values()), range=[last + 0.6, -0.5], showgrid=False, zeroline=False,
        ticks="",
    )  # fmt: skip
    return theme.style(figure, height=70 + round(_ROW * (last + 1)), legend=False).update_layout(margin={"r": 60})


def _parts(row: Mapping[str, Any], colours: Mapping[str, str]) -> list[tuple[str, Mapping[str, float], str]]:
    first, second = row["inputs"]
    return [
        (_("only {input}").format(input=first), row["unique"][first], colours[first]),
        (_("only {input}").format(input=second), row["unique"][second], colours[second]),
        (_("redundant: either one gives it"), row["redundant"], theme.GREY),
        (_("synergistic: only both together"), row["synergistic"], theme.ACCENT),
    ]


def _bar(figure: go.Figure, y: float, label: str, bits: Mapping[str, float], tint: str) -> None:
    """One part: bar, interval, bounds and number."""
    mean, low, high = bits["mean"], bits["low"], bits["high"]
    figure.add_trace(
        go.Bar(
            x=[mean], y=[y], orientation="h", width=0.62, name=label, showlegend=False,
            marker_color=theme.faded(tint, 0.55),
            error_x={
                "type": "data", "symmetric": False, "array": [high - mean], "arrayminus": [mean - low],
                "color": tint, "thickness": 2, "width": 3,
            },
            hovertemplate=f"{html.escape(label)}: <b>{mean:.3f}</b> [{low:.3f}, {high:.3f}] {_('bits')}<extra></extra>",
        )
    )  # fmt: skip
    if "least" in bits and "most" in bits:
        text = _("depending on how redundancy is defined: {least:.3f} to {most:.3f} bits").format(
            least=bits["least"], most=bits["most"]
        )
        figure.add_trace(
            go.Scatter(
                x=[bits["least"], bits["most"]], y=[y, y], mode="markers", name=text, showlegend=False,
                marker={"symbol": "line-ns", "size": 18, "line": {"width": 2, "color": theme.GREY}},
                hovertemplate=text + "<extra></extra>",
            )
        )  # fmt: skip
    figure.add_annotation(
        x=1, xref="paper", xanchor="left", xshift=8, y=y, text=f"{mean:.3f}", showarrow=False, font={"size": 12}
    )
