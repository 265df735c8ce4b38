"""The table of cases: filters that are part of the address, and rows that open a case."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd
import streamlit as st

from mmcore.base.csv_text import without_formulas
from mmcore.base.settings import _, counted
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort
from mmcore.figures import case_table as listing
from mmcore.figures.case_previews import DRAWN, Preview, previews
from mmcore.figures.cohort import presence
from pages.frame import linked, page, selection, url_state
from pages.frame.markdown import escape
from pages.parts.number_columns import number_columns

_HIGH = 470  # pixels of the table, at most
_PICTURED = 100  # cases whose images and signals are read for the table
_ALL_THERE = "*"  # the choice of cases that lack nothing, among the names of inputs


def show(cohort: Cohort) -> None:
    """Filters, how many of the selected cases pass, and their table."""
    frame = _rows(url_state.cohort_source(), url_state.roles_text(), f"{len(cohort)}-{len(cohort.problems)}", cohort)
    selected = selection.current(cohort)
    shown = _filtered(cohort, frame.loc[selected] if selected else frame)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(_counted(len(shown), len(selected) or len(frame), bool(selected)), width="stretch")
        if 0 < len(shown) < (len(selected) or len(frame)):
            st.button(
                counted(len(shown), "Select this one", "Select these {count}"),
                icon=":material/filter_alt:",
                key="select-shown",
                type="tertiary",
                on_click=selection.choose,
                args=(cohort, [str(id) for id in shown.index]),
            )
        drawn = [name for name, spec in cohort.inputs.items() if spec.kind in DRAWN]
        pictured = bool(drawn) and linked.toggle(
            _("Images and signals"),
            "pictures",
            key="cases-pictures",
            help=_("Images and signals in the table, of the first {count} cases shown.").format(count=_PICTURED),
        )
    if not len(shown):
        st.button(_("Clear the filters"), icon=":material/filter_alt_off:", key="filters-clear", on_click=_clear)
        return
    inputs, ids = list(cohort.inputs), tuple(str(id) for id in shown.index[:_PICTURED])
    looks: dict[str, list[Preview]] = {}
    if pictured:
        with st.spinner(_("Reading images and signals…")):
            looks = {name: _previews(cohort.key, name, ids, cohort) for name in drawn}
    row = 64 if pictured else 35  # pixels
    cells = {name: shown[name].map({True: "●", False: None}) for name in inputs}
    table = st.dataframe(
        without_formulas(
            shown.assign(**cells | {name: pd.Series(looks[name], list(ids), dtype=object) for name in looks})
        ),
        key="cases",
        height=min(_HIGH, 40 + row * len(shown)),
        row_height=row,
        column_config=_columns(shown, inputs) | _picture_columns(cohort, looks),
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        placeholder="–",
        alt=_("Table of the cases"),
    )
    rows = list(table.selection.rows) or [cell[0] for cell in table.selection.cells]
    if rows and rows[0] < len(shown):
        url_state.choose_case(str(shown.index[rows[0]]))
        page.switch_to("case")


def _clear() -> None:
    """Filter by nothing."""
    st.session_state.update({"filter-q": "", "filter-target": [], "filter-missing": []})
    for name in ("q", "target", "missing"):
        url_state.set_parameter(name, None)


def _counted(shown: int, among: int, selected: bool) -> str:
    if not shown:
        return _("No case matches. Loosen the filters above.")
    words = (
        counted(among, "The one selected case.", "{shown} of the {count} selected cases.", shown=f"{shown:,}")
        if selected
        else counted(among, "{count} case.", "{shown} of {count} cases.", shown=f"{shown:,}")
    )
    return words + " " + _("Click a row to open the case.")


@st.cache_data(max_entries=8, show_spinner=False)
def _rows(source: str, roles: str, size: str, _cohort: Cohort) -> pd.DataFrame:
    return listing.listing(_cohort)


@st.cache_data(max_entries=16, show_spinner=False)
def _previews(cohort: str, input: str, ids: tuple[str, ...], _cohort: Cohort) -> list[Preview]:
    return previews(_cohort, input, ids)


def _picture_columns(cohort: Cohort, inputs: Collection[str]) -> dict[str, Any]:
    images = {name for name in inputs if cohort.inputs[name].kind is Kind.IMAGE}
    return {
        name: st.column_config.ImageColumn(name) if name in images else st.column_config.LineChartColumn(name)
        for name in inputs
    }


def _columns(shown: pd.DataFrame, inputs: list[str]) -> dict[Any, Any]:
    config = {
        name: st.column_config.TextColumn(name, help=_("Is {input} there?").format(input=escape(name)), width="small")
        for name in inputs
    }
    return number_columns(shown) | config


def _filtered(cohort: Cohort, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that pass the filters; each filter is part of the address."""
    inputs = list(cohort.inputs)
    absent = {_ALL_THERE: _("all inputs present"), **{name: _("{input} missing").format(input=name) for name in inputs}}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            _("Search"),
            value=url_state.parameter("q", ""),
            placeholder=_("words in any column"),
            icon=":material/search:",
            key="filter-q",
        )
        url_state.set_parameter("q", search or None)
        targets: list[str] = []
        if cohort.class_members:
            targets = linked.choices(
                st.multiselect,
                _("Target"),
                tuple(cohort.class_members),
                "target",
                placeholder=_("any"),
                key="filter-target",
            )
        lacking: list[str] = []
        if not presence(cohort).all(axis=None):
            lacking = linked.choices(
                st.multiselect,
                _("Missing"),
                absent,
                "missing",
                format_func=absent.__getitem__,
                placeholder=_("any"),
                key="filter-missing",
            )
    missing = [name for name in lacking if name != _ALL_THERE]
    return listing.filtered(frame, search, targets, missing, _ALL_THERE in lacking, inputs)
