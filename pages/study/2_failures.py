"""Where a method fails: wrong, unsure and disputed cases, and the parts of the cohort in which it does worse."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from pages.frame import page, url_state
from pages.frame.page import Page
from pages.parts import ready_to_run, run_picker
from pages.study.failures import case_list, compared_runs, finding, parts_of_cohort

PAGE = Page(
    _("Where it fails"),
    ":material/troubleshoot:",
    _("Which cases a method gets wrong, where methods disagree, and for whom it does worse."),
)


def main() -> None:
    cohort = url_state.cohort()
    cohort.require_target()
    summaries = run_picker.summaries(cohort)
    if ready_to_run.waits_for_first(cohort, summaries):
        ready_to_run.first_comparison(
            cohort, _("With a trained model you see here which cases it gets wrong, and for whom.")
        )
        return
    run = run_picker.chosen(summaries, _("Method"), "failures-run")
    if run is None:
        return
    outcomes = compared_runs.outcomes(run, compared_runs.beside(run, summaries), cohort)
    compared = parts_of_cohort.compared(run, cohort)
    st.markdown(finding.of_cases(run, outcomes))
    st.markdown(finding.of_parts(run, compared))
    case_list.show(run, cohort, outcomes)
    with st.container(border=True), page.guard():
        parts_of_cohort.show(run, cohort, compared)
    st.caption(finding.how(run, outcomes))


PAGE.show(main)
