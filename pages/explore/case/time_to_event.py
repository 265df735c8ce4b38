"""When might the event come? What a finished run predicts of a case over time, beside what was seen in the cohort."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from pages.frame import page
from pages.frame.markdown import escape
from pages.parts import event_curve, read_case, run_picker


def show(cohort: Cohort, case: Case) -> None:
    """The answer in a sentence, then its curve; nothing for another task, and where no method was trained yet."""
    if cohort.schema.task != "survival":
        return
    summaries = run_picker.summaries(cohort)
    if not summaries:
        return
    with st.container(border=True), page.guard():
        st.header(_("When might the event come?"), anchor=False)
        run = run_picker.chosen(summaries, _("Model"), "case-run")
        if run is None:
            return
        with st.spinner(_("Running the model on this case…")):
            session = read_case.session_of(run, cohort, case)
            st.markdown(f"**{escape(read_case.answer_of(run, cohort, case).sentence())}**")
        start, models = session.start, len(session.panel)
        event_curve.curve(
            run, start.probabilities, start.low, start.high, key="case-over-time",
            note=_("band: range over the models") if models > 1 else _("one model: spread unknown"),
            seen=event_curve.seen_of(cohort, case),
        )  # fmt: skip
        st.caption(read_case.who_had_seen(run, cohort, case))
