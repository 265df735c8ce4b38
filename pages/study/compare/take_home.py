"""What was compared and found, as a file for people who were not there: built on a press, shown before it is kept."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mmcore import studies
from mmcore.base.progress import Progress, Step
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.cohorts.auditing import audit
from mmcore.figures.comparison import method_name
from mmcore.report.html import write_html
from mmcore.report.model_card import card_document
from mmcore.runs import Run
from mmcore.studies.reporting import report_bytes, report_document
from pages.frame import jobs
from pages.frame.markdown import escape
from pages.parts import comparison

PATIENCE = 1.5  # seconds a page waits for a report that may be quick
_MIME = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def show(runs: list[Run], cohort: Cohort) -> None:
    """A button that has the report made, and then its files."""
    with st.container(border=True):
        st.markdown(f"**{_('Take it home')}**")
        st.caption(
            _(
                "A report of this page for people who were not there: the answer with its margin of error, the scores, "
                "the cohort, what could mislead, limits, and how to get the same numbers."
            )
        )
        _report(runs, cohort)
        _model_card(runs, cohort)


def _report(runs: list[Run], cohort: Cohort) -> None:
    """The case to show and the button that has it made, how far it is, and then its files."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        case = _picked(cohort)
    purpose = f"report {case} " + " ".join(run.key for run in runs)
    job = jobs.latest(purpose)
    if job is None:
        if not row.button(_("Prepare the report"), icon=":material/description:", key="report-prepare"):
            return
        job = jobs.start(purpose, _made, cohort, runs, case, label=_("Preparing the report"))
        jobs.wait(job, PATIENCE)
    if job.active:
        jobs.watch(job)
    elif jobs.outcome(job):
        _files(job.result(), cohort)
    else:
        st.button(_("Try again"), icon=":material/refresh:", on_click=jobs.forget, args=(purpose,))


def _picked(cohort: Cohort) -> str | None:
    """The one case that goes into the report; none unless somebody picks it, as a case may be a patient's."""
    picked: str | None = st.selectbox(
        _("A case to show in it"),
        cohort.ids,
        index=None,
        placeholder=_("none: no single patient is shown"),
        key=f"report-case-{cohort.key[:8]}",
        width=420,
        help=_("The inputs of the case will stand in the file. Do not pick a real patient without permission."),
    )
    return picked


def _model_card(runs: list[Run], cohort: Cohort) -> None:
    """The card of one of the runs shown, made when it is asked for."""
    by_method = {comparison.label(run, runs): run for run in runs}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method = st.selectbox(_("Model card of"), list(by_method), format_func=method_name, key="card-of", width=420)
        st.download_button(
            _("Model card"),
            lambda: write_html(card_document(by_method[method], cohort)),
            f"{cohort.name}-{method}-model-card.html",
            _MIME[".html"],
            icon=":material/badge:",
            key="card",
            on_click="ignore",
            help=_("What the model is, what it is for, how good it is, and its limits (Mitchell et al. 2019)."),
        )


def _made(cohort: Cohort, runs: list[Run], case: str | None, *, progress: Progress) -> dict[str, bytes]:
    """Work of the job: the report in each form."""
    by_method = {comparison.label(run, runs): run for run in runs}
    document = report_document(studies.comparison_of(cohort, by_method), audit(cohort, progress), case)
    files = {}
    for number, suffix in enumerate(_MIME):
        progress(Step(_("Writing {form}").format(form=suffix[1:].upper()), number, len(_MIME)))
        files[suffix] = report_bytes(document, suffix)
    return files


def _files(files: dict[str, bytes], cohort: Cohort) -> None:
    names: dict[str, Any] = {".html": _("Web page"), ".pdf": _("PDF"), ".pptx": _("Slides")}
    with st.container(horizontal=True):
        for suffix, content in files.items():
            st.download_button(
                names[suffix],
                content,
                f"{cohort.name}-report{suffix}",
                _MIME[suffix],
                icon=":material/download:",
                key=f"report{suffix}",
                on_click="ignore",  # a rerun would break off the download
            )
    with st.expander(_("Preview"), icon=":material/visibility:"):
        st.caption(_("The web page of {cohort}; PDF and slides say the same.").format(cohort=escape(cohort.name)))
        st.iframe(files[".html"].decode(), height=640)
