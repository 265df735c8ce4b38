"""What such models are for: five fields of medicine, each with a cohort opened where it shows its point."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from pages.frame.page import Page, guard
from pages.start.applications import cards

PAGE = Page(
    _("Applications"),
    ":material/medical_services:",
    _("Five questions of medicine, each with a cohort that answers it here, and what that answer cannot tell."),
)


def main() -> None:
    left, right = st.columns(2, gap="medium")
    for number, application in enumerate(cards.applications()):
        with (left, right)[number % 2], guard():
            cards.show(application)
    with right:
        st.info(
            _(
                "**None of this is for clinical use.** Most of the cohorts are made by a program; those of real "
                "people are small and old."
            ),
            icon=":material/health_and_safety:",
        )


PAGE.show(main)
