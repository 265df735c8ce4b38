"""What is worth knowing of a cohort's files: what was guessed, set aside, or left out because it tells the target."""

from __future__ import annotations

import streamlit as st

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort
from pages.frame import cohort_picker
from pages.frame.markdown import escape

_LISTED = 50


def show(cohort: Cohort) -> None:
    """Folded away, but for columns that leak the target."""
    headers = cohort.headers  # looked at once, and part of the problems from then on
    if headers:
        st.info("  \n".join(escape(sentence) for sentence in headers), icon=":material/badge:")
    if not cohort.leaks and (cohort.schema.task is None or len(cohort.inputs) < 2):
        cohort_picker.offer_roles(cohort)  # a target or a second input may be among the columns left out
    if not cohort.problems:
        return
    with st.expander(
        counted(
            len(cohort.problems), "{count} thing to know about these files", "{count} things to know about these files"
        ),
        icon=":material/warning:",
        expanded=bool(cohort.leaks),
    ):
        for sentence in cohort.problems[:_LISTED]:
            st.markdown("- " + escape(sentence))
        if len(cohort.problems) > _LISTED:
            st.caption(_("and {count} more").format(count=len(cohort.problems) - _LISTED))
        if cohort.leaks:
            _texts_may_leak(cohort)
            cohort_picker.offer_roles(cohort)


def _texts_may_leak(cohort: Cohort) -> None:
    """Where columns were left out as leaks, a text that stands beside them may tell the target as well."""
    texts = [name for name, spec in cohort.inputs.items() if spec.kind is Kind.TEXT]
    if texts:
        st.markdown(
            _(
                "**Texts may give the target away too: {names}.** A report written about the same finding may "
                "hold the answer. Leave such an input out, or train on each input by itself and distrust one "
                "that is nearly always right."
            ).format(names=escape(list_of(texts)))
        )
