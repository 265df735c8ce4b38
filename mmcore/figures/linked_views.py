"""Linked charts of cases (Altair): what is picked in one chart shows in all the others.

Grey is every case, colour what is selected. Every chart has its own selection, and a case counts where all of them
hold: bars are clicked, histograms and maps brushed; a click on a point of a map opens its case. What the reader did
comes back as the state of these selections, and `passing` says which cases it means, on all cases, however few of them
are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd
from altair.utils import schemapi

from mmcore.base.settings import _
from mmcore.figures import theme

schemapi.disable_debug_mode()  # a picture is checked when it is drawn; checking each of its parts took as long again

DRAWN = 5000  # cases in the picture at most; more would make the browser slow
BARS = 9  # of a chart of categories; what is rarer is drawn together
CHOSEN, COLOUR = "chosen", "colour"  # columns of the frame beside those of the charts
OPEN = "open_case"  # name of the selection of a click on a point
_CODES = 6  # different numbers up to which they are drawn as categories
_BINS = 18
_LOOSE = alt.Scale(zero=False)
_WIDE, _HIGH = 168, 132  # of a chart without its axes
_NAMES = 104  # pixels for what stands at its left
_BELOW = 98  # and for the axis below it, and the title of the next


class ChartKind(StrEnum):
    """How one chart of the picture is drawn and brushed."""

    BARS = "bars"  # of categories, clicked
    NUMBERS = "numbers"  # a histogram, brushed
    MAP = "map"  # points, brushed in two directions


@dataclass(frozen=True)
class LinkedChart:
    """One chart. field: its column in the frame (`MAP`: beginning of two). title: above it. unit: of its numbers.

    order: categories from the top, empty for numbers. axes: titles of those of a map whose places mean something.
    """

    kind: ChartKind
    field: str
    title: str
    unit: str = ""
    order: tuple[str, ...] = ()
    axes: tuple[str, str] | None = None

    @property
    def parameter(self) -> str:
        """Name of its selection."""
        return f"pick_{self.field}"


def chart_of(field: str, title: str, cells: pd.Series, unit: str = "") -> LinkedChart:
    """The chart of a column: a histogram of numbers, else bars, the most frequent first (classes in their order)."""
    if pd.api.types.is_numeric_dtype(cells) and cells.nunique() > _CODES:
        return LinkedChart(ChartKind.NUMBERS, field, title, unit)
    counts = _text(cells).value_counts()
    if isinstance(cells.dtype, pd.CategoricalDtype):  # the order of the classes is kept
        counts = counts.reindex([str(name) for name in cells.cat.categories if str(name) in counts])
    names = [str(name) for name in counts.index]
    if len(names) > BARS + 1:  # a bar for a single one more says which it is
        names = [*names[:BARS], _("others")]
    return LinkedChart(ChartKind.BARS, field, title, unit, tuple(names))


def named(cells: pd.Series, order: Sequence[str]) -> list[str]:
    """The cells as words of a chart's `order`; what is not among them is called others."""
    return [name if name in order else _("others") for name in _text(cells)]


def drawn_rows(frame: pd.DataFrame, most: int = DRAWN) -> pd.DataFrame:
    """The rows that are drawn: all, or `most` of them at random, in order."""
    if len(frame) <= most:
        return frame
    return frame.iloc[np.sort(np.random.default_rng(0).permutation(len(frame))[:most])]


def linked_views(
    frame: pd.DataFrame, charts: Sequence[LinkedChart], colours: Mapping[str, str], *, across: int = 3
) -> alt.ConcatChart:
    """The picture. colours: of the words in the frame's colour column; none for a single one. across: charts a row."""
    picks = {chart.parameter: _pick(chart) for chart in charts}
    held = alt.LogicalAndPredicate(
        **{"and": [alt.FieldEqualPredicate(field=CHOSEN, equal=True), *({"param": name} for name in picks)]}
    )
    colour = _colour(colours, set(frame[COLOUR]))
    base = alt.Chart(frame)
    return (
        alt.concat(
            *(_chart(base, chart, picks[chart.parameter], held, colour) for chart in charts),
            columns=across,
            spacing={"row": _BELOW, "column": _NAMES + 6},
            bounds="flush",
        )
        .resolve_scale(color="shared")
        .properties(autosize=alt.AutoSizeParams(type="pad", contains="padding"))
        .configure_view(strokeWidth=0)
        .configure_title(fontSize=14, anchor="start", frame="group", offset=8)
        .configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelFlush=False)
        .configure_legend(orient="top", title=None, labelFontSize=13)
    )


def opened(state: Mapping[str, Any]) -> str | None:
    """The id of the point that was clicked; None where none was."""
    clicked = state.get(OPEN) or []
    return str(clicked[-1]["id"]) if clicked and "id" in clicked[-1] else None


def passing(frame: pd.DataFrame, charts: Sequence[LinkedChart], state: Mapping[str, Any]) -> np.ndarray | None:
    """[N] bool: the cases that all selections of the picture hold; None where nothing is selected.

    state: parameter -> what the picture says of it: {field: [low, high]} for a brush, [{field: value}, ...] for clicks.
    """
    rows, any_picked = frame[CHOSEN].to_numpy(bool).copy(), False
    for chart in charts:
        picked = state.get(chart.parameter)
        if not picked:
            continue
        any_picked = True
        if chart.kind is ChartKind.BARS:
            values = {str(item[chart.field]) for item in picked if chart.field in item}
            rows &= frame[chart.field].isin(values).to_numpy()
            continue
        for field, ends in picked.items():
            if field in frame and len(ends) == 2:
                numbers = frame[field].to_numpy(float)
                rows &= (numbers >= min(ends)) & (numbers <= max(ends))
    return rows if any_picked else None


def _text(cells: pd.Series) -> pd.Series:
    def word(cell: Any) -> str:
        if cell is None or cell is pd.NA or cell != cell:
            return _("not known")
        return f"{cell:g}" if isinstance(cell, float) else str(cell)

    return cells.astype(object).map(word)


def _pick(chart: LinkedChart) -> alt.Parameter:
    if chart.kind is ChartKind.BARS:
        return alt.selection_point(name=chart.parameter, fields=[chart.field], toggle="true")
    mark = alt.BrushConfig(fill=theme.ACCENT, fillOpacity=0.14, stroke=theme.ACCENT, strokeWidth=1.5)
    encodings: list[Literal["x", "y"]] = ["x", "y"] if chart.kind is ChartKind.MAP else ["x"]
    return alt.selection_interval(name=chart.parameter, encodings=encodings, mark=mark)


def _colour(colours: Mapping[str, str], present: set[str]) -> Any:
    if not colours:
        return alt.value(theme.ACCENT)
    tints = dict(colours) | dict.fromkeys(sorted(present - {*colours}), theme.GREY)
    names = [name for name in tints if name in present]
    scale = alt.Scale(domain=names, range=[tints[name] for name in names])
    return alt.Color(f"{COLOUR}:N", scale=scale, legend=alt.Legend(title=None))


def _chart(base: alt.Chart, chart: LinkedChart, pick: alt.Parameter, held: Any, colour: Any) -> Any:
    draw = {ChartKind.BARS: _bars, ChartKind.NUMBERS: _histogram, ChartKind.MAP: _map}[chart.kind]
    title = f"{chart.title} ({chart.unit})" if chart.unit else chart.title
    return draw(base, chart, pick, held, colour).properties(title=alt.TitleParams(title, limit=_WIDE + 40))


def _bars(base: alt.Chart, chart: LinkedChart, pick: alt.Parameter, held: Any, colour: Any) -> Any:
    y = alt.Y(
        f"{chart.field}:N",
        sort=list(chart.order),
        title=None,
        axis=alt.Axis(ticks=False, labelOverlap=False, labelFlush=False, labelFontSize=11, labelLimit=_NAMES - 8),
    )
    x = alt.X("count():Q", title=_("cases"), axis=alt.Axis(tickCount=4, format="d"))
    tip = [alt.Tooltip(f"{chart.field}:N", title=chart.title or " "), alt.Tooltip("count():Q", title=_("cases"))]
    everyone = base.mark_bar(color=theme.GREY, opacity=0.28, cursor="pointer").encode(x=x, y=y, tooltip=tip)
    selected = base.mark_bar(cursor="pointer").encode(x=x, y=y, color=colour, tooltip=[*tip]).transform_filter(held)
    return alt.layer(everyone.add_params(pick), selected).properties(width=_WIDE, height=_HIGH)


def _histogram(base: alt.Chart, chart: LinkedChart, pick: alt.Parameter, held: Any, colour: Any) -> Any:
    x = alt.X(f"{chart.field}:Q", bin=alt.Bin(maxbins=_BINS), title=None, axis=alt.Axis(tickCount=6, grid=False))
    y = alt.Y(
        "count():Q", title=_("cases"), axis=alt.Axis(tickCount=4, format="d"), scale=alt.Scale(nice=False)
    )  # no number at the very top, which would push the title up
    everyone = base.mark_bar(color=theme.GREY, opacity=0.28).encode(x=x, y=y).add_params(pick)
    selected = base.mark_bar().encode(x=x, y=y, color=colour).transform_filter(held)
    return alt.layer(everyone, selected).properties(width=_WIDE, height=_HIGH)


def _map(base: alt.Chart, chart: LinkedChart, pick: alt.Parameter, held: Any, colour: Any) -> Any:
    titles = chart.axes or ("", "")
    bare = alt.Axis(labels=False, ticks=False, grid=False, domain=False)
    x, y = (
        kind(f"{chart.field}_{name}:Q", title=title or None, axis=alt.Axis() if title else bare, scale=_LOOSE)
        for kind, name, title in ((alt.X, "x", titles[0]), (alt.Y, "y", titles[1]))
    )
    there = base.transform_filter(f"isValid(datum.{chart.field}_x)")
    click = alt.selection_point(name=OPEN, fields=["id"], on="click", clear=False, toggle=False)
    everyone = there.mark_circle(color=theme.GREY, opacity=0.28, size=22).encode(x=x, y=y).add_params(pick, click)
    selected = there.mark_circle(opacity=0.85, size=34, cursor="pointer").encode(x=x, y=y, color=colour, tooltip="id:N")
    return alt.layer(everyone, selected.transform_filter(held)).properties(width=_WIDE, height=_HIGH + 34)
