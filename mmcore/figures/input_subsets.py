"""Does a cohort need fusion: the score of every subset of its inputs, and what each costs.

The same method is trained on every subset (the lattice of Soenksen et al. 2022, "HAIM"); the layout of dots below
the scores is that of UpSet (Lex et al. 2014). M inputs, so 2^M - 1 subsets. Colours: input -> hex, in the order of
the cohort.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.base.score_digits import with_ends, written
from mmcore.base.settings import _, counted
from mmcore.evaluation import lower_is_better, metric_label
from mmcore.figures import svg, theme
from mmcore.figures.comparison import metric_axis
from mmcore.figures.cost import best_for_its_cost

_DOT_ROW = 26  # pixels of an input below the scores
_NUMBERED = 15  # columns up to which each has its number
_LABEL_GAP = 0.12  # of the axis: the least between names of lines


def subset_scores(
    table: pd.DataFrame, metric: str, colours: Mapping[str, str], *, lines: Mapping[str, float] | None = None
) -> go.Figure:
    """A column a subset, from single inputs to all of them, the best of each size first: the score with its 95%
    interval, and below it which inputs it has.

    table: rows with `inputs` (names), `mean`, `low`, `high`. lines: name -> score, drawn across (the average of
    single-input models, say). The best single input is drawn across anyway.
    """
    table = _ordered(table, metric)
    figure = make_subplots(2, 1, shared_xaxes=True, vertical_spacing=0.03, row_heights=_heights(len(colours)))
    singles = table[table["size"] == 1]
    across = dict(lines or {})
    if len(singles):
        across[_("best single input")] = float(singles.iloc[0]["mean"])
    best = table["mean"].idxmin() if lower_is_better(metric) else table["mean"].idxmax()
    for index, row in table.iterrows():
        _score(figure, row, colours, metric, strong=index == best, numbered=len(table) <= _NUMBERED)
    _membership(figure, table, colours)
    _lines_across(figure, across, table)
    for size, rows in table.groupby("size"):
        text = _("all inputs") if size == len(colours) else counted(int(size), "{count} input", "{count} inputs")
        figure.add_annotation(
            x=float(rows["x"].mean()), y=1, yref="y domain", yanchor="bottom", yshift=4, text=text, showarrow=False,
            font={"size": 12},
        )  # fmt: skip
    figure.update_xaxes(showgrid=False, zeroline=False, showticklabels=False, ticks="")
    figure.update_xaxes(range=[-0.8, float(table["x"].to_numpy().max(initial=0)) + 0.8])
    figure.update_yaxes(title_text=metric_axis(metric), zeroline=False, range=_span(table, across), row=1, col=1)
    figure.update_yaxes(
        tickvals=list(range(len(colours))), ticktext=[html.escape(name) for name in colours], showgrid=False,
        zeroline=False, ticks="", range=[len(colours) - 0.4, -0.6], row=2, col=1,
    )  # fmt: skip
    height = 330 + _DOT_ROW * len(colours)
    return theme.style(figure, height=height, legend=False).update_layout(margin={"t": 30, "r": 112})


def _ordered(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Rows by size, the best first, with their place `x`; a gap between sizes."""
    table = table.assign(size=[len(inputs) for inputs in table["inputs"]])
    table = table.sort_values(["size", "mean"], ascending=[True, lower_is_better(metric)], ignore_index=True)
    return table.assign(x=np.arange(len(table)) + 0.7 * (table["size"] - table["size"].min()))


def _heights(inputs: int) -> list[float]:
    dots = _DOT_ROW * inputs
    return [300 / (300 + dots), dots / (300 + dots)]


def _score(
    figure: go.Figure, row: pd.Series, colours: Mapping[str, str], metric: str, *, strong: bool, numbered: bool
) -> None:
    """Interval and mark of one subset; the best is filled, the others are rings."""
    tint = colours.get(row["inputs"][0], theme.ACCENT) if row["size"] == 1 else theme.ACCENT
    name = html.escape(" + ".join(row["inputs"]))
    figure.add_trace(
        go.Scatter(
            x=[row["x"]] * 2, y=[row["low"], row["high"]], mode="lines", line={"color": tint, "width": 3}, opacity=0.5,
            hoverinfo="skip", showlegend=False,
        ),
        1,
        1,
    )  # fmt: skip
    look = {"color": tint, "size": 11, "symbol": "circle" if strong else "circle-open"}
    look["line"] = {"width": 2.5, "color": tint}
    figure.add_trace(
        go.Scatter(
            x=[row["x"]], y=[row["mean"]], mode="markers", name=name, marker=look, showlegend=False,
            hovertemplate=f"{name}<br>{metric_label(metric)} "
            f"{with_ends(row['mean'], row['low'], row['high'])}<extra></extra>",
        ),
        1,
        1,
    )  # fmt: skip
    if numbered:
        text = f"<b>{written(row['mean'])}</b>" if strong else written(row["mean"])
        top = np.nanmax([row["mean"], row["high"]])
        figure.add_annotation(
            x=row["x"], y=float(top), text=text, showarrow=False, yanchor="bottom", yshift=3, font={"size": 12}
        )


def _membership(figure: go.Figure, table: pd.DataFrame, colours: Mapping[str, str]) -> None:
    """Below each score a full dot in the row of every input it has, joined by a line; faint dots elsewhere."""
    names = list(colours)
    for row in table.itertuples():
        rows = sorted(names.index(name) for name in row.inputs if name in colours)
        if len(rows) > 1:
            line = {"color": theme.GREY, "width": 2}
            figure.add_trace(
                go.Scatter(
                    x=[row.x] * 2, y=[rows[0], rows[-1]], mode="lines", line=line, hoverinfo="skip", showlegend=False
                ),
                2,
                1,
            )
    for i, name in enumerate(names):
        has = [name in inputs for inputs in table["inputs"]]
        look = {
            "size": [12 if h else 7 for h in has],
            "color": [colours[name] if h else theme.FAINT for h in has],
            "line": {"width": 0},
            "opacity": 1,
        }
        dots = go.Scatter(
            x=table["x"], y=[i] * len(table), mode="markers", name=name, marker=look, showlegend=False, hoverinfo="skip"
        )
        figure.add_trace(dots, 2, 1)


def _lines_across(figure: go.Figure, across: Mapping[str, float], table: pd.DataFrame) -> None:
    """Lines at scores that the subsets are compared with; their names stand at the right, apart from each other."""
    low, high = _span(table, across)
    before = -np.inf
    for name, y in sorted(across.items(), key=lambda item: item[1]):
        figure.add_hline(y=y, line={"color": theme.GREY, "width": 1.2, "dash": "dot"}, layer="below", row=1, col=1)
        level = max(y, before + _LABEL_GAP * (high - low))
        before = level
        figure.add_annotation(
            x=1, xref="x domain", xanchor="left", xshift=8, y=level, yanchor="middle", align="left",
            text="<br>".join(html.escape(row) for row in svg.wrap(name, 16, 3)), showarrow=False, font={"size": 12},
        )  # fmt: skip


def _span(table: pd.DataFrame, across: Mapping[str, float]) -> list[float]:
    """Limits of the axis of scores, with room for numbers above."""
    ends = [*table[["mean", "low", "high"]].to_numpy(float).ravel(), *across.values()]
    finite = [end for end in ends if np.isfinite(end)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    room = (high - low) or 0.1
    return [low - 0.06 * room, high + 0.12 * room]


def acquisition(table: pd.DataFrame, metric: str, unit: str) -> go.Figure:
    """What a set of inputs costs to acquire against what it gives: named and joined are the sets that no other beats
    at the same cost or less, the others on pointing.

    table: rows with `inputs`, `cost`, `mean`, `low`, `high`. unit: of the cost, as the user gave it.
    """
    ordered = table.assign(inputs=table["inputs"].map(tuple)).sort_values("cost")
    front = best_for_its_cost(ordered, metric, name="inputs", cost="cost")
    edge = ordered[ordered["inputs"].isin(front)]
    figure = go.Figure(
        go.Scatter(
            x=edge["cost"], y=edge["mean"], mode="lines", hoverinfo="skip", showlegend=False,
            line={"color": theme.GREY, "width": 1.2, "dash": "dot", "shape": "hv"},
        )
    )  # fmt: skip
    for row in ordered.itertuples():
        named = row.inputs in front
        name = html.escape(" + ".join(row.inputs))
        figure.add_trace(
            go.Scatter(
                x=[row.cost], y=[row.mean], mode="markers+text" if named else "markers", showlegend=False,
                text=[f"<b>{name}</b>"], textposition="top left", name=name, cliponaxis=False,
                marker={
                    "size": 12 if named else 9, "color": theme.ACCENT if named else theme.GREY,
                    "symbol": "circle" if named else "circle-open", "line": {"width": 0 if named else 1.5},
                },
                error_y={
                    "type": "data", "symmetric": False, "array": [row.high - row.mean], "visible": named,
                    "arrayminus": [row.mean - row.low], "color": theme.faded(theme.ACCENT, 0.45), "width": 0,
                },
                hovertemplate=f"{name}: %{{x:,.4~r}} {html.escape(unit)}, <b>{written(row.mean)}</b><extra></extra>",
            )
        )  # fmt: skip
    title = _("cost of acquiring the inputs ({unit})").format(unit=unit) if unit else _("cost of acquiring the inputs")
    figure.update_xaxes(title_text=title, rangemode="tozero", zeroline=False)
    figure.update_yaxes(title_text=metric_axis(metric), zeroline=False)
    return theme.style(figure, height=400, legend=False).update_layout(margin={"t": 24, "r": 24})


def alt_text(table: pd.DataFrame, metric: str) -> str:
    """What `subset_scores` shows, for those who cannot see it."""
    best_first = table.sort_values("mean", ascending=lower_is_better(metric))
    singles = best_first[[len(inputs) == 1 for inputs in best_first["inputs"]]]
    text = _("{metric} of {count} sets of inputs with 95% intervals. Best: {best}, {score}.").format(
        metric=metric_label(metric),
        count=len(table),
        best=_joined(best_first),
        score=written(best_first.iloc[0]["mean"]),
    )
    if len(singles):
        text += " " + _("Best single input: {best}, {score}.").format(
            best=_joined(singles), score=written(singles.iloc[0]["mean"])
        )
    return text


def _joined(table: pd.DataFrame) -> str:
    inputs: Sequence[str] | Collection[str] = table.iloc[0]["inputs"]
    return " + ".join(inputs)
