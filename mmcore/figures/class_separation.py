"""Which encoder tells the target apart: scores of encoders with intervals, and how alike encoders place the cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mmcore.base.score_digits import with_ends, written
from mmcore.base.settings import _
from mmcore.evaluation import Interval, metric_label
from mmcore.evaluation.encoder_score import Row
from mmcore.figures import theme
from mmcore.figures.comparison import metric_axis

_SHIFT = 0.17  # of the two scores of an encoder, above and below its line
_SHADES = [[0.0, "rgba(22,133,143,0.04)"], [1.0, "rgba(22,133,143,0.95)"]]


def forest(rows: Sequence[Row], metric: str, colours: Mapping[str, str], *, chance: float) -> go.Figure:
    """Linear probe (full) and neighbours (hollow) of each encoder with 95% intervals, in the order given; the score of
    chance as a line. colours: input -> colour."""
    figure = go.Figure()
    places = {id(row): -i for i, row in enumerate(rows)}
    for kind, shift in (("probe", _SHIFT), ("knn", -_SHIFT)):
        for row in rows:
            score = getattr(row, kind)
            if score is not None:
                tint = colours.get(row.input, theme.ACCENT)
                _interval(figure, score.interval, places[id(row)] + shift, tint, row.label, kind)
        figure.add_trace(_key(kind))
    figure.add_vline(x=chance, line={"color": theme.GREY, "width": 1.5, "dash": "dot"})
    figure.add_annotation(
        x=chance,
        y=1,
        yref="paper",
        yanchor="bottom",
        text=_("chance {value}").format(value=written(chance)),
        font={"color": theme.GREY, "size": 12},
        showarrow=False,
    )
    several = len({row.input for row in rows}) > 1
    ticks = [f"{row.input} · {row.label}" if several else row.label for row in rows]
    figure.update_yaxes(
        tickvals=list(places.values()),
        ticktext=ticks,
        range=[-len(rows) + 0.45, 0.55],
        showgrid=False,
        zeroline=False,
        ticks="",
    )
    figure.update_xaxes(title_text=metric_axis(metric), zeroline=False, range=_span(rows, chance))
    return theme.style(figure, height=130 + 50 * len(rows)).update_layout(
        margin={"t": 52}, legend={"x": 1, "xanchor": "right", "y": 1, "yref": "container", "yanchor": "top"}
    )


def score_name(kind: str) -> str:
    """What a score of an encoder was measured by."""
    return {"probe": _("linear model"), "knn": _("similar cases")}[kind]


def _interval(figure: go.Figure, interval: Interval, y: float, tint: str, label: str, kind: str) -> None:
    hover = f"{label}, {score_name(kind)}: {with_ends(interval.mean, interval.low, interval.high)}"
    figure.add_trace(theme.interval(interval.low, interval.high, y, tint, 0.6 if kind == "probe" else 0.35))
    hollow = {"symbol": "circle-open", "line": {"width": 2.5}}
    figure.add_trace(
        go.Scatter(
            x=[interval.mean],
            y=[y],
            mode="markers",
            marker={"color": tint, "size": 11, **(hollow if kind == "knn" else {})},
            hovertemplate=f"{hover}<extra></extra>",
            showlegend=False,
        )
    )
    figure.add_annotation(
        x=interval.high if np.isfinite(interval.high) else interval.mean,
        y=y,
        text=written(interval.mean),
        showarrow=False,
        xanchor="left",
        xshift=7,
        font={"size": 12},
        opacity=1 if kind == "probe" else 0.7,
    )


def _key(kind: str) -> go.Scatter:
    """An entry of the legend."""
    symbol = "circle" if kind == "probe" else "circle-open"
    look = {"color": theme.GREY, "size": 10, "symbol": symbol, "line": {"width": 2}}
    return go.Scatter(x=[None], y=[None], mode="markers", name=score_name(kind), marker=look)


def _span(rows: Sequence[Row], chance: float) -> list[float]:
    ends = [chance]
    for row in rows:
        for score in (row.probe, row.knn):
            if score is not None:
                ends += [x for x in (score.interval.low, score.interval.mean, score.interval.high) if np.isfinite(x)]
    low, high = min(ends), max(ends)
    room = max(high - low, 1e-3)
    return [low - 0.05 * room, high + 0.13 * room]


def agreement(labels: Sequence[str], cka: np.ndarray, cases: np.ndarray) -> go.Figure:
    """CKA [E, E] of every two encoders as a heatmap, from pale (unrelated) to full (the same)."""
    count, places = len(labels), np.arange(len(labels))
    hover = [
        [
            f"{labels[i]}<br>{labels[j]}<br>CKA <b>{cka[i, j]:.2f}</b>, " + _("{n} cases").format(n=cases[i, j])
            for j in range(count)
        ]
        for i in range(count)
    ]
    shown = np.where(np.abs(cka) < 0.005, 0.0, cka)
    figure = go.Figure(
        go.Heatmap(
            z=np.clip(shown, 0, 1),
            x=places,
            y=places,
            zmin=0,
            zmax=1,
            colorscale=_SHADES,
            xgap=2,
            ygap=2,
            text=hover,
            hovertemplate="%{text}<extra></extra>",
            showscale=False,
        )
    )
    for i in range(count):
        for j in range(count):
            value = shown[i, j]
            strong = np.isfinite(value) and value > 0.55
            figure.add_annotation(
                x=j,
                y=i,
                text=f"{value:.2f}" if np.isfinite(value) else "–",
                showarrow=False,
                font={"size": 12, "color": "#FFFFFF"} if strong else {"size": 12},
            )
    ticks = {"tickvals": places, "showgrid": False, "zeroline": False, "ticks": ""}
    figure.update_xaxes(**ticks, ticktext=list(labels), tickangle=-35, side="bottom")
    figure.update_yaxes(**ticks, ticktext=list(labels), autorange="reversed")
    return theme.style(figure, height=150 + 44 * count, legend=False)


def table(rows: Sequence[Row]) -> pd.DataFrame:
    """One row an encoder, as numbers, for show and download."""
    listed = []
    for row in rows:
        scores = {}
        for kind in ("probe", "knn"):
            score = getattr(row, kind)
            for end in ("mean", "low", "high"):
                scores[f"{kind}_{end}"] = None if score is None else getattr(score.interval, end)
        listed.append(
            {
                "input": row.input,
                "encoder": row.label,
                "dims": row.dims,
                "tokens": row.tokens,
                "seconds_per_case": row.seconds_per_case,
                "cases": row.cases,
                "missing": row.missing,
                **scores,
                "learns": row.trains_in_run,
                "note": row.reason or "",
            }
        )
    return pd.DataFrame(listed)


def name_of(metric: str) -> str:
    return metric_label(metric)
