"""The sidebar of every page: which cohort and which case are looked at, and what is at work."""

from __future__ import annotations

import streamlit as st

from mmcore.base.errors import MMError
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from pages.frame import (
    cohort_picker,
    job_indicator,
    language,
    own_case,
    page,
    selection,
    standard_comparison,
    uploads,
    url_state,
)


def show() -> None:
    """Cohort and case pickers, jobs, and the language."""
    with st.sidebar:
        cohort_picker.picker()
        if uploads.held() and own_case.upload() is None:
            st.button(_("Forget my data"), icon=":material/delete:", on_click=own_case.forget, key="forget-import")
        cohort = page.opened_cohort()
        if cohort is not None:
            case_picker(cohort)
            selection.panel(cohort)
            standard_comparison.prepare(cohort)
        job_indicator.show()
        language.picker()


def case_picker(cohort: Cohort) -> None:
    """The case being looked at, with a step back and a step on."""
    if own_case.upload() is not None:
        with st.container(border=True, gap="small"):
            st.markdown(_("**{case}** is shown on all pages.").format(case=own_case.title()))
            st.button(
                _("Forget my data"),
                icon=":material/delete:",
                on_click=own_case.forget,
                width="stretch",
                key="forget-aside",
            )
        return
    try:
        current = cohort.ids[cohort.position(url_state.case_id() or "")]
    except MMError:
        current = None
    st.session_state["case-picker"] = current
    st.selectbox(
        _("Case"),
        cohort.ids,
        key="case-picker",
        placeholder=_("Choose a case"),
        on_change=lambda: url_state.choose_case(st.session_state["case-picker"]),
    )
    _steps(cohort.ids, selection.current(cohort), current)


def _steps(everyone: list[str], selected: list[str], current: str | None) -> None:
    """A step back and a step on, within the selection where there is one."""
    ids = selected or everyone
    at = ids.index(current) if current in ids else -1
    place = _("{at} of {count}") if at >= 0 else _("{count} cases")  # those of a selection are named as such below
    if at < 0 and selected:
        place = _("{count} selected")
    with st.container(
        horizontal=True, wrap=False, vertical_alignment="center", horizontal_alignment="distribute", gap="small"
    ):
        st.button(
            "",
            icon=":material/chevron_left:",
            help=_("Previous case"),
            key="case-previous",
            shortcut="P",
            disabled=at <= 0,
            on_click=lambda: url_state.choose_case(ids[at - 1]),
        )
        st.markdown(f":small[:gray[{place.format(at=at + 1, count=len(ids))}]]", width="content")
        st.button(
            "",
            icon=":material/chevron_right:",
            help=_("Next case"),
            key="case-next",
            shortcut="N",
            disabled=at + 1 >= len(ids),
            on_click=lambda: url_state.choose_case(ids[at + 1]),
        )
