"""The table of cases: filters that are part of the address, and rows that open a case."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures import case_table as listing
from pages.frame import linked, page, url_state
from pages.frame.markdown import escape

_ALL_THERE = "*"  # the choice of cases that lack nothing, among the names of inputs


def show(cohort: Cohort) -> None:
    """Filters, how many cases pass, and their table."""
    frame = _rows(url_state.cohort_source(), url_state.roles_text(), f"{len(cohort)}-{len(cohort.problems)}", cohort)
    shown = _filtered(cohort, frame)
    st.caption(
        _("{shown} of {count} cases. Click a row to open the case.").format(shown=len(shown), count=len(frame))
        if len(shown)
        else _("No case matches. Loosen the filters above.")
    )
    inputs = list(cohort.inputs)
    table = st.dataframe(
        shown.assign(**{name: shown[name].map({True: "●", False: None}) for name in inputs}),
        key="cases",
        height=420,
        column_config=_columns(shown, inputs),
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        placeholder="–",
        alt=_("Table of the cases"),
    )
    rows = list(table.selection.rows) or [cell[0] for cell in table.selection.cells]
    if rows and rows[0] < len(shown):
        url_state.choose_case(str(shown.index[rows[0]]))
        page.switch_to("case")


@st.cache_data(max_entries=8, show_spinner=False)
def _rows(source: str, roles: str, size: str, _cohort: Cohort) -> pd.DataFrame:
    return listing.listing(_cohort)


def _columns(shown: pd.DataFrame, inputs: list[str]) -> dict[Any, Any]:
    config = {
        name: st.column_config.TextColumn(name, help=_("Is {input} there?").format(input=escape(name)), width="small")
        for name in inputs
    }
    return config | {
        name: st.column_config.NumberColumn(name, format="%.4g")
        for name in shown.select_dtypes("number")
        if name not in inputs
    }


def _filtered(cohort: Cohort, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that pass the filters; each filter is part of the address."""
    inputs = list(cohort.inputs)
    absent = {_ALL_THERE: _("all inputs there"), **{name: _("{input} missing").format(input=name) for name in inputs}}
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
        if cohort.schema.classes:
            targets = linked.choices(
                st.multiselect,
                _("Target"),
                cohort.schema.classes,
                "target",
                placeholder=_("any"),
                key="filter-target",
            )
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
