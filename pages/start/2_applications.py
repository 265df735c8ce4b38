"""What such models are for: six fields of medicine, each with a cohort opened where it shows its point."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from pages.frame.page import Page, guard
from pages.start.applications import cards

PAGE = Page(
    _("Applications"),
    ":material/medical_services:",
    _("Six questions of medicine, each with a cohort that answers it here, and what the answer cannot tell."),
    of_cohort=False,
)


def main() -> None:
    with st.grid(2, min_column_width=380, gap="medium"):
        for application in cards.applications():
            with guard():
                cards.show(application)
    st.info(
        _(
            "**None of this is for clinical use.** Most of the cohorts are made by a program; those of "
            "real people are small and were collected long ago."
        ),
        icon=":material/health_and_safety:",
    )


PAGE.show(main)
