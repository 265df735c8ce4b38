"""What modality dropout does: the twin of a run, trained without it, beside the run under the same stress."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mmcore import studies
from mmcore.base.progress import Progress
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures.comparison import method_name
from mmcore.runs import Run, store
from pages.frame import jobs
from pages.parts.comparison import best, is_single, label

PATIENCE = 1.5  # seconds a page waits for scores that are probably known


def of_run(run: Run, cohort: Cohort, progress: Progress) -> list[dict[str, Any]]:
    """Scores of one run under stress, with its key."""
    return [{**row, "run": run.key} for row in studies.robustness_of(run, cohort, progress=progress)]


def rows(runs: list[Run], cohort: Cohort) -> list[dict[str, Any]]:
    """Scores of the twins that are trained, each with the key of the run it is the twin of."""
    scores = []
    for run in _able(runs):
        job = jobs.latest(_purpose(run))
        if job is None and store().find(studies.twin(run.spec).key) is not None:
            job = _start(run, cohort)
            jobs.wait(job, PATIENCE)
        if job is not None and job.state == "done":
            scores += job.result()
    return scores


def offer(runs: list[Run], cohort: Cohort) -> None:
    """The button that trains the twin of a method, or how far that is."""
    able = _able(runs)
    if not able:
        return
    active = [job for run in able if (job := jobs.latest(_purpose(run))) is not None and job.active]
    if active:
        jobs.watch(active[0])
        return
    for run in able:
        job = jobs.latest(_purpose(run))
        if job is not None and job.state != "done":
            jobs.outcome(job)
            jobs.forget(_purpose(run))
    left = {run.key: run for run in able if jobs.latest(_purpose(run)) is None}
    sentence = _("Modality dropout hides inputs at random while training.")
    if not left:
        st.caption(sentence)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        start = best(list(left.values()), able[0].spec.metric)
        chosen = st.selectbox(
            _("Does modality dropout help this method?"),
            list(left),
            index=list(left).index(start.key),
            format_func=lambda key: method_name(label(left[key], runs)),
            key=f"twin-of-{len(left)}",
            width=300,
            help=sentence + " " + _("The method is trained once more, with the same settings except for this."),
        )
        without = left[chosen].spec.training.modality_dropout > 0
        if st.button(
            _("Train without it") if without else _("Train with it"), icon=":material/model_training:", key="twin-train"
        ):
            jobs.wait(_start(left[chosen], cohort), PATIENCE)
            st.rerun()


def _able(runs: list[Run]) -> list[Run]:
    """Fusions whose twin is not itself among the runs."""
    keys = {run.key for run in runs}
    return [run for run in runs if not is_single(run) and studies.twin(run.spec).key not in keys]


def _purpose(run: Run) -> str:
    return f"twin {run.key}"


def _start(run: Run, cohort: Cohort) -> Any:
    share = studies.twin(run.spec).training.modality_dropout
    named = _(", with modality dropout") if share else _(", without modality dropout")
    label = _("{method}, same settings{change}").format(method=method_name(run.method), change=named)
    return jobs.start(_purpose(run), train, run, cohort, named, label=label)


def train(run: Run, cohort: Cohort, named: str, *, progress: Progress) -> list[dict[str, Any]]:
    """Work of the job: scores of the twin, which is trained if need be."""
    twin = studies.train(cohort, studies.twin(run.spec), progress)
    return [{**row, "run": run.key, "twin": named} for row in of_run(twin, cohort, progress)]
