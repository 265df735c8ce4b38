"""Scores in each group of a cohort (a hospital, a device): what is shown where groups are too few for an interval."""

from __future__ import annotations

import html
from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mmcore.base.score_digits import written
from mmcore.base.settings import _, counted
from mmcore.evaluation import metric_label
from mmcore.figures import theme
from mmcore.figures.comparison import method_name, metric_axis

_ROW = 34  # pixels of a group


def group_scores(table: pd.DataFrame, metric: str, colours: Mapping[str, str]) -> go.Figure:
    """A row a group, a mark a method, in the order given; the line in each row runs from the lowest to the highest.

    table: rows with `group`, `cases`, `method`, `value` (nan where a group leaves the metric undefined: it is said).
    """
    groups, methods = list(dict.fromkeys(table["group"])), list(dict.fromkeys(table["method"]))
    figure = go.Figure()
    for y, group in enumerate(groups):
        values = table[table["group"] == group]["value"].dropna()
        if len(values):
            figure.add_trace(theme.interval(values.min(), values.max(), y, theme.GREY, 0.35))
        else:
            figure.add_annotation(
                x=0.01, xref="paper", xanchor="left", y=y, text=_("cannot be measured in this group"), showarrow=False
            )
    for number, method in enumerate(methods):
        rows = table[(table["method"] == method) & np.isfinite(table["value"])]
        name = html.escape(method_name(method))
        figure.add_trace(
            go.Scatter(
                x=rows["value"], y=[groups.index(group) for group in rows["group"]], mode="markers", name=name,
                text=[written(value) for value in rows["value"]],
                marker={
                    "color": colours.get(method, theme.ACCENT), "size": 11, "symbol": theme.symbol(number),
                },
                hovertemplate=f"{name}: {metric_label(metric)} <b>%{{text}}</b><extra></extra>",
            )
        )  # fmt: skip
    cases = table.groupby("group", sort=False)["cases"].first()
    sizes = [counted(int(cases[group]), "{count} case", "{count} cases") for group in groups]
    labels = [f"<b>{html.escape(str(group))}</b>  {size}" for group, size in zip(groups, sizes, strict=True)]
    figure.update_xaxes(title_text=metric_axis(metric), zeroline=False)
    figure.update_yaxes(
        tickvals=list(range(len(groups))), ticktext=labels, range=[len(groups) - 0.5, -0.5], showgrid=False,
        zeroline=False, ticks="",
    )  # fmt: skip
    return theme.style(figure, height=110 + _ROW * len(groups)).update_layout(margin={"t": 34})
