"""Change a case and see the answer follow; which one change flips it, and which missing test would settle it."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from pages.frame import own_case, page, url_state
from pages.frame.page import Page
from pages.fuse.what_if import answer, edit_case, edit_state, further_tests, single_changes
from pages.parts import read_case, ready_to_run, run_picker

PAGE = Page(
    _("What if"),
    ":material/tune:",
    _("Change the case and watch the answer move: erase, rewrite, set another value, take a test away."),
)


def main() -> None:
    cohort = url_state.cohort()
    cohort.require_target()
    summaries = run_picker.summaries(cohort)
    if ready_to_run.waits_for_first(cohort, summaries):
        lead = _("With a trained model you can change this case here and watch the answer move.")
        ready_to_run.first_comparison(cohort, lead)
        return
    case = own_case.current_case()
    run = run_picker.chosen(summaries, _("Model"), "what-if-run")
    if run is None:
        return
    with st.spinner(_("Running the model on this case…")):
        session = read_case.session_of(run, cohort, case)
    left, right = st.columns(2, gap="medium")
    with right.container(key="what-if-answer"):
        steps, result = st.container(), st.container()  # what undoes stays in sight on a low screen
    with left:
        changes = edit_case.form(run, cohort, case)
    with steps:
        edit_case.bar(case)
        if edit_state.too_long(case):
            st.caption(_("These changes are too long for a link; they stay in this session."))
    with result:
        now = session.ask(changes) if changes else session.start
        answer.show(run, cohort, session, now, bool(changes))
    with st.container(border=True), page.guard():
        single_changes.show(run, cohort, case, session)
    with st.container(border=True), page.guard():
        further_tests.show(run, cohort, case, session)


PAGE.show(main)
