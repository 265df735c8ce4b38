"""The standard comparison: every input alone and the usual fusion methods, on the same folds and seeds.

Of the built-in cohort it prepares itself once, so that no page opens empty; of any other it takes one press. It is
prepared twice: with a single seed, which is there soon, then with all seeds, which takes its place.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from mmcore.base.errors import MMError
from mmcore.base.progress import Progress, stretch_of
from mmcore.base.settings import _, room
from mmcore.cohorts import Cohort, open_cohort
from pages.frame import jobs, url_state

if TYPE_CHECKING:  # every page comes here, and studies take seconds to import
    from mmcore.jobs.job import Job
    from mmcore.runs import EncoderChoice, Run

TELLING = ("cross_attention", "modality_attention", "gated")  # methods that show most of themselves, the best first
_BEGUN = "begun"  # in the note that it was started, until it ended
_SOON = 0.4  # of all the work that prepares itself: what comes with a single seed
_COMPARED, _EXPLAINED = 0.5, 0.67  # of the work: methods; the test of what one of them attends to; plain baselines


def purpose(cohort: Cohort) -> str:
    """What the job is for that compares methods on this cohort; one at a time."""
    return f"compare {cohort.key}"


def prepare(cohort: Cohort) -> None:
    """Start it for the built-in cohort in a new home; never again once it ended or was stopped. A server that was ended
    in the middle of it goes on where it was.

    MMCORE_PREPARE=0 forbids it (on a server that has better things to do).
    """
    if os.environ.get("MMCORE_PREPARE") == "0" or cohort.source != url_state.DEFAULT_COHORT:
        return
    note = room("cohorts") / f"prepared-{cohort.key}"
    begun = note.exists() and note.read_text(encoding="utf-8") == _BEGUN
    if note.exists() and not begun:
        return
    from mmcore import runs, studies

    if not begun and runs.store().summaries(cohort.key):
        return
    job = jobs.latest(purpose(cohort))
    if job is not None:
        if not job.active:
            note.write_text("", encoding="utf-8")
        return
    note.write_text(_BEGUN, encoding="utf-8")
    _no_longer_lost(label())
    jobs.start(purpose(cohort), _prepare, cohort, studies.default_encoders(cohort), in_order(cohort), label=label())


def label() -> str:
    """What the job is called that prepares itself."""
    return _("Preparing the standard comparison")


def in_order(cohort: Cohort) -> list[str]:
    """The usual methods in the order in which pages want them: every input alone, what pages show first, the rest."""
    from mmcore import studies

    usual = studies.default_methods(cohort)
    first = [name for name in usual if name in cohort.inputs] + [name for name in TELLING[:1] if name in usual]
    return [*first, *(name for name in usual if name not in first)]


def prepare_at_start() -> None:
    """The same when the server starts, so that the first visitor waits less."""
    if os.environ.get("MMCORE_PREPARE") != "0":
        prepare(open_cohort(url_state.DEFAULT_COHORT))


def begin(cohort: Cohort) -> Job:
    """Start it for any cohort, with the encoders chosen now."""
    called = _("Standard comparison of {cohort}").format(cohort=cohort.name)
    _no_longer_lost(called)
    return jobs.start(purpose(cohort), _compare, cohort, url_state.encoders(cohort), in_order(cohort), label=called)


def _no_longer_lost(label: str) -> None:
    """What was lost under this name is at work anew."""
    from mmcore.jobs import records

    for lost in records.lost():
        if lost.label == label:
            records.end(lost.id)


def _prepare(
    cohort: Cohort, encoders: Mapping[str, EncoderChoice], methods: Sequence[str], *, progress: Progress
) -> int:
    """Work of the job that nobody asked for: soon something to see, then what can be relied on. Returns the number of
    runs that stay."""
    from mmcore import runs, studies

    quick = studies.StudySettings(seeds=1, plain=False)
    soon = studies.compare(cohort, methods, encoders, quick, progress=stretch_of(progress, 0.0, _SOON))
    finished = _compare(cohort, encoders, methods, progress=stretch_of(progress, _SOON, 1.0))
    for run in soon.runs:
        if not (noted := runs.store().remarks(run.key)).note and not noted.tags:
            with suppress(MMError):  # somebody deleted it before
                runs.store().delete(run.key)
    return finished


def _compare(
    cohort: Cohort, encoders: Mapping[str, EncoderChoice], methods: Sequence[str], *, progress: Progress
) -> int:
    """Work of the job, what pages show first before what they show beside it. Returns the number of runs."""
    from mmcore import studies

    thorough = studies.StudySettings(plain=False)
    comparison = studies.compare(cohort, methods, encoders, thorough, progress=stretch_of(progress, 0.0, _COMPARED))
    shown = most_telling(comparison.by_method)
    if shown is not None:
        studies.explain_run(shown, cohort, progress=stretch_of(progress, _COMPARED, _EXPLAINED))
    specs = [run.spec for run in comparison.runs]
    studies.plain_baselines(cohort, specs, progress=stretch_of(progress, _EXPLAINED, 1.0))
    return len(comparison.runs)


def most_telling(by_method: Mapping[str, Run]) -> Run | None:
    """The run that a newcomer is shown first; None where no method weighs its inputs."""
    return next((by_method[name] for name in TELLING if name in by_method), None)
