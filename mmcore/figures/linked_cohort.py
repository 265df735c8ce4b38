"""A cohort as one linked picture: its target, patterns of missing inputs, any columns, and a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.base.survival_times import unit_of
from mmcore.cohorts import Cohort
from mmcore.figures.cohort import category_columns, presence, target_names
from mmcore.figures.linked_views import CHOSEN, COLOUR, ChartKind, LinkedChart, chart_of, named


def cohort_charts(cohort: Cohort, columns: Sequence[str], map_title: str = "") -> list[LinkedChart]:
    """The target (event and time apart), patterns of missing inputs, columns of the table, and the map where
    `map_title` names it."""
    charts = []
    if cohort.schema.task is not None:
        title = cohort.schema.target or ""
        if cohort.schema.task == "multilabel":  # a case stands in one bar only
            title = _("{target} (rarest shown)").format(target=title)
        over_time = cohort.schema.task == "survival"
        charts.append(chart_of("target", _("Event") if over_time else title, _target(cohort)))
        if over_time:
            charts.append(chart_of("time", title, _time(cohort), unit_of(cohort.schema.classes)))
    if not presence(cohort).all(axis=None):
        charts.append(chart_of("pattern", _("Inputs"), _patterns(cohort)))
    units = {column.name: column.unit for spec in cohort.inputs.values() for column in spec.table}
    codes = category_columns(cohort)
    for number, name in enumerate(columns):
        cells = cohort.table[name]
        cells = cells.astype(object) if name in codes else cells
        charts.append(chart_of(f"c{number}", name, cells, units.get(name) or ""))
    if map_title:
        charts.append(LinkedChart(ChartKind.MAP, "map", map_title))
    return charts


def cohort_frame(
    cohort: Cohort,
    charts: Sequence[LinkedChart],
    columns: Sequence[str],
    points: np.ndarray | None,
    chosen: Sequence[str],
) -> pd.DataFrame:
    """A row a case: id, the column of each chart, colour (the target's class) and whether it was `chosen` before.

    points: [N, 2] of the map. chosen: ids that the picture starts from; all where there are none.
    """
    cells: dict[str, Any] = {"id": cohort.ids}
    sources: dict[str, pd.Series] = {"target": _target(cohort), "pattern": _patterns(cohort)}
    sources["time"] = _time(cohort)
    sources |= {f"c{number}": cohort.table[name] for number, name in enumerate(columns)}
    for chart in charts:
        if chart.kind is ChartKind.MAP:
            places = np.full((len(cohort), 2), np.nan) if points is None else points
            cells |= {"map_x": places[:, 0], "map_y": places[:, 1]}
        elif chart.kind is ChartKind.NUMBERS:
            cells[chart.field] = pd.to_numeric(sources[chart.field], errors="coerce").to_numpy(float)
        else:
            cells[chart.field] = named(sources[chart.field], chart.order)
    names = target_names(cohort)
    cells[COLOUR] = [_("case")] * len(cohort) if names is None else names
    wanted = set(chosen)
    cells[CHOSEN] = [not wanted or id in wanted for id in cohort.ids]
    return pd.DataFrame(cells)


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


def _target(cohort: Cohort) -> pd.Series:
    names = target_names(cohort)
    if names is None:
        return pd.Series(cohort.target, index=cohort.ids)
    return pd.Series(pd.Categorical(names, [*cohort.stratum_names, _("unlabelled")]), index=cohort.ids)


def _time(cohort: Cohort) -> pd.Series:
    """How long each case was followed; only where the target is a time."""
    return pd.Series(np.abs(cohort.target), index=cohort.ids)


def _patterns(cohort: Cohort) -> pd.Series:
    """What each case lacks, in words."""
    there = presence(cohort)
    inputs = list(there)
    words = [
        _("all present") if row.all() else _("no {inputs}").format(inputs=list_of(np.array(inputs)[~row]))
        for row in there.to_numpy(bool)
    ]
    return pd.Series(words, index=there.index, dtype=object)
