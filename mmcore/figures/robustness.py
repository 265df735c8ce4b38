"""How methods fare when inputs are absent or noisy, and what kind of information inputs hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.base.settings import _
from mmcore.evaluation import metric_label
from mmcore.figures import theme
from mmcore.figures.comparison import method_name


def curves(table: pd.DataFrame, metric: str, colours: Mapping[str, str], *, band: str | None = None) -> go.Figure:
    """A panel an input, a line a method: the score at each level, out of fold.

    table: rows with `method`, `name` (how it is shown), `input`, `kind`, `level`, `mean`, `low`, `high`, of one kind.
    band: the name whose 95% interval is drawn.
    """
    inputs = list(dict.fromkeys(table["input"]))
    figure = make_subplots(1, len(inputs), shared_yaxes=True, subplot_titles=inputs, horizontal_spacing=0.03)
    for i, input in enumerate(inputs, 1):
        for name, rows in table[table["input"] == input].groupby("name", sort=False):
            rows, tint = rows.sort_values("level"), colours.get(rows["method"].iloc[0], theme.ACCENT)
            if name == band:
                figure.add_trace(theme.band(rows["level"], rows["low"], rows["high"], tint), 1, i)
            off = "modality_dropout" in rows and rows["modality_dropout"].iloc[0] == 0
            figure.add_trace(
                go.Scatter(
                    x=rows["level"],
                    y=rows["mean"],
                    mode="lines+markers",
                    name=method_name(name),
                    legendgroup=name,
                    showlegend=i == 1,
                    line={"color": tint, "width": 2, "dash": "dot" if off else "solid"},
                    marker={"size": 6},
                    customdata=np.stack([rows["low"], rows["high"]], -1),
                    hovertemplate=f"{method_name(name)}: <b>%{{y:.3f}}</b> [%{{customdata[0]:.3f}}, "
                    "%{customdata[1]:.3f}]<extra></extra>",
                ),
                1,
                i,
            )
    absent = set(table["kind"]) == {"absent"}
    figure.update_xaxes(
        title_text=_("cases without it") if absent else _("noise × spread of cases"),
        tickformat=".0%" if absent else None,
    )
    figure.update_yaxes(title_text=metric_label(metric), col=1)
    figure.update_annotations(font_size=13)  # names of the panels
    figure = theme.style(figure, height=400)
    return figure.update_layout(margin={"t": 70}, legend={"y": 1.12})


def pairs(rows: Sequence[Mapping], colours: Mapping[str, str]) -> go.Figure:
    """What two inputs say of the target, taken apart: unique to each, redundant, synergistic, in bits.

    rows: of the document of `studies.information` (`pairs`).
    """
    names = [" + ".join(row["inputs"]) for row in rows]
    figure, shown = go.Figure(), set()
    for row, name in zip(rows, names, strict=True):
        first, second = row["inputs"]
        parts = [
            (_("only {input}").format(input=first), row["unique"][first], colours[first]),
            (_("only {input}").format(input=second), row["unique"][second], colours[second]),
            (_("redundant: either one tells it"), row["redundant"], theme.GREY),
            (_("synergistic: only in both together"), row["synergistic"], theme.ACCENT),
        ]
        for place, (label, bits, tint) in enumerate(parts):
            figure.add_trace(
                go.Bar(
                    x=[bits["mean"]],
                    y=[name],
                    orientation="h",
                    name=label,
                    legendgroup=label,
                    showlegend=label not in shown,
                    offsetgroup=str(place),
                    marker_color=theme.faded(tint, 0.55),
                    error_x={
                        "type": "data",
                        "symmetric": False,
                        "array": [bits["high"] - bits["mean"]],
                        "arrayminus": [bits["mean"] - bits["low"]],
                        "color": tint,
                        "thickness": 1.6,
                        "width": 3,
                    },
                    hovertemplate=f"{label}: <b>{bits['mean']:.3f}</b> [{bits['low']:.3f}, {bits['high']:.3f}] bits"
                    "<extra></extra>",
                )
            )
            shown.add(label)
    figure.update_layout(barmode="group", bargap=0.3, bargroupgap=0.1)
    figure.update_xaxes(title_text=_("bits of the target"), zeroline=True)
    figure.update_yaxes(showgrid=False, ticks="", autorange="reversed", type="category")
    return theme.style(figure, height=150 + 72 * len(names))
