"""Where a method looks on average, class beside class, in even shares: 1 is the weight every token would have if all of
an input weighed the same.

Means are those of mmcore.explain.averaging, one document a class.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from PIL import Image as Pillow

from mmcore.base.settings import _, counted
from mmcore.base.values import Box
from mmcore.figures import overlays, theme

LEAST = 1.2  # even shares that the deepest heat stands for at least, so that maps without a peak stay pale
WORDS = 12  # drawn
_MARKS = 9  # on a line of windows, at most
_LEVEL = 1e-6  # even shares that stretches of one height may differ by


def deepest(means: Mapping[str, Mapping[str, Any]]) -> float:
    """Even shares that the deepest heat stands for, the same for all classes."""
    return max([LEAST, *(float(np.max(class_means["grid"])) for class_means in means.values())])


def grid(means: Mapping[str, Any], top: float, *, opacity: float = 0.6) -> go.Figure:
    """Heat over the mean image of a class, clear up to an even share; on plain ground where there is no image."""
    values = np.asarray(means["grid"], float)
    picture = means.get("picture")
    side = 240
    pixels = np.full((side, side), 128) if picture is None else np.asarray(picture)
    tall = Pillow.fromarray(pixels.astype(np.uint8)).resize((side, max(1, round(side * means["aspect"]))))
    figure = overlays.image_figure(np.asarray(tall), 230)
    rows, columns = values.shape
    places = [
        Box(r / rows, c / columns, (r + 1) / rows, (c + 1) / columns) for r in range(rows) for c in range(columns)
    ]
    flat = values.ravel()
    heat = np.clip((flat - 1) / (top - 1), 0, 1)
    overlays.add_heat(figure, places, heat, opacity=opacity, name=_("even shares"), shown=flat)
    return figure


def grid_frame(means: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """A row a cell and class."""
    return pd.DataFrame(
        [
            {"class": label, "cases": class_means["cases"], "row": r, "column": c, "even_shares": value}
            for label, class_means in means.items()
            for r, line in enumerate(class_means["grid"])
            for c, value in enumerate(line)
        ]
    )


def over_time(means: Mapping[str, Mapping[str, Any]], colours: Mapping[str, str]) -> go.Figure:
    """A line a class with the 95% interval of its mean over cases; dashed: an even share. Marks stand on the lines."""
    figure, end = go.Figure(), 0.0
    for number, (label, class_means) in enumerate(means.items()):
        at, tint = np.asarray(class_means["at"], float), colours.get(label, theme.ACCENT)
        mean, low, high = (np.asarray(class_means[name], float) for name in ("mean", "low", "high"))
        half = float(at[1] - at[0]) / 2 if len(at) > 1 else 0.0  # of a window, whose middle `at` is
        whole = np.concatenate([at[:1] - half, at, at[-1:] + half])
        end = max(end, float(whole.max(initial=0)))
        group, size = {"legendgroup": label, "hoverinfo": "skip"}, with_size(label, class_means["cases"])
        figure.add_trace(
            go.Scatter(
                x=[*whole, *whole[::-1]],
                y=[*_to_both_ends(high), *_to_both_ends(low)[::-1]],
                fill="toself",
                fillcolor=theme.faded(tint, 0.18),
                line={"width": 0, "shape": "hvh"},
                showlegend=False,
                **group,
            )
        )
        figure.add_trace(
            go.Scatter(
                x=whole, y=_to_both_ends(mean), mode="lines", line={"color": tint, "width": 2, "shape": "hvh"},
                showlegend=False, legendgroup=label,
                hovertemplate="%{x:.2f}: %{y:.2f}<extra>" + html.escape(label) + "</extra>",
            )
        )  # fmt: skip
        marks, symbol = _middles(mean), {"symbol": theme.symbol(number), "size": 8, "color": tint}
        figure.add_trace(go.Scatter(x=at[marks], y=mean[marks], name=size, mode="markers", marker=symbol, **group))
    unit = next(iter(means.values()))["unit"] if means else ""
    _even(figure, "y")
    overlays.axis_of_time(figure, end, unit)
    figure.update_xaxes(zeroline=False, range=[0, end])
    figure.update_yaxes(title_text=_("even shares"), zeroline=False)
    return theme.style(figure, height=330)


def _to_both_ends(values: np.ndarray) -> np.ndarray:
    """Values of windows [W] from the beginning of the first to the end of the last [W + 2]."""
    return np.concatenate([values[:1], values, values[-1:]])


def _middles(values: np.ndarray) -> np.ndarray:
    """Where the marks of a line [W] stand: in the middle of each level stretch, or of all; at most `_MARKS`."""
    steps = np.flatnonzero(np.abs(np.diff(values)) > _LEVEL) + 1
    level = [part[len(part) // 2] for part in np.split(np.arange(len(values)), steps) if len(part) > 1]
    spots = np.array(level if level else range(len(values)), int)
    return spots[:: -(-len(spots) // _MARKS) or 1]


def time_frame(means: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """A row a window and class."""
    parts = [
        pd.DataFrame(
            {"class": label, "cases": class_means["cases"]} | {k: class_means[k] for k in ("at", "mean", "low", "high")}
        )
        for label, class_means in means.items()
    ]
    return pd.concat(parts, ignore_index=True)


def columns(means: Mapping[str, Mapping[str, Any]], colours: Mapping[str, str], most: int | None = None) -> go.Figure:
    """A row a column, a dot a class with the 95% interval of its mean over cases; dashed: an even share.

    most: rows, those of the greatest mean; None for all.
    """
    table = columns_frame(means)
    order = table.groupby("column")["mean"].mean().sort_values().index.tolist()
    order = order[-most:] if most else order
    table = table[table["column"].isin(order)]
    spots = {name: i for i, name in enumerate(order)}
    labels = list(means)
    figure = go.Figure()
    for k, label in enumerate(labels):
        own = table[table["class"] == label]
        aside = 0.5 * ((k + 0.5) / len(labels) - 0.5)  # beside one another, the first on top
        figure.add_trace(
            go.Scatter(
                x=own["mean"],
                y=[spots[name] - aside for name in own["column"]],
                mode="markers",
                name=with_size(label, means[label]["cases"]),
                marker={"size": 10, "color": colours.get(label, theme.ACCENT), "symbol": theme.symbol(k)},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": own["high"] - own["mean"],
                    "arrayminus": own["mean"] - own["low"],
                    "color": colours.get(label, theme.ACCENT),
                    "thickness": 2,
                    "width": 0,
                },
                customdata=own["column"],
                hovertemplate="%{customdata}: %{x:.2f}<extra>" + html.escape(label) + "</extra>",
            )
        )
    _even(figure, "x")
    figure.update_xaxes(title_text=_("even shares"), zeroline=False)
    figure.update_yaxes(tickvals=list(spots.values()), ticktext=list(spots), showgrid=False, ticks="", zeroline=False)
    return theme.style(figure, height=120 + 34 * len(order))


def columns_frame(means: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """A row a column and class."""
    return pd.DataFrame(
        [{"class": label, **row} for label, class_means in means.items() for row in class_means["columns"]]
    )


def words(rows: Sequence[Mapping[str, Any]], colour: str, reach: float) -> go.Figure:
    """The words with the greatest mean weight as bars, each with how often it occurs. reach: end of the axis."""
    shown = list(rows)[:WORDS]
    names = [html.escape(row["word"]) for row in shown]
    figure = go.Figure(
        go.Bar(
            x=[row["mean"] for row in shown],
            y=names,
            orientation="h",
            width=0.62,
            marker_color=colour,
            customdata=[[_times(row["count"], row["cases"])] for row in shown],
            hovertemplate="%{y}: %{x:.2f}<br>%{customdata[0]}<extra></extra>",
        )
    )
    for i, row in enumerate(shown):
        figure.add_annotation(
            x=row["mean"],
            y=i,  # by number: a word such as "85" would be taken for one
            text=f"<b>{row['mean']:.2f}</b> ×{row['count']}",
            showarrow=False,
            xanchor="left",
            xshift=5,
        )
    _even(figure, "x")
    figure.update_xaxes(title_text=_("even shares"), range=[0, 1.8 * reach], nticks=4)
    figure.update_yaxes(showgrid=False, ticks="", autorange="reversed", type="category")
    return theme.style(figure, height=90 + 25 * len(shown), legend=False)


def _times(times: int, cases: int) -> str:
    return counted(
        cases, "occurrences: {times}, in {count} case", "occurrences: {times}, in {count} cases", times=f"{times:,}"
    )


def words_frame(means: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """A row a word and class, all of them."""
    rows = [{"class": label, **row} for label, class_means in means.items() for row in class_means["words"]]
    return pd.DataFrame(rows, columns=["class", "word", "mean", "count", "cases"])


def with_size(label: str, cases: int) -> str:
    """A class with its number of cases."""
    return counted(
        cases,
        "{label} ({count} case)",
        "{label} ({count} cases)",
        label=html.escape(label),
    )


def _even(figure: go.Figure, axis: str) -> None:
    line = {"color": overlays.BAR, "width": 1.2, "dash": "dash"}
    if axis == "x":
        figure.add_vline(x=1, line=line, layer="below")
    else:
        figure.add_hline(y=1, line=line, layer="above")  # below, the line of the grid at 1 would cover it
