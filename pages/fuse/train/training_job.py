"""The work that trains a run: begun, watched with its curves, and how it came to the result that is shown."""

from __future__ import annotations

import streamlit as st

from mmcore import evaluation
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures import training_curves as drawn
from mmcore.jobs.engine import Job
from mmcore.runs import Run, RunSpec
from mmcore.studies.costing import time_in_words
from mmcore.studies.setting_search import Budget
from pages.frame import jobs, url_state
from pages.fuse.train import cost_dialog
from pages.parts import chart, ready_to_run


def begin(cohort: Cohort, spec: RunSpec, budget: Budget | None = None) -> None:
    """Start the run, or open it at once if it was trained before. budget: of a search for better settings."""
    url_state.set_parameter("job", None)
    if budget is None and cost_dialog.trained_before(spec):
        url_state.choose_run(spec.key[:10])
        url_state.set_parameter("done", "cached")
        st.rerun()
    ready_to_run.train(cohort, spec, budget)
    url_state.set_parameter("job", ready_to_run.work_of(spec, budget))
    url_state.set_parameter("done", None)
    st.rerun()


def requested() -> Job | None:
    """The job that the address names."""
    work = url_state.parameter("job", "")
    return jobs.latest(ready_to_run.training_of(work)) if work else None


def ended_well(job: Job, cohort: Cohort) -> bool:
    """Whether the job has its result, whose run is then the one looked at; else its progress, or how it failed."""
    if job.active:
        with st.container(border=True, key="training-at-work"):
            st.markdown(_("**Training now.** You may leave this page: training goes on."))
            metric = evaluation.metric_label(evaluation.followed_in_training(str(cohort.schema.task)))
            jobs.watch(job, lambda job: _curves(job, metric))
        return False
    if not jobs.outcome(job):
        return False
    url_state.choose_run(job.result()[:10])
    url_state.set_parameter("job", None)
    url_state.set_parameter("done", "fresh")
    return True


def say_how_it_came(run: Run) -> None:
    """Whether the run shown was trained just now or long ago, if it was asked for here."""
    how = url_state.parameter("done", "")
    if how == "cached":
        st.success(
            _("This very run was trained before, so its result is shown at once. Same settings, same numbers."),
            icon=":material/bolt:",
        )
    elif how == "fresh":
        st.success(_("Trained in {time}.").format(time=time_in_words(run.seconds)), icon=":material/check_circle:")


def _curves(job: Job, metric: str) -> None:
    """Learning curves while the job runs."""
    records = list(job.history)
    if len({record.get("epoch") for record in records}) < 2:  # a dot alone is no curve
        st.caption(
            _(
                "Curves appear after the first two rounds of training (epochs). Before that, the encoders "
                "read the cohort if they have not yet."
            )
        )
        return
    chart.show(
        drawn.live_curves(records, metric=metric),
        key=f"live-{job.id}",
        title=_("Training curves"),
        note=_("mean over the models in training"),
        alt=_("Live training curves"),
    )
