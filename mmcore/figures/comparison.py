"""Methods side by side: metrics and differences with their intervals, and what each costs.

Tables carry one row a method: `method`, `mean`, `low`, `high` (and `parameters`, `seconds`). Colours: method -> hex.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mmcore.evaluation import LOWER_IS_BETTER
from mmcore.figures import theme
from mmcore.settings import _

_SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000)
METRIC_NAMES = {
    "auroc": "AUROC",
    "auprc": "AUPRC",
    "accuracy": _("Accuracy"),
    "balanced_accuracy": _("Balanced accuracy"),
    "f1": "F1",
    "precision": _("Precision"),
    "recall": _("Recall"),
    "brier": _("Brier score"),
    "ece": _("Calibration error"),
    "mae": "MAE",
    "rmse": "RMSE",
    "r2": "R²",
}


def method_name(method: str) -> str:
    """A method as a reader sees it: `cross_attention` -> `cross attention`."""
    return method.replace("_", " ")


def metric_axis(metric: str) -> str:
    """Name of a metric and which way is better, for an axis."""
    better = _("lower is better") if metric in LOWER_IS_BETTER else _("higher is better")
    return f"{METRIC_NAMES.get(metric, metric)} ({better})"


def forest(
    table: pd.DataFrame,
    metric: str,
    colours: Mapping[str, str],
    *,
    ceiling: float | None = None,
    reference: str | None = None,
) -> go.Figure:
    """Point and 95% interval of each method in the order given; the ceiling as a line, the best single input as a
    quiet one."""
    known = ceiling is not None and np.isfinite(ceiling)
    figure = _intervals(table, colours, reference, also=[ceiling] if known else [])
    if reference in set(table["method"]):
        figure.add_vline(
            x=float(table.set_index("method").loc[reference, "mean"]),
            line={"color": theme.GREY, "width": 1, "dash": "dot"},
            annotation={"text": _("best single input"), "font": {"size": 11}, "yshift": -14, "xshift": 2},
            annotation_position="bottom right",
        )
    if known:
        figure.add_vline(x=ceiling, line={"color": theme.WARN, "width": 2})
        figure.add_annotation(
            x=ceiling,
            y=1,
            yref="paper",
            yanchor="bottom",
            text=_("ceiling {value:.3f}").format(value=ceiling),
            font={"color": theme.WARN},
            showarrow=False,
        )
    figure.update_xaxes(title_text=metric_axis(metric))
    return theme.style(figure, height=110 + 38 * len(table), legend=False).update_layout(margin={"t": 30})


def differences(table: pd.DataFrame, metric: str, colours: Mapping[str, str], *, reference: str) -> go.Figure:
    """Difference of each method to the best single input with its paired 95% interval; the zero line decides."""
    figure = _intervals(table, colours, None, sign=True, also=[0.0])
    figure.add_vline(x=0, line={"color": theme.GREY, "width": 1.5})
    figure.add_annotation(
        x=0,
        y=1,
        yref="paper",
        yanchor="bottom",
        text=_("as good as {name} alone").format(name=reference),
        font={"color": theme.GREY},
        showarrow=False,
    )
    figure.update_xaxes(title_text=_("difference in {metric}").format(metric=METRIC_NAMES.get(metric, metric)))
    return theme.style(figure, height=110 + 38 * len(table), legend=False).update_layout(margin={"t": 30})


def _intervals(
    table: pd.DataFrame,
    colours: Mapping[str, str],
    reference: str | None,
    sign: bool = False,
    also: Sequence[float] = (),
) -> go.Figure:
    """`also`: values the axis has to reach, besides those of the table."""
    figure = go.Figure()
    form = "+.3f" if sign else ".3f"
    for row in table.itertuples():
        tint, name = colours.get(row.method, theme.ACCENT), method_name(row.method)
        label = f"<b>{name}</b>" if row.method == reference else name
        certain = np.isfinite([row.low, row.high]).all()
        if certain:
            figure.add_trace(
                go.Scatter(
                    x=[row.low, row.high],
                    y=[label, label],
                    mode="lines",
                    line={"color": tint, "width": 3},
                    opacity=0.55,
                    hoverinfo="skip",
                    showlegend=False,
                )
            )
        told = f"[{row.low:{form}}, {row.high:{form}}]" if certain else ""
        figure.add_trace(
            go.Scatter(
                x=[row.mean],
                y=[label],
                mode="markers",
                marker={"color": tint, "size": 12},
                name=name,
                showlegend=False,
                hovertemplate=f"{name}: <b>%{{x:{form}}}</b> {told}<extra></extra>",
            )
        )
        figure.add_annotation(  # in a column of their own, where no line crosses them
            x=1, xref="paper", y=label, text=f"{row.mean:{form}}", showarrow=False, xanchor="right", font={"size": 12}
        )
    ends = np.append(table[["mean", "low", "high"]].to_numpy(float).ravel(), also)
    span = float(np.nanmax(ends) - np.nanmin(ends)) if len(table) else 1.0
    if len(table):
        figure.update_xaxes(
            range=[
                float(np.nanmin(ends)) - 0.06 * span - 1e-3,
                float(np.nanmax(ends)) + (0.3 if sign else 0.22) * span + 1e-3,
            ]
        )
    figure.update_xaxes(zeroline=False)
    return figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", type="category", categoryorder="trace")


def cost(table: pd.DataFrame, metric: str, colours: Mapping[str, str]) -> go.Figure:
    """What a method costs against what it gives: seconds to train all replicates (log scale), the metric, and the
    number of weights."""
    figure = go.Figure()
    most = float(table["parameters"].max()) if len(table) else 1.0
    sides = _free_sides(np.log10(table["seconds"].clip(lower=0.01)), table["mean"])
    for row, side in zip(table.itertuples(), sides, strict=True):
        size = 10 + 26 * float(np.sqrt(row.parameters / max(most, 1)))
        figure.add_trace(
            go.Scatter(
                x=[max(row.seconds, 0.01)],
                y=[row.mean],
                mode="markers+text",
                text=[method_name(row.method)],
                textposition=side,
                showlegend=False,
                marker={
                    "size": size,
                    "color": colours.get(row.method, theme.ACCENT),
                    "opacity": 0.8,
                    "line": {"width": 0},
                },
                cliponaxis=False,
                hovertemplate=f"{method_name(row.method)}: {row.seconds:.1f} s, {row.parameters:,} weights, "
                f"{row.mean:.3f}<extra></extra>",
            )
        )
    figure.update_xaxes(
        type="log",
        title_text=_("seconds to train all replicates (log)"),
        tickvals=_SECONDS,
        ticktext=[f"{s:g}" for s in _SECONDS],
    )
    figure.update_yaxes(title_text=metric_axis(metric))
    return theme.style(figure, height=400, legend=False).update_layout(margin={"t": 24, "r": 24})


def _free_sides(x: pd.Series, y: pd.Series) -> list[str]:
    """For each point the side of its label where no close neighbour has put its own."""
    at = (
        np.column_stack([(v - v.min()) / max(float(v.max() - v.min()), 1e-9) for v in (x, y)])
        if len(x)
        else np.zeros((0, 2))
    )
    order, chosen = ("top center", "bottom center", "middle right", "middle left"), []
    for i, point in enumerate(at):
        near = [chosen[j] for j in range(i) if abs(at[j, 0] - point[0]) < 0.16 and abs(at[j, 1] - point[1]) < 0.2]
        chosen.append(next((side for side in order if side not in near), order[0]))
    return chosen


def metrics_table(rows: Sequence[tuple[str, Mapping[str, object], int, float]]) -> pd.DataFrame:
    """Every metric of every method as text `mean [low, high]`, with weights and seconds; rows (method, metrics,
    parameters, seconds)."""
    listed = []
    for method, metrics, parameters, seconds in rows:
        cells = {
            METRIC_NAMES.get(name, name): f"{found.mean:.3f} [{found.low:.3f}, {found.high:.3f}]"
            for name, found in metrics.items()
        }
        listed.append(
            {_("Method"): method_name(method), _("Weights"): parameters, _("Seconds"): round(seconds, 2), **cells}
        )
    return pd.DataFrame(listed)


def metrics_data(rows: Sequence[tuple[str, Mapping[str, object], int, float]]) -> pd.DataFrame:
    """The same as numbers, one row a method and metric, for download."""
    return pd.DataFrame(
        [
            {
                "method": method,
                "metric": name,
                "mean": found.mean,
                "low": found.low,
                "high": found.high,
                "seed_sd": found.seed_sd,
                "parameters": parameters,
                "seconds": seconds,
            }
            for method, metrics, parameters, seconds in rows
            for name, found in metrics.items()
        ]
    )
