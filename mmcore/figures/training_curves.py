"""Learning curves: of replicates that train now, and of runs that are done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.base.settings import _
from mmcore.figures import theme

ENOUGH = 10  # models from which on a band is of 8 in 10 of them, not of all
_LOSSES = ("train_loss", "valid_loss")


def live_curves(records: Iterable[Mapping[str, object]], *, metric: str = "", epochs: int | None = None) -> go.Figure:
    """Curves of a job that runs: records {"epoch", "train_loss", "valid_loss", "valid_metric"}, means over replicates.

    Records may come from several rounds of replicates, one after the other; of equal epochs the mean is drawn.
    """
    table = pd.DataFrame([{key: record.get(key) for key in ("epoch", *_LOSSES, "valid_metric")} for record in records])
    if table.empty:
        table = pd.DataFrame(columns=["epoch", *_LOSSES, "valid_metric"])
    table = table.dropna(subset=["epoch"]).astype(float)
    return _curves(_summary(table), metric, epochs, None)


def curves(history: pd.DataFrame, *, metric: str = "") -> go.Figure:
    """Curves of a finished run: history with columns replicate, epoch, train_loss, valid_loss, valid_metric.

    Line: mean over replicates; band: from the 10th to the 90th percentile of them; both up to the epoch at which
    half have stopped. Dotted: the median of the epochs whose weights were kept.
    """
    first = int(history["epoch"].min()) if len(history) else 1
    counted_from_one = history.assign(epoch=history["epoch"] + 1 - first)
    return _curves(_summary(counted_from_one), metric, None, best_epochs(counted_from_one))


def best_epochs(history: pd.DataFrame) -> pd.Series:
    """The epoch of each replicate whose weights were kept: its best by what chose it, the validation loss in runs that
    say nothing else."""
    chosen_by = "chosen_by" if "chosen_by" in history else "valid_loss"
    validated = history.dropna(subset=[chosen_by]).reset_index(drop=True)
    return validated.loc[validated.groupby("replicate")[chosen_by].idxmin(), "epoch"]


def _summary(table: pd.DataFrame) -> pd.DataFrame:
    """Per epoch and column: mean, low, high; until half of the replicates have stopped, since survivors alone would
    mislead."""
    still = table.groupby("epoch")["train_loss"].size()
    table = table[table["epoch"].map(still) * 2 > still.max()] if len(table) else table
    grouped = table.groupby("epoch")[[*_LOSSES, "valid_metric"]]
    low, high = (0.1, 0.9) if still.max() >= ENOUGH else (0.0, 1.0)
    return pd.concat({"mean": grouped.mean(), "low": grouped.quantile(low), "high": grouped.quantile(high)}, axis=1)


def _curves(summary: pd.DataFrame, metric: str, epochs: int | None, best: pd.Series | None) -> go.Figure:
    figure = make_subplots(
        1,
        2,
        horizontal_spacing=0.11,
        subplot_titles=(_("loss"), _("validation {metric}").format(metric=_within(metric) or _("metric"))),
    )
    tints = {"train_loss": theme.GREY, "valid_loss": theme.ACCENT, "valid_metric": theme.ACCENT}
    names = {"train_loss": _("training"), "valid_loss": _("validation"), "valid_metric": _("validation")}
    for name, tint in tints.items():
        part = pd.DataFrame({key: summary[(key, name)] for key in ("mean", "low", "high")}).dropna()
        look = {"color": tint, "width": 2.5, "dash": "dash" if name == "train_loss" else "solid"}
        _add_curve(figure, part, names[name], look, column=1 if name in _LOSSES else 2)
    if best is not None and len(best):
        _mark_best(figure, float(best.median()))
    figure.update_xaxes(
        title_text=_("epoch"), showgrid=False, rangemode="tozero", **({"range": [0, epochs]} if epochs else {})
    )
    figure.update_annotations(font_size=13)
    figure.update_layout(hovermode="x unified", uirevision="curves")
    above = {"orientation": "h", "x": 0, "y": 1.12, "yanchor": "bottom"}  # the titles of both halves lie between
    return theme.style(figure, height=340).update_layout(margin={"t": 64}, legend=above)


def _add_curve(figure: go.Figure, part: pd.DataFrame, name: str, look: dict[str, Any], column: int) -> None:
    """One line with its band, by epoch; the legend lists those of the first panel."""
    if part.empty:
        return
    x = part.index.to_numpy()
    if (part["high"] > part["low"]).any():
        figure.add_trace(theme.band(x, part["low"], part["high"], look["color"]), 1, column)
    figure.add_trace(
        go.Scatter(
            x=x,
            y=part["mean"],
            mode="lines" if len(x) > 1 else "markers",
            name=name,
            line=look,
            showlegend=column == 1,
            hovertemplate=f"{name} %{{y:.4f}}<extra></extra>",
        ),
        1,
        column,
    )


def _mark_best(figure: go.Figure, epoch: float) -> None:
    """A line in both panels at the epoch whose weights are kept, and its entry in the legend."""
    look = {"color": theme.WARN, "width": 1.5, "dash": "dot"}
    for column in (1, 2):
        figure.add_vline(x=epoch, line=look, row=1, col=column)
    name = _("epoch used: {epoch:g} (median)").format(epoch=epoch)
    figure.add_trace(go.Scatter(x=[None], y=[None], mode="lines", name=name, line=look), 1, 1)


def _within(metric: str) -> str:
    """A metric's name within a title: a word, unlike letters that stand for words, begins small."""
    return metric[:1].lower() + metric[1:] if metric[1:2].islower() else metric
