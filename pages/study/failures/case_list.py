"""The cases by how they came out: linked charts, and the table of those that are selected."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from mmcore.base.csv_text import without_formulas
from mmcore.base.settings import _, counted
from mmcore.base.survival_times import middle, unit_of
from mmcore.cohorts import Cohort
from mmcore.evaluation.case_outcomes import Outcome
from mmcore.evaluation.subgroup_scores import columns_of_people
from mmcore.figures import failures as drawn
from mmcore.figures.linked_cohort import linkable_columns
from mmcore.runs import Run
from pages.frame import linked, page, selection, url_state
from pages.parts import chart, linked_picture
from pages.parts.number_columns import number_format

_PICTURE = 884  # pixels: three charts beside one another
_COLUMNS = 2  # of the cohort, at first


def show(run: Run, cohort: Cohort, outcomes: pd.DataFrame) -> None:
    """Charts and table, beside one another where there is room."""
    with st.container(horizontal=True, gap="medium"):
        with st.container(border=True, width=_PICTURE), page.guard():
            _picture(run, cohort, outcomes)
        with st.container(width="stretch"):
            _table(run, cohort, outcomes)


def _picture(run: Run, cohort: Cohort, outcomes: pd.DataFrame) -> None:
    regression = run.spec.task in ("regression", "survival")
    names = linkable_columns(cohort)
    people = [name for name in columns_of_people(cohort.table) if name in names]
    first = list(dict.fromkeys([*people, *names]))[:_COLUMNS]
    chosen = (
        linked.choices(
            st.multiselect,
            _("Columns shown"),
            names,
            "columns",
            first=first,
            placeholder=_("Choose columns"),
            key=f"failures-columns-{url_state.cohort_source()}",
        )
        if names
        else []
    )
    columns = {name: cohort.table[name].loc[outcomes.index] for name in chosen}
    several = _several(outcomes)
    classes = run.spec.classes if run.spec.task in ("binary", "multiclass") else ()
    units = {column.name: column.unit for spec in cohort.inputs.values() for column in spec.table if column.unit}
    charts = drawn.outcome_charts(
        outcomes, columns, regression=regression, several=several, classes=classes, units=units, task=run.spec.task
    )
    linked_picture.show(
        cohort,
        f"failures-{run.key[:8]}",
        charts,
        lambda start: drawn.outcome_frame(outcomes, charts, columns, start, regression=regression),
        drawn.outcome_colours(regression),
        alt=_("Linked charts of the cases, by result"),
    )


def _several(outcomes: pd.DataFrame) -> bool:
    """Whether more than one method answered."""
    return bool(len(outcomes)) and int(outcomes["answered_by"].max()) > 1


def _table(run: Run, cohort: Cohort, outcomes: pd.DataFrame) -> None:
    regression = run.spec.task in ("regression", "survival")
    words = drawn.outcome_names(regression)
    several = _several(outcomes)
    ways = {Outcome.WRONG.value: words["wrong"], Outcome.UNSURE.value: words["unsure"]}
    ways |= {"disputed": _("disputed")} if several else {}
    picked = linked.choice(
        st.segmented_control,
        _("Cases listed"),
        [*ways, "all"],
        "cases",
        format_func={**ways, "all": _("all")}.__getitem__,
        key="failures-cases",
    )
    selected = selection.current(cohort)
    rows = outcomes.loc[[id for id in selected if id in outcomes.index]] if selected else outcomes
    if picked != "all":
        rows = rows[rows["disputed"] if picked == "disputed" else rows["outcome"] == picked]
    measure = "error" if regression else "probability"
    rows = rows.sort_values(measure, key=lambda values: -values.abs() if regression else values)
    among = (
        counted(len(selected), "in the selection of one case", "among the {count} selected")
        if selected
        else _("among all cases")
    )
    if len(rows) == 1:
        order = _(", {among}. Click the row to open it.").format(among=among)
    elif selected:
        order = _(", {among}, the worst first. Click a row to open the case.").format(among=among)
    else:
        order = _(", the worst first. Click a row to open the case.")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(
            counted(len(rows), "{count} case", "{count} cases") + order
            if len(rows)
            else _("No such case {among}.").format(among=among),
            width="content",
        )
        if len(rows):
            chart.download(rows, "cases", "failures-cases")
    if not len(rows):
        return
    shown = rows[
        ["truth", measure, "predicted", "spread"] if not regression else ["truth", "predicted", measure, "spread"]
    ].assign(
        **({} if regression else {"probability": 100 * rows["probability"]}),
        **({"predicted": 100 * rows["predicted"]} if run.spec.task == "survival" else {}),
        methods=[f"{wrong} / {of}" for wrong, of in zip(rows["wrong_by"], rows["answered_by"], strict=True)],
    )
    event = st.dataframe(
        without_formulas(shown if several else shown.drop(columns=["spread", "methods"])),
        key=f"failures-table-{picked}-{len(rows)}",
        height=470,
        column_config=_headings(run, shown),
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        alt=_("Table of the cases"),
    )
    _open(rows, list(event.selection.rows) or [cell[0] for cell in event.selection.cells])


def _headings(run: Run, shown: pd.DataFrame) -> dict[str, Any]:
    """Short, as the table stands beside the charts; the probability is next to the class or labels it belongs to."""
    task, number, column = run.spec.task, st.column_config.NumberColumn, st.column_config.Column
    regression = task in ("regression", "survival")
    of_truth = _("probability of the true labels") if task == "multilabel" else _("probability of the true class")
    form = {name: number_format(shown[name], digits=3) for name in shown.select_dtypes("number")}
    truth = number(_("true"), format=form["truth"]) if task == "regression" else column(_("true"))
    predicted = number(_("predicted"), format=form["predicted"]) if task == "regression" else column(_("predicted"))
    if task == "survival":
        classes = run.spec.classes
        time, unit = classes[middle(classes)], unit_of(classes)
        truth = number(_("followed ({unit})").format(unit=unit) if unit else _("followed"), format=form["truth"])
        words, why = _("event by {time}"), _("predicted probability of the event by {time}")
        predicted = number(words.format(time=time), format="%.0f%%", help=why.format(time=time))
    spread = form["spread"] if task == "regression" else "%.2f"  # of values, or of probabilities
    return {
        "truth": truth,
        "predicted": predicted,
        "probability": number(_("probability"), format="%.0f%%", help=of_truth, width=88),
        "error": number(_("error"), format=form.get("error")),
        "spread": number(_("spread"), format=spread, help=_("difference between methods"), width=70),
        "methods": st.column_config.TextColumn(
            _("methods off") if regression else _("methods wrong"),
            help=_(
                "How many of the methods are as far off in this case as the method shown is in its "
                "worst tenth of cases."
            )
            if regression
            else _("How many of the methods get it wrong."),
            width=95 if regression else 110,
        ),
    }


def _open(rows: pd.DataFrame, at: list[int]) -> None:
    """The case of the row that was clicked."""
    if at and at[0] < len(rows):
        url_state.choose_case(str(rows.index[at[0]]))
        page.switch_to("case")
