"""A cohort as one linked picture (Altair): what is picked in one chart shows in all the others.

Grey is the whole cohort, colour what is selected. Every chart has its own selection, and a case counts where all of
them hold: bars are clicked, histograms and the map brushed. What the reader did comes back as the state of these
selections, and `passing` says which cases it means, on all cases, however few of them are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures import theme
from mmcore.figures.cohort import presence, target_names

DRAWN = 5000  # cases in the picture at most; more would make the browser slow
BARS = 8  # of a chart of categories; what is rarer is drawn together
CHOSEN, COLOUR = "chosen", "colour"  # columns of the frame beside those of the panels
_CODES = 6  # different numbers up to which they are drawn as categories
_BINS = 18
_WIDE, _HIGH = 168, 132  # of a chart without its axes
_NAMES = 104  # pixels for what stands at its left
_BELOW = 84  # and for the axis below it, and the title of the next


class ChartKind(StrEnum):
    """How one chart of the picture is drawn and brushed."""

    BARS = "bars"  # of categories, clicked
    NUMBERS = "numbers"  # a histogram, brushed
    MAP = "map"  # points, brushed in two directions


@dataclass(frozen=True)
class LinkedChart:
    """One chart. field: its column in the frame (`MAP`: beginning of two). title: above it. unit: of its numbers.

    order: categories from the top, empty for numbers.
    """

    kind: ChartKind
    field: str
    title: str
    unit: str = ""
    order: tuple[str, ...] = ()

    @property
    def parameter(self) -> str:
        """Name of its selection."""
        return f"pick_{self.field}"


def linked_panels(cohort: Cohort, columns: Sequence[str], map_title: str = "") -> list[LinkedChart]:
    """The target, patterns of missing inputs, then columns of the table, then the map where `map_title` names it."""
    panels = []
    if cohort.schema.task is not None:
        panels.append(_panel("target", cohort.schema.target or "", _target(cohort), ""))
    if not presence(cohort).all(axis=None):
        panels.append(_panel("pattern", _("Inputs"), _patterns(cohort), ""))
    units = {column.name: column.unit for spec in cohort.inputs.values() for column in spec.table}
    for number, name in enumerate(columns):
        panels.append(_panel(f"c{number}", name, cohort.table[name], units.get(name, "")))
    if map_title:
        panels.append(LinkedChart(ChartKind.MAP, "map", map_title))
    return panels


def linked_frame(
    cohort: Cohort,
    panels: Sequence[LinkedChart],
    columns: Sequence[str],
    points: np.ndarray | None,
    chosen: Sequence[str],
) -> pd.DataFrame:
    """A row a case: id, the column of each panel, colour (the target's class) and whether it was `chosen` before.

    points: [N, 2] of the map. chosen: ids that the picture starts from; all where there are none.
    """
    cells: dict[str, Any] = {"id": cohort.ids}
    sources: dict[str, pd.Series] = {"target": _target(cohort), "pattern": _patterns(cohort)}
    sources |= {f"c{number}": cohort.table[name] for number, name in enumerate(columns)}
    for panel in panels:
        if panel.kind is ChartKind.MAP:
            places = np.full((len(cohort), 2), np.nan) if points is None else points
            cells |= {"map_x": places[:, 0], "map_y": places[:, 1]}
        elif panel.kind is ChartKind.NUMBERS:
            cells[panel.field] = pd.to_numeric(sources[panel.field], errors="coerce").to_numpy(float)
        else:
            cells[panel.field] = _named(sources[panel.field], panel.order)
    names = target_names(cohort)
    cells[COLOUR] = [_("case")] * len(cohort) if names is None else names
    wanted = set(chosen)
    cells[CHOSEN] = [not wanted or id in wanted for id in cohort.ids]
    return pd.DataFrame(cells)


def drawn_rows(frame: pd.DataFrame, most: int = DRAWN) -> pd.DataFrame:
    """The rows that are drawn: all, or `most` of them at random, in order."""
    if len(frame) <= most:
        return frame
    return frame.iloc[np.sort(np.random.default_rng(0).permutation(len(frame))[:most])]


def linked_cohort(
    frame: pd.DataFrame, panels: Sequence[LinkedChart], classes: Sequence[str], *, across: int = 3
) -> alt.ConcatChart:
    """The picture. classes: of the target, in their colours, if there are any. across: charts a row."""
    picks = {panel.parameter: _pick(panel) for panel in panels}
    held = alt.LogicalAndPredicate(
        **{"and": [alt.FieldEqualPredicate(field=CHOSEN, equal=True), *({"param": name} for name in picks)]}
    )
    colour = _colour(classes, set(frame[COLOUR]))
    base = alt.Chart(frame)
    charts = [_chart(base, panel, picks[panel.parameter], held, colour) for panel in panels]
    return (
        alt.concat(*charts, columns=across, spacing={"row": _BELOW, "column": _NAMES + 6}, bounds="flush")
        .resolve_scale(color="shared")
        .configure_view(strokeWidth=0)
        .configure_title(fontSize=14, anchor="start", offset=8)
        .configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight="normal")
        .configure_legend(orient="top", title=None, labelFontSize=13)
    )


def passing(frame: pd.DataFrame, panels: Sequence[LinkedChart], state: Mapping[str, Any]) -> np.ndarray | None:
    """[N] bool: the cases that all selections of the picture hold; None where nothing is selected.

    state: parameter -> what the picture says of it: {field: [low, high]} for a brush, [{field: value}, ...] for clicks.
    """
    rows, any_picked = frame[CHOSEN].to_numpy(bool).copy(), False
    for panel in panels:
        picked = state.get(panel.parameter)
        if not picked:
            continue
        any_picked = True
        if panel.kind is ChartKind.BARS:
            values = {str(item[panel.field]) for item in picked if panel.field in item}
            rows &= frame[panel.field].isin(values).to_numpy()
            continue
        for field, ends in picked.items():
            if field in frame and len(ends) == 2:
                numbers = frame[field].to_numpy(float)
                rows &= (numbers >= min(ends)) & (numbers <= max(ends))
    return rows if any_picked else None


def linkable_columns(cohort: Cohort) -> list[str]:
    """Columns of the table that can be drawn: those of table inputs, then others with few values or numbers."""
    own = [column.name for spec in cohort.inputs.values() for column in spec.table]
    media = {c for spec in cohort.inputs.values() if not spec.table for c in spec.columns}
    rest = [name for name in cohort.table.columns if name not in own and name not in media]
    return [
        name
        for name in dict.fromkeys([*own, *map(str, rest)])
        if name in cohort.table and name != cohort.schema.target and _drawable(cohort.table[name])
    ]


def _drawable(cells: pd.Series) -> bool:
    different = cells.nunique()
    return different > 1 and (pd.api.types.is_numeric_dtype(cells) or different <= 30)


def _panel(field: str, title: str, cells: pd.Series, unit: str) -> LinkedChart:
    if pd.api.types.is_numeric_dtype(cells) and cells.nunique() > _CODES:
        return LinkedChart(ChartKind.NUMBERS, field, title, unit)
    counts = _text(cells).value_counts()
    if isinstance(cells.dtype, pd.CategoricalDtype):  # the order of the classes is kept
        counts = counts.reindex([str(name) for name in cells.cat.categories if str(name) in counts])
    names = [str(name) for name in counts.index]
    return LinkedChart(
        ChartKind.BARS, field, title, unit, (*names[:BARS], *((_("others"),) if len(names) > BARS else ()))
    )


def _target(cohort: Cohort) -> pd.Series:
    names = target_names(cohort)
    if names is None:
        return pd.Series(cohort.target, index=cohort.ids)
    return pd.Series(pd.Categorical(names, [*cohort.schema.classes, _("unlabelled")]), index=cohort.ids)


def _patterns(cohort: Cohort) -> pd.Series:
    """What each case lacks, in words."""
    there = presence(cohort)
    inputs = list(there)
    words = [
        _("all there") if row.all() else _("no {inputs}").format(inputs=", ".join(np.array(inputs)[~row]))
        for row in there.to_numpy(bool)
    ]
    return pd.Series(words, index=there.index, dtype=object)


def _text(cells: pd.Series) -> pd.Series:
    def word(cell: Any) -> str:
        if cell is None or cell is pd.NA or cell != cell:
            return _("not known")
        return f"{cell:g}" if isinstance(cell, float) else str(cell)

    return cells.astype(object).map(word)


def _named(cells: pd.Series, order: Sequence[str]) -> list[str]:
    return [name if name in order else _("others") for name in _text(cells)]


def _pick(panel: LinkedChart) -> alt.Parameter:
    if panel.kind is ChartKind.BARS:
        return alt.selection_point(name=panel.parameter, fields=[panel.field], toggle="true")
    mark = alt.BrushConfig(fill=theme.ACCENT, fillOpacity=0.14, stroke=theme.ACCENT, strokeWidth=1.5)
    encodings: list[Literal["x", "y"]] = ["x", "y"] if panel.kind is ChartKind.MAP else ["x"]
    return alt.selection_interval(name=panel.parameter, encodings=encodings, mark=mark)


def _colour(classes: Sequence[str], present: set[str]) -> Any:
    if not classes:
        return alt.value(theme.ACCENT)
    tints = theme.class_colours(classes) | {_("unlabelled"): theme.GREY}
    names = [name for name in tints if name in present]
    scale = alt.Scale(domain=names, range=[tints[name] for name in names])
    return alt.Color(f"{COLOUR}:N", scale=scale, legend=alt.Legend(title=None))


def _chart(base: alt.Chart, panel: LinkedChart, pick: alt.Parameter, held: Any, colour: Any) -> Any:
    draw = {ChartKind.BARS: _bars, ChartKind.NUMBERS: _histogram, ChartKind.MAP: _map}[panel.kind]
    title = f"{panel.title} ({panel.unit})" if panel.unit else panel.title
    return draw(base, panel, pick, held, colour).properties(title=alt.TitleParams(title, limit=_WIDE + 40))


def _bars(base: alt.Chart, panel: LinkedChart, pick: alt.Parameter, held: Any, colour: Any) -> Any:
    y = alt.Y(
        f"{panel.field}:N",
        sort=list(panel.order),
        title=None,
        axis=alt.Axis(ticks=False, labelOverlap=False, labelFlush=False, labelFontSize=11, labelLimit=_NAMES - 8),
    )
    x = alt.X("count():Q", title=_("cases"), axis=alt.Axis(tickCount=4, format="d"))
    tip = [alt.Tooltip(f"{panel.field}:N", title=panel.title or " "), alt.Tooltip("count():Q", title=_("cases"))]
    everyone = base.mark_bar(color=theme.GREY, opacity=0.28, cursor="pointer").encode(x=x, y=y, tooltip=tip)
    selected = base.mark_bar(cursor="pointer").encode(x=x, y=y, color=colour, tooltip=[*tip]).transform_filter(held)
    return alt.layer(everyone.add_params(pick), selected).properties(width=_WIDE, height=_HIGH)


def _histogram(base: alt.Chart, panel: LinkedChart, pick: alt.Parameter, held: Any, colour: Any) -> Any:
    x = alt.X(f"{panel.field}:Q", bin=alt.Bin(maxbins=_BINS), title=None, axis=alt.Axis(tickCount=6, grid=False))
    y = alt.Y("count():Q", title=_("cases"), axis=alt.Axis(tickCount=4, format="d"))
    everyone = base.mark_bar(color=theme.GREY, opacity=0.28).encode(x=x, y=y).add_params(pick)
    selected = base.mark_bar().encode(x=x, y=y, color=colour).transform_filter(held)
    return alt.layer(everyone, selected).properties(width=_WIDE, height=_HIGH)


def _map(base: alt.Chart, panel: LinkedChart, pick: alt.Parameter, held: Any, colour: Any) -> Any:
    blank = alt.Axis(labels=False, ticks=False, grid=False, domain=False)
    x = alt.X("map_x:Q", title=None, axis=blank, scale=alt.Scale(zero=False))
    y = alt.Y("map_y:Q", title=None, axis=blank, scale=alt.Scale(zero=False))
    there = base.transform_filter("isValid(datum.map_x)")
    everyone = there.mark_circle(color=theme.GREY, opacity=0.28, size=22).encode(x=x, y=y).add_params(pick)
    selected = there.mark_circle(opacity=0.85, size=26).encode(x=x, y=y, color=colour, tooltip=["id:N"])
    return alt.layer(everyone, selected.transform_filter(held)).properties(width=_WIDE, height=_HIGH + 34)
