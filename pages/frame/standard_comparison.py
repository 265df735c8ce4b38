"""The standard comparison of the built-in cohort, prepared by itself once, so that no page opens empty."""

from __future__ import annotations

import os

from mmcore import runs, studies
from mmcore.base.progress import Progress
from mmcore.base.settings import _, room
from mmcore.cohorts import Cohort
from pages.frame import jobs, url_state


def purpose(cohort: Cohort) -> str:
    """What the job is for that compares methods on this cohort; one at a time."""
    return f"compare {cohort.key}"


def prepare(cohort: Cohort) -> None:
    """Start it on the first visit of a new home; never again, whether it was finished or stopped.

    MMCORE_PREPARE=0 forbids it (on a server that has better things to do).
    """
    if os.environ.get("MMCORE_PREPARE") == "0" or cohort.source != url_state.DEFAULT_COHORT:
        return
    started = room("cohorts") / f"prepared-{cohort.key}"
    if started.exists():
        return
    started.touch()
    if not runs.store().summaries(cohort.key):
        jobs.start(purpose(cohort), _compare, cohort, label=_("Preparing the standard comparison"))


def _compare(cohort: Cohort, *, progress: Progress) -> int:
    """Work of the job. Returns the number of runs."""
    return len(studies.compare(cohort, progress=progress).runs)
