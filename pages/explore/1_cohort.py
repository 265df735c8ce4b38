"""The table of cases with filters, the balance of the target, which inputs are missing, and how values are spread."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from mmcore.figures import cohort as drawn
from pages.explore.cohort import case_table, column_distributions, file_problems, summary
from pages.frame import url_state
from pages.frame.page import Page

PAGE = Page(
    _("Cohort"),
    ":material/table_view:",
    _("Every case with its inputs and target. Filter, look for what is missing, open a case."),
)


def main() -> None:
    cohort = url_state.cohort()
    file_problems.show(cohort)
    left, right = st.columns(2, gap="medium")
    balance, missing = left.container(border=True, height="stretch"), right.container(border=True, height="stretch")
    with balance:
        summary.target_balance(cohort)
    with missing:
        summary.missing_inputs(cohort)
    with missing if drawn.few_patterns(cohort) else balance:  # where there is room
        summary.facts(cohort)
    st.space("small")
    case_table.show(cohort)
    st.space("small")
    column_distributions.show(cohort)


PAGE.show(main)
