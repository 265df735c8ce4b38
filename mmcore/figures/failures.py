"""Where a method fails: its cases as linked charts by how they came out, and its score in parts of the cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from mmcore.base.score_digits import digits_of
from mmcore.base.settings import _
from mmcore.evaluation import gap_digits, metric_label
from mmcore.evaluation.case_outcomes import Outcome
from mmcore.evaluation.subgroup_scores import ComparedSubgroups, SubgroupVerdict
from mmcore.figures import theme
from mmcore.figures.linked_views import CHOSEN, COLOUR, ChartKind, LinkedChart, chart_of, named

PART = "part"  # name of the selection of a part
_ROW = 30  # pixels of a part


def outcome_names(regression: bool) -> dict[str, str]:
    """How a case came out -> in words."""
    return {
        Outcome.WRONG.value: _("far off") if regression else _("wrong"),
        Outcome.UNSURE.value: _("seeds differ") if regression else _("right, but unsure"),
        Outcome.RIGHT.value: _("close") if regression else _("right"),
    }


def outcome_colours(regression: bool) -> dict[str, str]:
    """In words -> colour."""
    tints = {
        Outcome.WRONG.value: theme.BAD,
        Outcome.UNSURE.value: theme.WARN,
        Outcome.RIGHT.value: theme.TWO_CLASSES[0],
    }
    return {words: tints[name] for name, words in outcome_names(regression).items()}


def outcome_charts(
    outcomes: pd.DataFrame,
    columns: Mapping[str, pd.Series],
    *,
    regression: bool,
    several: bool,
    classes: Sequence[str] = (),
    units: Mapping[str, str] = MappingProxyType({}),
    task: str = "",
) -> list[LinkedChart]:
    """The cases on a plane (how right, how far methods differ), how they came out, and columns of the cohort.

    columns: name -> cells in the order of the outcomes. several: whether more than one method answered. classes: in
    the order in which the true ones are drawn; none where a case has a number or several labels. units: of columns
    that have one. task: names what is true of a case.
    """
    of_truth = _("probability of the true labels") if task == "multilabel" else _("probability of the true class")
    across = _("error") if regression else of_truth
    up = _("difference between methods (SD)") if several else ""  # all on one line then
    plane = LinkedChart(ChartKind.MAP, "place", _("Every case"), axes=(across, up))
    charts = [
        plane,
        LinkedChart(ChartKind.BARS, "outcome", _("Result"), order=tuple(outcome_names(regression).values())),
    ]
    if several:
        charts.append(LinkedChart(ChartKind.BARS, "agree", _("Methods"), order=(_("agree"), _("disputed"))))
    truth = outcomes["truth"].astype(pd.CategoricalDtype(classes)) if classes else outcomes["truth"]
    named_truth = {"survival": _("Time followed"), "multilabel": _("True labels")}.get(
        task, _("True value") if regression else _("True class")
    )
    charts.append(chart_of("truth", named_truth, truth))
    return charts + [
        chart_of(f"c{number}", name, cells, units.get(name, "")) for number, (name, cells) in enumerate(columns.items())
    ]


def outcome_frame(
    outcomes: pd.DataFrame,
    charts: Sequence[LinkedChart],
    columns: Mapping[str, pd.Series],
    chosen: Sequence[str],
    *,
    regression: bool,
) -> pd.DataFrame:
    """A row a case for `outcome_charts`; chosen: ids that the picture starts from, all where there are none."""
    words = outcome_names(regression)
    came_out = [words[name] for name in outcomes["outcome"]]
    wanted = set(chosen)
    cells: dict[str, Any] = {
        "id": [str(id) for id in outcomes.index],
        "place_x": outcomes["error" if regression else "probability"].to_numpy(float),
        "place_y": outcomes["spread"].to_numpy(float),
        "outcome": came_out,
        "agree": np.where(outcomes["disputed"], _("disputed"), _("agree")),
        COLOUR: came_out,
        CHOSEN: [not wanted or id in wanted for id in outcomes.index],
    }
    sources = {"truth": outcomes["truth"]} | {f"c{number}": own for number, own in enumerate(columns.values())}
    for chart in charts:
        if chart.field in sources:
            own = sources[chart.field]
            numbers = chart.kind is ChartKind.NUMBERS
            cells[chart.field] = (
                pd.to_numeric(own, errors="coerce").to_numpy(float) if numbers else named(own, chart.order)
            )
    return pd.DataFrame(cells)


def verdict_words() -> dict[SubgroupVerdict, str]:
    """Verdicts on a part as a legend names them."""
    return {
        SubgroupVerdict.WORSE: _("worse than the others"),
        SubgroupVerdict.BETTER: _("better than the others"),
        SubgroupVerdict.UNSETTLED: _("may be chance"),
        SubgroupVerdict.TOO_FEW: _("too few cases to tell"),
    }


def subgroup_frame(compared: ComparedSubgroups) -> pd.DataFrame:
    """A row a part: part, cases, value with its interval, difference to the others, p, verdict in words."""
    words = verdict_words()
    return pd.DataFrame(
        [
            (
                row.name,
                row.cases,
                row.score.mean,
                row.score.low,
                row.score.high,
                row.difference,
                row.p,
                words[row.verdict],
            )
            for row in compared.rows
        ],
        columns=["part", "cases", "value", "low", "high", "difference", "p", "verdict"],
    )


def subgroup_scores(compared: ComparedSubgroups) -> Any:
    """A row a part: its score with the 95% interval, beside the dashed score of all cases; clicked to select it."""
    frame = subgroup_frame(compared)
    frame["label"] = [f"{part}  ({cases})" for part, cases in zip(frame["part"], frame["cases"], strict=True)]
    words = verdict_words()
    tints = dict(zip(words.values(), (theme.BAD, theme.GOOD, theme.ACCENT, theme.GREY), strict=True))
    there = [word for word in tints if word in set(frame["verdict"])]
    colour = alt.Color(
        "verdict:N",
        scale=alt.Scale(domain=list(tints), range=list(tints.values())),
        legend=alt.Legend(title=None, orient="top", labelLimit=240, symbolOpacity=1, values=there),
    )
    shape = alt.Shape(
        "verdict:N",
        scale=alt.Scale(domain=list(tints), range=["triangle-down", "triangle-up", "circle", "cross"]),
        legend=None,
    )
    names = alt.Axis(labelLimit=230, ticks=False, grid=False, labelOverlap=False, labelFlush=False)
    y = alt.Y("label:N", sort=frame["label"].tolist(), title=None, axis=names)
    x = alt.X(
        "value:Q",
        title=_("{metric}, 95% interval").format(metric=metric_label(compared.metric)),
        scale=alt.Scale(zero=False),
        axis=alt.Axis(tickCount=8, labelFlush=False),
    )
    form = f"+.{gap_digits(compared.metric, *frame['difference'])}f"
    tip = [
        alt.Tooltip("part:N", title=_("part")),
        alt.Tooltip("cases:Q", title=_("cases")),
        alt.Tooltip("value:Q", title=metric_label(compared.metric), format=f".{digits_of(compared.whole.mean)}f"),
        alt.Tooltip(
            "difference:Q",
            title=_("difference from the others"),
            format=form,
        ),
        alt.Tooltip("p:Q", title=_("p, corrected for the number of parts"), format=".3f"),
    ]
    pick = alt.selection_point(name=PART, fields=["part"], toggle=False)
    base = alt.Chart(frame).encode(y=y)
    strips = base.mark_rule(strokeWidth=_ROW - 4, opacity=0.001, cursor="pointer").encode(tooltip=tip)
    intervals = base.mark_rule(strokeWidth=3, opacity=0.55).encode(
        x=alt.X("low:Q", scale=alt.Scale(zero=False)), x2="high:Q", color=colour
    )
    points = base.mark_point(filled=True, size=110, opacity=1, cursor="pointer").encode(
        x=x, color=colour, shape=shape, tooltip=tip
    )
    rule = alt.Chart(pd.DataFrame({"value": [compared.whole.mean]})).mark_rule(strokeDash=[5, 4], color=theme.GREY)
    whole = rule.encode(x="value:Q")
    layers = alt.layer(whole, strips, intervals, points.add_params(pick))
    autosize = alt.AutoSizeParams(type="fit-x", contains="padding")
    return layers.properties(height=_ROW * len(frame) + 8, autosize=autosize)
