"""Where work is carried out: jobs that queue, show progress, can be cancelled, and outlive whoever asked for them.

Jobs run on Dask `distributed`: inside this process by default (no ports, no further processes), or on the cluster
whose scheduler MMCORE_SCHEDULER names. Workers of a cluster need mmcore and the same MMCORE_HOME (a shared folder).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mmcore.base import languages, settings
from mmcore.base.errors import Cancelled, MMError, Unavailable, unknown
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.jobs import cluster, embedded, records, remote
from mmcore.jobs.job import Job

if TYPE_CHECKING:  # Dask takes half a second to import, which only work needs
    from distributed import Client, Future

REMEMBERED = 100  # finished jobs remembered
_log = logging.getLogger(__name__)
_lock = threading.RLock()
_jobs: dict[str, Job] = {}
_clients: dict[str | None, Client] = {}  # by scheduler address


def submit(function: Callable[..., Any], *args: Any, label: str, owner: str | None = None, **options: Any) -> Job:
    """Start `function(*args, progress=..., **options)` as a job, and return at once.

    Raises Unavailable if MMCORE_SCHEDULER names a scheduler that does not answer.
    """
    address = settings.scheduler()
    client = _client(address)
    job = Job(label, owner)
    with _lock:
        _jobs[job.id] = job
        _forget_old()
    records.begin(job)
    if address is None:
        spoken = languages.in_this_language(function)
        job._call = lambda progress: spoken(*args, progress=progress, **options)
        job._future = client.submit(_carry_out, job.id, key=f"job-{job.id}", pure=False)
    else:
        remote.listen(client, job)
        job._future = client.submit(
            remote.carry_out, job.id, function, args, options, job.language, key=f"job-{job.id}", pure=False
        )
    job._future.add_done_callback(lambda future: _settle(job, future))
    return job


def run(function: Callable[..., Any], *args: Any, progress: Progress = silent, label: str = "", **options: Any) -> Any:
    """Carry out and wait: in this thread, or on the cluster where MMCORE_SCHEDULER names one."""
    if settings.scheduler() is None:
        return function(*args, progress=progress, **options)
    job, latest = submit(function, *args, label=label or function.__name__, **options), None
    try:
        while job.active:
            job._finished.wait(0.2)
            if job.step is not None and job.step is not latest:
                latest = job.step
                progress(latest)
    except BaseException:  # the one who waits was interrupted: the work has nobody left to wait for it
        job.cancel()
        raise
    return job.result()


def jobs(owner: str | None = None) -> list[Job]:
    """Jobs of this process, newest first; of one owner, or all."""
    with _lock:
        return sorted(
            (job for job in _jobs.values() if owner is None or job.owner == owner), key=lambda job: -job.number
        )


def job(id: str) -> Job:
    """The job of that id. Raises NotFound."""
    with _lock:
        if id not in _jobs:
            raise unknown(_("job"), id, _jobs)
        return _jobs[id]


def _forget_old() -> None:
    finished = sorted((job for job in _jobs.values() if not job.active), key=lambda job: job.number)
    for job in finished[: max(0, len(finished) - REMEMBERED)]:
        del _jobs[job.id]


def _settle(job: Job, future: Future) -> None:
    """Take over how a future ended. Runs on a thread of the client."""
    records.end(job.id)
    if job.active:
        with languages.speaking(job.language):
            _take_over(job, future)


def _take_over(job: Job, future: Future) -> None:
    try:
        failure = (
            None
            if future.status == "finished"
            else future.exception()
            if future.status == "error"
            else Cancelled(_("'{label}' was cancelled.").format(label=job.label))
            if job._stop.is_set()
            else _lost(job)
        )
        value = future.result() if failure is None else None
    except Exception:  # the connection broke between the two
        failure, value = _lost(job), None
    if failure is None:
        job._end("done", value)
    elif isinstance(failure, Cancelled):
        job._end("cancelled", failure=failure)
    else:
        if not isinstance(failure, MMError):
            _log.error("job '%s' failed", job.label, exc_info=failure)
        job._end("failed", failure=failure)


def _lost(job: Job) -> Unavailable:
    return Unavailable(
        _("'{label}' was lost with the server that it ran on.").format(label=job.label),
        _("Finished parts are saved. Start it again once the server is back."),
    )


def _carry_out(id: str) -> Any:
    """Embedded: the work reports straight to the job."""
    job = _jobs.get(id)
    call = None if job is None else job._call
    if job is None or call is None or job._stop.is_set():
        raise Cancelled(_("The job was cancelled."))

    def progress(step: Step) -> None:
        if job._stop.is_set():
            raise Cancelled(_("'{label}' was cancelled.").format(label=job.label))
        job._report(step)

    progress(Step(job.label, 0, 0))
    return call(progress)


def _client(address: str | None) -> Client:
    """The client of that scheduler, or of the embedded one; started on first use."""
    with _lock:
        client = _clients.get(address)
        if client is None or client.status != "running":
            client = _clients[address] = embedded.start() if address is None else cluster.connect(address)
        return client
