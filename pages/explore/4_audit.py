"""What could mislead a study of this cohort, before anything is trained: the gravest first, with what to do."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from pages.explore.audit import findings
from pages.frame import cohort_picker, jobs, url_state
from pages.frame.page import Page

PAGE = Page(
    _("Audit"),
    ":material/fact_check:",
    _("What could make a result look better than it is: copies, leaks, chance, errors."),
)
PATIENCE = 2.0  # seconds a page waits for an audit that may be quick


def main() -> None:
    cohort = url_state.cohort()
    purpose = f"audit {cohort.key}"
    job = jobs.latest(purpose)
    if job is None:
        label = _("Auditing {cohort}").format(cohort=cohort.name)
        job = jobs.start(purpose, findings.audited, cohort, label=label)
        with st.spinner(_("Reading every case once…")):
            jobs.wait(job, PATIENCE)
    if job.active:
        jobs.watch(job)
    elif jobs.outcome(job):
        all_findings = job.result()
        findings.headline(all_findings)
        for number, finding in enumerate(all_findings):
            findings.card(finding, number)
        if all_findings:
            cohort_picker.offer_roles(cohort)  # what to leave out, or to group by, is chosen there
        findings.passed(all_findings, cohort)
        findings.download(cohort, all_findings)
    else:
        st.button(_("Audit again"), icon=":material/refresh:", on_click=jobs.forget, args=(purpose,))


PAGE.show(main)
