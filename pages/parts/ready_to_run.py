"""Where results are missing: the button that makes them, the time it takes, and the progress beside it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mmcore import studies
from mmcore.base.errors import MMError
from mmcore.base.progress import Progress, stretch_of
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures.comparison import method_name
from mmcore.jobs.job import Job
from mmcore.runs import RunSpec, RunSummary
from mmcore.studies.costing import time_in_words
from mmcore.studies.setting_search import Budget
from mmcore.studies.tuning import tuned
from pages.frame import jobs, page, standard_comparison, url_state
from pages.frame.markdown import escape
from pages.parts import run_picker

_SEARCHED = 0.9  # of the work, where settings are searched for before they are trained with


def waits_for_first(cohort: Cohort, summaries: Sequence[RunSummary]) -> bool:
    """Whether a page that shows a trained model has to wait: there is none, or a better one to begin with is coming."""
    shown = any(summary.method in standard_comparison.TELLING for summary in summaries)
    return not summaries or (coming(cohort) and not shown and not url_state.run_key())


def coming(cohort: Cohort) -> bool:
    """Whether the standard comparison of this cohort is at work."""
    job = jobs.latest(standard_comparison.purpose(cohort))
    return job is not None and job.active


def first_comparison(cohort: Cohort, lead: str, *, or_one: bool = True) -> None:
    """The standard comparison of this cohort by one press, or how far it is. lead: what will be seen here then.

    or_one: whether to offer the way to the page that trains a single method.
    """
    purpose = standard_comparison.purpose(cohort)
    job = jobs.latest(purpose)
    with st.container(border=True):
        if job is not None and job.active:
            st.header(_("The first models are being trained"), anchor=False)
            st.markdown(lead + " " + _("This page fills by itself; you may look at others meanwhile."))
            jobs.watch(job, stamp=lambda: len(run_picker.summaries(cohort)))
            return
        st.header(_("No model is trained on this cohort yet"), anchor=False)
        st.markdown(lead)
        if job is not None and not jobs.outcome(job):
            jobs.forget(purpose)
        with st.container(horizontal=True, vertical_alignment="center"):
            try:
                specs = list(studies.planned(cohort, encoders=url_state.encoders(cohort)).values())
            except MMError as error:
                st.warning(f"**{escape(error.message)}**  \n{escape(error.hint)}", icon=":material/warning:")
                return
            if st.button(_("Train and compare"), type="primary", icon=":material/bolt:", key="first-comparison"):
                standard_comparison.begin(cohort)
                st.rerun()
            st.caption(takes(cohort, specs), width="content")
            if or_one:
                page.link("train", _("Choose one method instead"))
        st.caption(
            _("The only input, alone. Each case is judged by models that never saw it.")
            if len(specs) == 1
            else _(
                "Each input alone and the usual ways to fuse them: {count} methods on the same parts of the cohort. "
                "Each case is judged by models that never saw it."
            ).format(count=len(specs))
        )


def train_method(cohort: Cohort, method: str, label: str = "", key: str = "") -> None:
    """A button that trains one method with the usual settings here and now, and then opens its run."""
    try:
        spec = studies.plan(cohort, method, url_state.encoders(cohort))
    except MMError as error:
        st.caption(escape(error.message))
        return
    job = jobs.latest(training_of(spec.key))
    if job is not None and job.active:
        jobs.watch(job)
        return
    if job is not None and jobs.outcome(job):
        jobs.forget(training_of(spec.key))
        url_state.choose_run(spec.key[:10])
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        name = label or _("Train {method} here").format(method=method_name(method))
        if st.button(name, icon=":material/bolt:", key=f"train-here-{method}{key}"):
            train(cohort, spec)
            st.rerun()
        st.caption(takes(cohort, [spec]), width="content")


def work_of(spec: RunSpec, budget: Budget | None) -> str:
    """The key of a run; if its settings are searched for, with the number of trials."""
    return spec.key if budget is None else f"{spec.key}-{budget.trials}"


def training_of(work: str) -> str:
    """What the job is for that does this work (see `work_of`)."""
    return f"train {work}"


def train(cohort: Cohort, spec: RunSpec, budget: Budget | None = None) -> Job:
    """Start the job, or join the one that is at it. budget: of a search for better settings."""
    label = _("Training {method}").format(method=method_name(spec.method))
    return jobs.start(training_of(work_of(spec, budget)), _train, cohort, spec, budget, label=label)


def _train(cohort: Cohort, spec: RunSpec, budget: Budget | None, *, progress: Progress) -> str:
    """Work of the job. Returns the key of the run."""
    if budget is None:
        return studies.train(cohort, spec, progress=progress).key
    searched = stretch_of(progress, 0.0, _SEARCHED)
    spec = tuned(cohort, spec, budget, progress=searched).spec
    return studies.train(cohort, spec, progress=stretch_of(progress, _SEARCHED, 1.0)).key


def takes(cohort: Cohort, specs: Sequence[RunSpec]) -> str:
    """The time in words: "takes about 40 s"."""
    with st.spinner(_("Estimating the time…")):
        seconds = _seconds(" ".join(spec.key for spec in specs), len(run_picker.summaries(cohort)), cohort, specs)
    return in_words(seconds) if seconds else _("trained before: opens at once")


def in_words(seconds: float) -> str:
    """A time to come, as people say it beforehand."""
    return _("takes about {time}").format(time=time_in_words(studies.in_round_seconds(seconds)))


@st.cache_data(max_entries=64, show_spinner=False)
def _seconds(keys: str, runs: int, _cohort: Cohort, _specs: Sequence[RunSpec]) -> float:
    return studies.expected_seconds(_cohort, _specs)
