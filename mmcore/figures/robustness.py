"""How methods fare when inputs are absent or noisy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.base.score_digits import with_ends
from mmcore.base.settings import _
from mmcore.evaluation import metric_label
from mmcore.figures import theme
from mmcore.figures.comparison import method_name


def curves(table: pd.DataFrame, metric: str, colours: Mapping[str, str], *, band: str | None = None) -> go.Figure:
    """A panel an input, a line a method: the score at each level, out of fold.

    table: rows with `method`, `name` (how it is shown), `input`, `kind`, `level`, `mean`, `low`, `high`, of one kind.
    band: the name whose 95% interval is drawn.
    """
    inputs, names = list(dict.fromkeys(table["input"])), list(dict.fromkeys(table["name"]))
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
                    line={"color": tint, "width": 2, "dash": "dot" if off else _dash(names.index(name))},
                    marker={"size": 7, "symbol": theme.symbol(names.index(name))},
                    text=[with_ends(*ends) for ends in rows[["mean", "low", "high"]].to_numpy(float)],
                    hovertemplate=f"{method_name(name)}: %{{text}}<extra></extra>",
                ),
                1,
                i,
            )
    absent = set(table["kind"]) == {"absent"}
    figure.update_xaxes(
        title_text=_("cases without this input") if absent else _("strength of noise"),
        tickformat=".0%" if absent else None,
    )
    figure.update_yaxes(title_text=metric_label(metric), col=1)
    figure.update_annotations(font_size=13)  # names of the panels
    figure = theme.style(figure, height=400)
    banded = table.loc[table["name"] == band, ["low", "high"]].to_numpy(float).ravel()
    heights = np.concatenate([table["mean"].to_numpy(float), banded[np.isfinite(banded)]])
    low, high = float(heights.min()), float(heights.max())  # a band that is cut off looks like the end of what can be
    margin = 0.06 * max(high - low, 1e-6)
    figure.update_yaxes(range=[low - margin, high + margin])
    return figure.update_layout(margin={"t": 70}, legend={"y": 1.12})


def _dash(number: int) -> str:
    """One that cannot be taken for that of methods without modality dropout."""
    broken = [dash for dash in theme.DASHES if dash != "dot"]
    return broken[number % len(broken)]
