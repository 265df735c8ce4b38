"""Jobs on a cluster: progress travels as events of Dask on a topic of the job, the wish to stop as one it polls."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mmcore.base import languages
from mmcore.base.errors import Cancelled
from mmcore.base.progress import Step
from mmcore.base.settings import _
from mmcore.jobs.job import Job

if TYPE_CHECKING:  # Dask takes half a second to import, which only work needs
    from distributed import Client, Worker

_BEAT = 0.5  # seconds between messages


def carry_out(id: str, function: Callable[..., Any], args: tuple, options: dict, language: str) -> Any:
    from distributed import get_worker

    worker, label = get_worker(), getattr(function, "__name__", "")
    waiting, last = [], 0.0

    def progress(step: Step) -> None:
        nonlocal last
        if step.live:
            waiting.append({name: _plain(value) for name, value in step.live.items()})
        if time.monotonic() - last < _BEAT and step.done < step.total:
            return
        state = [step.label, int(step.done), int(step.total), step.left, step.whole]
        worker.log_event(f"job-{id}", {"step": state, "live": list(waiting)})
        waiting.clear()
        last = time.monotonic()
        if _must_stop(worker, id):
            raise Cancelled(_("'{label}' was cancelled.").format(label=label))

    progress(Step(label, 0, 0))
    with languages.speaking(language):
        return function(*args, progress=progress, **options)


def _must_stop(worker: Worker, id: str) -> bool:
    """Whether the job's Event is set; asked of the scheduler directly, which spares the worker a client of its own."""
    from distributed.utils import sync

    try:
        return bool(sync(worker.loop, worker.scheduler.event_is_set, name=f"stop-{id}"))
    except OSError:  # the scheduler is out of reach for the moment
        return False


def _plain(value: Any) -> str | int | float | None:
    return value if isinstance(value, (str, int, bool, type(None))) else float(value)


def listen(client: Client, job: Job) -> None:
    from distributed import Event

    def report(event: tuple[float, dict]) -> None:
        message = event[1]
        label, done, total, left, whole = message["step"]
        lives = message["live"] or [{}]
        for live in lives:
            job._report(Step(label or job.label, done, total, live, left, whole))

    client.subscribe_topic(f"job-{job.id}", report)
    job._tell_worker = lambda: Event(f"stop-{job.id}", client=client).set()
