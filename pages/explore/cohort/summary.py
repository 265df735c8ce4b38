"""The cohort at a glance: how the target is balanced, which inputs are there together, and what the schema says."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures import cohort as drawn
from pages.frame.markdown import escape
from pages.parts import chart


def target_balance(cohort: Cohort) -> None:
    """Cases in each class, or how a number is distributed."""
    if cohort.schema.task is None:
        st.markdown(_("**No target**"))
        st.caption(
            _(
                "These cases carry no target: they can be looked at and predicted on. "
                "Name a target column when opening the cohort to train on it."
            )
        )
        return
    name = str(cohort.schema.target)
    chart.show(
        drawn.balance(cohort),
        key="balance",
        data=drawn.balance_table(cohort) if cohort.schema.classes else pd.DataFrame({name: cohort.target}),
        title=_("Target: {name}").format(name=name),
        note=_("cases in each class") if cohort.schema.classes else _("its distribution"),
        alt=_("Balance of the target {name}").format(name=name),
    )


def missing_inputs(cohort: Cohort) -> None:
    """Patterns of missing inputs, the most frequent first."""
    chart.show(
        drawn.missing(cohort),
        key="missing-patterns",
        data=drawn.missing_table(cohort),
        title=_("Inputs that are there together"),
        note=drawn.patterns_note(cohort),
        alt=_("Patterns of missing inputs and the number of cases of each"),
    )


def facts(cohort: Cohort) -> None:
    """What the schema says, as a small table."""
    st.table({name: escape(fact) for name, fact in drawn.facts(cohort)}, border="horizontal")
