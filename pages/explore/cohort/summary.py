"""What the schema of a cohort says."""

from __future__ import annotations

import streamlit as st

from mmcore.cohorts import Cohort
from mmcore.figures import cohort as drawn
from pages.frame.markdown import escape


def facts(cohort: Cohort) -> None:
    """What the schema says, as a small table."""
    st.table({name: escape(fact) for name, fact in drawn.facts(cohort)}, border="horizontal")
