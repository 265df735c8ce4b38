"""The score of every method with its interval, and beside it, in the same row, its difference to a reference.

Tables carry one row a method: `method`, `mean`, `low`, `high`, and where there are any
`kind` ("single", "fusion" or "plain": rows of one kind stand under their heading, each kind with a mark of its own),
`seeds` (scores of the single seeds, thin ticks; the mark is the score of what they predict together), and
`difference`, `difference_low`, `difference_high` (nan where there is none).
Colours: method -> hex.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.base.score_digits import with_ends, written
from mmcore.base.settings import _
from mmcore.base.signed_numbers import signed
from mmcore.evaluation import gap_digits, lower_is_better, metric_label
from mmcore.figures import svg, theme
from mmcore.figures.comparison import method_name, metric_axis

_ROW = 28  # pixels of a method
_LETTERS = 44  # of a name beside the axis; hover tells the whole
_LETTER, _SIGN = 6.6, 12.5  # pixels a letter and a Chinese sign take, about
_NARROW = 250  # pixels of a panel on a small screen
_GAP = _LETTER / _NARROW  # between two names, of a panel
_MARGIN = 74  # pixels on the right, for numbers
_MARKS = {"single": "square", "fusion": "circle", "plain": "diamond-open"}
_KINDS = tuple(_MARKS)


@dataclass(frozen=True)
class Line:
    """A vertical line with its name above the rows."""

    name: str
    x: float
    colour: str
    width: float
    dash: str = "solid"


def forest(
    table: pd.DataFrame,
    metric: str,
    colours: Mapping[str, str],
    *,
    ceiling: float | None = None,
    reference: str | None = None,
) -> go.Figure:
    """Mark and 95% interval of each method in the order given, and its difference to the reference, whose zero line
    decides: ✓ better and ✗ worse, where the interval leaves out zero."""
    table = table.assign(kind=table.get("kind", "fusion"))
    places, ticks = _rows(table, reference)
    table = table.assign(y=places)
    gaps = table.drop(columns=["seeds"], errors="ignore").rename(
        columns={"mean": "level", "low": "level_low", "high": "level_high"}
    ).rename(columns={"difference": "mean", "difference_low": "low", "difference_high": "high"})  # fmt: skip
    paired = reference in set(table["method"]) and "mean" in gaps and gaps["mean"].notna().any()
    figure = make_subplots(
        1,
        2 if paired else 1,
        shared_yaxes=True,
        horizontal_spacing=0.11,  # the numbers of the first panel stand there
        column_widths=[0.55, 0.45] if paired else None,
    )
    _panel(figure, 1, table, colours, metric, _reference_lines(table, reference, ceiling, metric))
    figure.update_xaxes(title_text=metric_axis(metric), col=1)
    if paired and reference is not None:
        equal = Line(_("as good as {name}").format(name=method_name(reference)), 0.0, theme.GREY, 1.5)
        _panel(figure, 2, gaps, colours, metric, [equal], difference=True)
        figure.update_xaxes(title_text=_("difference in {metric}").format(metric=metric_label(metric)), col=2)
    figure.update_xaxes(zeroline=False)
    low = max(ticks, default=0) + 0.6
    figure.update_yaxes(showgrid=False, zeroline=False, ticks="", range=[low, min(ticks, default=0) - 0.6])
    figure.update_yaxes(tickvals=list(ticks), ticktext=list(ticks.values()), col=1)
    return theme.style(figure, height=120 + round(_ROW * low), legend=False).update_layout(
        margin={"t": 46, "r": _MARGIN}
    )


def reaches_out(figure: go.Figure) -> bool:
    """Whether an arrow stands at an edge for a mark that lies beyond the axis."""
    return any(str(trace.marker.symbol).startswith("triangle") for trace in figure.data)


def differences(
    table: pd.DataFrame, metric: str, colours: Mapping[str, str] | None = None, *, margin: float | None = None
) -> go.Figure:
    """A row a question, such as all inputs against the best of them: the difference with its 95% interval, and whether
    it leaves out zero.

    table: rows with `method` (what is compared, in words), `mean`, `low`, `high`, in the units of the metric. margin:
    what counts as a gain at least; a line.
    """
    table = table.assign(kind="fusion", y=np.arange(len(table), dtype=float))
    lines = [Line(_("no difference"), 0.0, theme.GREY, 1.5)]
    if margin is not None:
        text = _("counts as a gain: {margin:.2g}").format(margin=margin)
        lines.append(Line(text, -margin if lower_is_better(metric) else margin, theme.GREY, 1, "dot"))
    figure = make_subplots(1, 1)
    _panel(figure, 1, table, colours or {}, metric, sorted(lines, key=lambda line: line.x), difference=True)
    title = _("difference in {metric}").format(metric=metric_axis(metric))
    figure.update_xaxes(title_text=title, zeroline=False)
    figure.update_yaxes(
        tickvals=table["y"], ticktext=table["method"].map(html.escape), range=[len(table) - 0.4, -0.6], showgrid=False,
        zeroline=False, ticks="",
    )  # fmt: skip
    above = 30 if margin is None else 46
    return theme.style(figure, height=110 + 34 * len(table), legend=False).update_layout(
        margin={"t": above, "r": _MARGIN}
    )


def _rows(table: pd.DataFrame, reference: str | None) -> tuple[list[float], dict[float, str]]:
    """The height of each row, and what stands beside the axis: names, and a heading over the rows of a kind where
    there are several kinds."""
    headings = {"single": _("Single inputs"), "fusion": _("Fusion"), "plain": _("Plain baselines")}
    several = table["kind"].nunique() > 1
    places, ticks = pd.Series(0.0, index=table.index), {}
    y = 0.0
    for kind in _KINDS:
        rows = table[table["kind"] == kind]
        if several and len(rows):
            ticks[y + 0.1] = f"<i>{headings[kind]}</i>"
            y += 0.9
        for index, method in rows["method"].items():
            name = html.escape(svg.cut(method_name(method), _LETTERS))
            places[index], ticks[y] = y, f"<b>{name}</b>" if method == reference else name
            y += 1.0
        y += 0.15 if several else 0.0
    return places.tolist(), ticks


def _reference_lines(table: pd.DataFrame, reference: str | None, ceiling: float | None, metric: str) -> list[Line]:
    lines = []
    levels = dict(zip(table["method"], table["mean"].astype(float), strict=True))
    if reference is not None and reference in levels:
        lines.append(Line(_("best single input"), levels[reference], theme.GREY, 1, "dot"))
    if ceiling is not None and np.isfinite(ceiling):
        words = _("best possible {value}").format(value=written(ceiling))
        lines.append(Line(words, ceiling, theme.WARN, 2))
    return sorted(lines, key=lambda line: line.x)


def _panel(
    figure: go.Figure,
    column: int,
    table: pd.DataFrame,
    colours: Mapping[str, str],
    metric: str,
    lines: Sequence[Line],
    difference: bool = False,
) -> None:
    """Marks and intervals in one column; its axis reaches all lines, which are in the order of x."""
    table = table.dropna(subset=["mean"])
    low, high = shown_range(table, metric, [line.x for line in lines], sign=difference)
    figure.update_xaxes(range=[low, high], col=column)
    for row in table.itertuples():
        tint = theme.GREY if row.kind == "plain" else colours.get(row.method, theme.ACCENT)
        _row(figure, column, row, tint, (low, high), metric if difference else None)
    for line, side, level in _named_apart(lines, low, high):
        look = {"color": line.colour, "width": line.width, "dash": line.dash}
        figure.add_vline(x=line.x, line=look, layer="below", row=1, col=column)
        figure.add_annotation(
            x=line.x, y=1, yref="y domain", xref=f"x{column if column > 1 else ''}", text=line.name, showarrow=False,
            xanchor=side, xshift={"left": 3, "center": 0, "right": -3}[side], yanchor="bottom", yshift=2 + 16 * level,
            font={"size": 12},
        )  # fmt: skip
    axis = column if column > 1 else ""
    for row in table.itertuples():
        text = _decided(row, metric) if difference else written(row.mean)
        figure.add_annotation(
            x=1, xref=f"x{axis} domain", y=row.y, yref=f"y{axis}", text=text, showarrow=False, xanchor="left",
            xshift=8, font={"size": 12},
        )  # fmt: skip


def _named_apart(lines: Sequence[Line], low: float, high: float) -> list[tuple[Line, str, int]]:
    """Each line with the side of its name that stands at it, and how many names stand below that name.

    A name near an end of the axis is written inwards. Two that would touch part, each to its side of its line; where
    the second finds no room there, it moves above the first.
    """
    wide = [sum(_SIGN if ord(letter) > 0x2E80 else _LETTER for letter in line.name) / _NARROW for line in lines]
    at = [(line.x - low) / (high - low) for line in lines]
    sides = ["left" if share < 0.25 else "right" if share > 0.75 else "center" for share in at]
    if len(lines) == 2 and _start(at[1], wide[1], sides[1]) <= _start(at[0], wide[0], sides[0]) + wide[0] + _GAP:
        if at[1] + wide[1] > 1 + _MARGIN / _NARROW:
            return [(line, side, level) for level, (line, side) in enumerate(zip(lines, sides, strict=True))]
        sides = ["right", "left"]
    return [(line, side, 0) for line, side in zip(lines, sides, strict=True)]


def _start(share: float, wide: float, side: str) -> float:
    """Where a name begins that stands at this share of the axis with this side of it."""
    return share - {"left": 0.0, "center": wide / 2, "right": wide}[side]


def _decided(row: Any, metric: str) -> str:
    """A difference as text: bold with a mark where its interval leaves out zero."""
    gap = signed(row.mean, gap_digits(metric, row.mean, row.low, row.high))
    if row.low > 0 or row.high < 0:
        better = (row.mean > 0) != lower_is_better(metric)
        return f"<b>{gap}</b> {'✓' if better else '✗'}"
    return gap


def _row(
    figure: go.Figure, column: int, row: Any, tint: str, shown: tuple[float, float], difference_in: str | None
) -> None:
    """Line, single seeds and mark; an arrow at the edge where the mark lies beyond the axis. difference_in: the metric
    of a difference."""
    low, high = shown
    name = html.escape(method_name(row.method))
    certain = np.isfinite([row.low, row.high]).all()
    amount = with_ends(row.mean, row.low, row.high)
    if difference_in is not None:
        ends = (row.mean, row.low, row.high)
        gap, *bounds = (signed(end, gap_digits(difference_in, *ends)) for end in ends)
        amount = f"{gap} [{', '.join(bounds)}]" if certain else gap
    if certain and row.high > low and row.low < high:
        line = theme.interval(max(row.low, low), min(row.high, high), row.y, tint)
        figure.add_trace(line, 1, column)
    seeds = [value for value in getattr(row, "seeds", None) or () if low <= value <= high]
    if seeds:
        figure.add_trace(
            go.Scatter(
                x=seeds, y=[row.y] * len(seeds), mode="markers", name=f"{name}, single seeds", showlegend=False,
                marker={"symbol": "line-ns", "size": 13, "opacity": 0.8, "line": {"width": 1, "color": tint}},
                text=[written(value, row.mean) for value in seeds],
                hovertemplate=_("{name}, a single seed: {value}").format(name=name, value="%{text}")
                + "<extra></extra>",
            ),
            1,
            column,
        )  # fmt: skip
    beyond = "triangle-left" if row.mean < low else "triangle-right" if row.mean > high else ""
    mark = beyond or _MARKS[row.kind]
    look = {"color": tint, "size": 11, "symbol": mark, "line": {"width": 2.5 if mark.endswith("open") else 0}}
    figure.add_trace(
        go.Scatter(
            x=[min(max(row.mean, low), high)], y=[row.y], mode="markers", name=name, showlegend=False,
            cliponaxis=False, marker=look, hovertemplate=f"{name}: {amount}<extra></extra>",
        ),
        1,
        column,
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
    for least, most in ends[len(half) :]:
        wider = min(low, least), max(high, most)
        if wider[1] - wider[0] <= 3 * max(core, 1e-9):
            low, high = wider
    narrow = 0.01 if sign else 0.02 * max(abs(low), abs(high))  # narrower, and noise would look like a difference
    slack = max(0.06 * (high - low), (narrow - (high - low)) / 2, 1e-6)
    return float(low - slack), float(high + slack)
