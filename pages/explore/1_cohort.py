"""The cohort as one linked picture and the table of its cases: what is picked in one shows in all the others."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from pages.explore.cohort import case_table, column_distributions, file_problems, finding, linked_charts, summary
from pages.frame import selection, url_state
from pages.frame.page import Page

PAGE = Page(
    _("Cohort"),
    ":material/table_view:",
    _("Every case at a glance. Pick in one chart and see the same cases in the others and in the table."),
)


def main() -> None:
    cohort = url_state.cohort()
    st.markdown(finding.of_cohort(cohort))
    file_problems.show(cohort)
    with st.container(horizontal=True, gap="medium"):  # beside one another where there is room
        with st.container(border=True, width=linked_charts.width(cohort)):
            linked_charts.show(cohort)
        with st.container(width="stretch"):
            if sentence := finding.of_selection(cohort, selection.current(cohort)):
                st.markdown(sentence)
            case_table.show(cohort)
    st.space("small")
    column_distributions.show(cohort)
    with st.expander(_("About these files"), icon=":material/info:"):
        summary.facts(cohort)


PAGE.show(main)
