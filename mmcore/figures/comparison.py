"""Methods side by side: metrics and differences with their intervals.

Tables carry one row a method: `method`, `mean`, `low`, `high`. Colours: method -> hex.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.base.settings import _
from mmcore.evaluation import Interval, lower_is_better, metric_label
from mmcore.figures import theme

_ROW = 28  # pixels of a method


def method_name(method: str) -> str:
    """A method as a reader sees it: `cross_attention` -> `cross attention`."""
    return method.replace("_", " ")


def metric_axis(metric: str) -> str:
    """Name of a metric and which way is better, for an axis."""
    better = _("lower is better") if lower_is_better(metric) else _("higher is better")
    return f"{metric_label(metric)} ({better})"


def forest(
    table: pd.DataFrame,
    metric: str,
    colours: Mapping[str, str],
    *,
    ceiling: float | None = None,
    reference: str | None = None,
) -> go.Figure:
    """Point and 95% interval of each method in the order given; beside it, in the same row, its difference to the
    reference with its own interval, whose zero line decides.

    table: may have `difference`, `difference_low`, `difference_high`, nan where there is none (then no second panel).
    """
    gaps = table.rename(columns={"mean": "level", "low": "level_low", "high": "level_high"}).rename(
        columns={"difference": "mean", "difference_low": "low", "difference_high": "high"}
    )
    paired = reference in set(table["method"]) and "mean" in gaps and gaps["mean"].notna().any()
    figure = make_subplots(
        1,
        2 if paired else 1,
        shared_yaxes=True,
        horizontal_spacing=0.05,
        column_widths=[0.55, 0.45] if paired else None,
    )
    levels = {name: float(value) for name, value in zip(table["method"], table["mean"], strict=True)}
    also: list[float] = []
    lines: dict[str, tuple[float, dict]] = {}
    if reference is not None and reference in levels:
        lines[_("best single input")] = (levels[reference], {"color": theme.GREY, "width": 1, "dash": "dot"})
        also.append(levels[reference])
    if ceiling is not None and np.isfinite(ceiling):
        also.append(ceiling)
        lines[_("ceiling {value:.3f}").format(value=ceiling)] = (ceiling, {"color": theme.WARN, "width": 2})
    _panel(figure, 1, table, colours, metric, reference, also, lines)
    figure.update_xaxes(title_text=metric_axis(metric), col=1)
    if paired and reference is not None:
        equal = {_("as good as {name}").format(name=method_name(reference)): (0.0, {"color": theme.GREY, "width": 1.5})}
        _panel(figure, 2, gaps, colours, metric, None, [0.0], equal, sign=True)
        named = _("difference in {metric}").format(metric=metric_label(metric))
        figure.update_xaxes(title_text=named, col=2)
    names = [method_name(method) for method in table["method"]]
    figure.update_xaxes(zeroline=False)
    figure.update_yaxes(showgrid=False, ticks="", type="category", categoryarray=names, range=[len(names) - 0.4, -0.6])
    bold = [f"<b>{method_name(method)}</b>" if method == reference else method_name(method) for method in levels]
    figure.update_yaxes(tickvals=names, ticktext=bold, col=1)
    return theme.style(figure, height=120 + _ROW * len(table), legend=False).update_layout(margin={"t": 46})


def _panel(
    figure: go.Figure,
    column: int,
    table: pd.DataFrame,
    colours: Mapping[str, str],
    metric: str,
    reference: str | None,
    also: Sequence[float],
    lines: Mapping[str, tuple[float, dict]],
    sign: bool = False,
) -> None:
    """Points and intervals in one column. also: values the axis has to reach. lines: name -> where, look."""
    form, table = "+.3f" if sign else ".3f", table.dropna(subset=["mean"])
    low, high = shown_range(table, metric, also, sign=sign)
    for row in table.itertuples():
        _interval(figure, column, row, colours.get(row.method, theme.ACCENT), (low, high), form)
    room = (high - low) * 0.2  # for the numbers, in a column of their own where no line crosses them
    figure.update_xaxes(range=[low, high + room], col=column)
    level = 0
    for i, (text, (x, look)) in enumerate(sorted(lines.items(), key=lambda item: item[1][0])):
        near = i and x - sorted(place for place, _look in lines.values())[i - 1] < 0.35 * (high - low)
        level = 1 - level if near else 0
        figure.add_vline(x=x, line=look, row=1, col=column)
        share = (x - low) / (high + room - low)
        side = "left" if share < 0.25 else "right" if share > 0.75 else "center"
        figure.add_annotation(
            x=x, y=1, yref="y domain", xref=f"x{column if column > 1 else ''}", text=text, showarrow=False,
            xanchor=side, yanchor="bottom", yshift=2 + 16 * level, font={"size": 12},
        )  # fmt: skip


def _interval(figure: go.Figure, column: int, row: Any, tint: str, shown: tuple[float, float], form: str) -> None:
    """One row: line, point and number; an arrow at the edge where the point lies beyond the axis."""
    name, (low, high) = method_name(row.method), shown
    certain = np.isfinite([row.low, row.high]).all()
    interval_text = f"[{row.low:{form}}, {row.high:{form}}]" if certain else ""
    if certain and row.high > low and row.low < high:
        figure.add_trace(theme.interval(max(row.low, low), min(row.high, high), name, tint), 1, column)
    beyond = "triangle-left" if row.mean < low else "triangle-right" if row.mean > high else ""
    figure.add_trace(
        go.Scatter(
            x=[min(max(row.mean, low), high)], y=[name], mode="markers", name=name, showlegend=False, cliponaxis=False,
            marker={"color": tint, "size": 11, "symbol": beyond or "circle"},
            hovertemplate=f"{name}: <b>{row.mean:{form}}</b> {interval_text}<extra></extra>",
        ),
        1,
        column,
    )  # fmt: skip
    axis = column if column > 1 else ""
    figure.add_annotation(
        x=1, xref=f"x{axis} domain", y=name, yref=f"y{axis}", text=f"{row.mean:{form}}", showarrow=False,
        xanchor="right", font={"size": 12},
    )  # fmt: skip


def shown_range(
    table: pd.DataFrame, metric: str, also: Sequence[float] = (), *, sign: bool = False
) -> tuple[float, float]:
    """Ends of an axis on which the better half of the methods can be told apart.

    Their intervals and the values of `also` are always within; the others as long as that half keeps a third of the
    axis. What is left out is shown at the edge.
    """
    ordered = table.sort_values("mean", ascending=lower_is_better(metric))
    ends = [(np.nanmin(row), np.nanmax(row)) for row in ordered[["mean", "low", "high"]].to_numpy(float) if len(row)]
    half = ends[: max(1, -(-len(ends) // 2))]
    reached = [*also, *(end for pair in half for end in pair)] or [0.0, 1.0]
    low, high = min(reached), max(reached)
    core = high - low
    for ends_of_method in ends[len(half) :]:
        wider = min(low, ends_of_method[0]), max(high, ends_of_method[1])
        if wider[1] - wider[0] <= 3 * max(core, 1e-9):
            low, high = wider
    least = 0.01 if sign else 0.02 * max(abs(low), abs(high))  # narrower, and noise would look like a difference
    slack = max(0.06 * (high - low), (least - (high - low)) / 2, 1e-6)
    return float(low - slack), float(high + slack)


def metrics_table(rows: Sequence[tuple[str, Mapping[str, Interval], int, float]]) -> pd.DataFrame:
    """Every metric of every method as text `mean [low, high]`, with weights and seconds; rows (method, metrics,
    parameters, seconds)."""
    listed = []
    for method, metrics, parameters, seconds in rows:
        cells = {
            metric_label(name): f"{interval.mean:.3f} [{interval.low:.3f}, {interval.high:.3f}]"
            for name, interval in metrics.items()
        }
        listed.append(
            {_("Method"): method_name(method), _("Weights"): parameters, _("Seconds"): round(seconds, 2), **cells}
        )
    return pd.DataFrame(listed)


def metrics_data(rows: Sequence[tuple[str, Mapping[str, Interval], int, float]]) -> pd.DataFrame:
    """The same as numbers, one row a method and metric, for download."""
    return pd.DataFrame(
        [
            {
                "method": method,
                "metric": name,
                "mean": interval.mean,
                "low": interval.low,
                "high": interval.high,
                "seed_sd": interval.seed_sd,
                "parameters": parameters,
                "seconds": seconds,
            }
            for method, metrics, parameters, seconds in rows
            for name, interval in metrics.items()
        ]
    )
