"""What each method costs against what it gives.

Tables carry one row a method: `method`, `mean`, `parameters`, `seconds`. Colours: method -> hex.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mmcore.base.settings import _
from mmcore.evaluation import lower_is_better
from mmcore.figures import theme
from mmcore.figures.comparison import method_name, metric_axis

_SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000)


def cost(table: pd.DataFrame, metric: str, colours: Mapping[str, str]) -> go.Figure:
    """What a method costs against what it gives: seconds to train all replicates (log scale), the metric, and the
    number of weights. Those that none beats at less cost are joined by a line, in bold; the others are fainter."""
    figure = go.Figure()
    most = float(table["parameters"].max()) if len(table) else 1.0
    front = best_for_its_cost(table, metric)
    edge = table[table["method"].isin(front)].sort_values("seconds")
    figure.add_trace(
        go.Scatter(
            x=edge["seconds"].clip(lower=0.01), y=edge["mean"], mode="lines", hoverinfo="skip", showlegend=False,
            line={"color": theme.GREY, "width": 1.2, "dash": "dot", "shape": "hv"},
        )
    )  # fmt: skip
    ordered = pd.concat([edge, table[~table["method"].isin(front)]])  # who leads has the first choice of a side
    sides = dict(
        zip(ordered["method"], _free_sides(np.log10(ordered["seconds"].clip(lower=0.01)), ordered["mean"]), strict=True)
    )
    for row in table.itertuples():
        named = row.method in front
        figure.add_trace(
            go.Scatter(
                x=[max(row.seconds, 0.01)],
                y=[row.mean],
                mode="markers+text",
                text=[f"<b>{method_name(row.method)}</b>" if named else method_name(row.method)],
                textposition=sides.get(row.method),
                name=method_name(row.method),
                showlegend=False,
                marker={
                    "size": 10 + 26 * float(np.sqrt(row.parameters / max(most, 1))),
                    "color": colours.get(row.method, theme.ACCENT),
                    "opacity": 0.8 if named else 0.45,
                    "line": {"width": 0},
                },
                cliponaxis=False,
                hovertemplate=f"{method_name(row.method)}: {row.seconds:.1f} s, {row.parameters:,} weights, "
                f"{row.mean:.3f}<extra></extra>",
            )
        )
    figure.update_xaxes(
        type="log",
        title_text=_("seconds to train all its models (log)"),
        tickvals=_SECONDS,
        ticktext=[f"{s:g}" for s in _SECONDS],
    )
    figure.update_yaxes(title_text=metric_axis(metric))
    return theme.style(figure, height=400, legend=False).update_layout(margin={"t": 24, "r": 24})


def best_for_its_cost(table: pd.DataFrame, metric: str, *, name: str = "method", cost: str = "seconds") -> list[Any]:
    """Methods (column `name`) that no other beats in the metric at the same cost or less, the cheapest first."""
    sense, front, reached = (-1 if lower_is_better(metric) else 1), [], -np.inf
    ordered = table.assign(good=sense * table["mean"]).sort_values([cost, "good"], ascending=[True, False])
    for row in ordered.itertuples():
        if row.good > reached:
            front.append(getattr(row, name))
            reached = row.good
    return front


def _free_sides(x: pd.Series, y: pd.Series) -> list[str]:
    """For each point the side of its label where no close neighbour has put its own."""
    at = (
        np.column_stack([(v - v.min()) / max(float(v.max() - v.min()), 1e-9) for v in (x, y)])
        if len(x)
        else np.zeros((0, 2))
    )
    order = ("top center", "bottom center", "middle right", "middle left")
    chosen: list[str] = []
    for i, point in enumerate(at):
        near = [chosen[j] for j in range(i) if abs(at[j, 0] - point[0]) < 0.16 and abs(at[j, 1] - point[1]) < 0.2]
        chosen.append(next((side for side in order if side not in near), order[0]))
    return chosen
