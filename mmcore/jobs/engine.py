"""Where work is carried out: jobs that queue, show progress, can be cancelled, and outlive whoever asked for them.

Jobs run on Dask `distributed`: inside this process by default (no ports, no further processes), or on the cluster
whose scheduler MMCORE_SCHEDULER names. Workers of a cluster need mmcore and the same MMCORE_HOME (a shared folder).
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from mmcore.base import settings
from mmcore.base.errors import Cancelled, MMError, unknown
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.jobs import cluster

if TYPE_CHECKING:
    from distributed import Client, Future, Worker

State = Literal["queued", "running", "done", "failed", "cancelled"]
KEPT = 100  # finished jobs remembered
_log = logging.getLogger(__name__)
_lock = threading.RLock()
_jobs: dict[str, Job] = {}
_calls: dict[str, Callable[[Progress], Any]] = {}  # work of embedded jobs, which need not be pickled
_clients: dict[str | None, Client] = {}  # by scheduler address
_number = itertools.count(1)


class Job:
    """One piece of work. Fields only ever move forward, so any thread may read them at any time.

    step: the latest progress. history: every `live` reading of the work, oldest first. error, hint: what went wrong,
    fit to be shown. owner: whoever asked (a session), or None.
    """

    def __init__(self, label: str, owner: str | None) -> None:
        self.id, self.number, self.label, self.owner = uuid.uuid4().hex[:12], next(_number), label, owner
        self.state: State = "queued"
        self.created = time.time()
        self.started: float | None = None
        self.ended: float | None = None
        self.step: Step | None = None
        self.history: list[Mapping[str, object]] = []
        self.error, self.hint = "", ""
        self._value: Any = None
        self._failure: BaseException | None = None
        self._finished, self._stop = threading.Event(), threading.Event()
        self._future: Future | None = None
        self._tell_worker: Callable[[], None] = self._stop.set

    @property
    def active(self) -> bool:
        """Queued or running."""
        return not self._finished.is_set()

    @property
    def seconds(self) -> float:
        """Time at work so far, queueing aside."""
        return 0.0 if self.started is None else (self.ended or time.time()) - self.started

    def result(self, timeout: float | None = None) -> Any:
        """Wait for the result. Raises what the work raised, Cancelled, or TimeoutError."""
        if not self._finished.wait(timeout):
            raise TimeoutError(_("'{label}' is not finished yet.").format(label=self.label))
        if self._failure is not None:
            raise self._failure
        return self._value

    def cancel(self) -> None:
        """Ask the work to stop: at once if it is still queued, else when it next reports its progress."""
        if not self.active:
            return
        self._stop.set()
        if self.state == "queued" and self._future is not None:
            self._future.cancel()
            self._end("cancelled", failure=Cancelled(_("'{label}' was cancelled.").format(label=self.label)))
        else:
            self._tell_worker()

    def _report(self, step: Step) -> None:
        if self.state == "queued":
            self.state, self.started = "running", time.time()
        self.step = step
        if step.live:
            self.history.append(dict(step.live))

    def _end(self, state: State, value: Any = None, failure: BaseException | None = None) -> None:
        with _lock:
            if self._finished.is_set():
                return
            self._value, self._failure, self.ended = value, failure, time.time()
            if isinstance(failure, MMError):
                self.error, self.hint = failure.message, failure.hint
            elif failure is not None:
                self.error = _("'{label}' stopped because of an unexpected error; the log holds the details.").format(
                    label=self.label
                )
            self.state, self._future = state, None
            self._finished.set()
        _calls.pop(self.id, None)


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
    if address is None:
        _calls[job.id] = lambda progress: function(*args, progress=progress, **options)
        job._future = client.submit(_carry_out_here, job.id, key=f"job-{job.id}", pure=False)
    else:
        _listen(client, job)
        job._future = client.submit(_carry_out_there, job.id, function, args, options, key=f"job-{job.id}", pure=False)
    job._future.add_done_callback(lambda future: _settle(job, future))
    return job


def run(function: Callable[..., Any], *args: Any, progress: Progress = silent, label: str = "", **options: Any) -> Any:
    """Carry out and wait: in this thread, or on the cluster where MMCORE_SCHEDULER names one."""
    if settings.scheduler() is None:
        return function(*args, progress=progress, **options)
    job, told = submit(function, *args, label=label or function.__name__, **options), None
    try:
        while job.active:
            job._finished.wait(0.2)
            if job.step is not None and job.step is not told:
                told = job.step
                progress(told)
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
    for job in finished[: max(0, len(finished) - KEPT)]:
        del _jobs[job.id]


def _settle(job: Job, future: Future) -> None:
    """Take over how a future ended. Runs on a thread of the client."""
    if not job.active:
        return
    try:
        failure = (
            None
            if future.status == "finished"
            else future.exception()
            if future.status == "error"
            else Cancelled(_("'{label}' was cancelled.").format(label=job.label))
        )
        value = future.result() if failure is None else None
    except Exception as error:  # the connection broke between the two
        failure, value = error, None
    if failure is None:
        job._end("done", value)
    elif isinstance(failure, Cancelled):
        job._end("cancelled", failure=failure)
    else:
        if not isinstance(failure, MMError):
            _log.error("job '%s' failed", job.label, exc_info=failure)
        job._end("failed", failure=failure)


# Embedded: the work reports straight to the job.


def _carry_out_here(id: str) -> Any:
    job, call = _jobs.get(id), _calls.get(id)
    if job is None or call is None or job._stop.is_set():
        raise Cancelled(_("The job was cancelled."))

    def progress(step: Step) -> None:
        if job._stop.is_set():
            raise Cancelled(_("'{label}' was cancelled.").format(label=job.label))
        job._report(step)

    progress(Step(job.label, 0, 0))
    return call(progress)


# Cluster: progress travels as Dask events on a topic of the job, the wish to stop as a Dask Event that is polled.

_BEAT = 0.5  # seconds between messages


def _carry_out_there(id: str, function: Callable[..., Any], args: tuple, options: dict) -> Any:
    from distributed import get_worker

    worker, label = get_worker(), getattr(function, "__name__", "")
    waiting, last = [], 0.0

    def progress(step: Step) -> None:
        nonlocal last
        if step.live:
            waiting.append({name: _plain(value) for name, value in step.live.items()})
        if time.monotonic() - last < _BEAT and step.done < step.total:
            return
        told = [step.label, int(step.done), int(step.total), step.left]
        worker.log_event(f"job-{id}", {"step": told, "live": list(waiting)})
        waiting.clear()
        last = time.monotonic()
        if _told_to_stop(worker, id):
            raise Cancelled(_("'{label}' was cancelled.").format(label=label))

    progress(Step(label, 0, 0))
    return function(*args, progress=progress, **options)


def _told_to_stop(worker: Worker, id: str) -> bool:
    """Whether the job's Event is set; asked of the scheduler directly, which spares the worker a client of its own."""
    from distributed.utils import sync

    try:
        return bool(sync(worker.loop, worker.scheduler.event_is_set, name=f"stop-{id}"))
    except OSError:  # the scheduler is out of reach for the moment
        return False


def _plain(value: Any) -> str | int | float | None:
    return value if isinstance(value, (str, int, bool, type(None))) else float(value)


def _listen(client: Client, job: Job) -> None:
    from distributed import Event

    def heard(event: tuple[float, dict]) -> None:
        message = event[1]
        label, done, total, left = message["step"]
        lives = message["live"] or [{}]
        for live in lives:
            job._report(Step(label or job.label, done, total, live, left))

    client.subscribe_topic(f"job-{job.id}", heard)
    job._tell_worker = lambda: Event(f"stop-{job.id}", client=client).set()


def _client(address: str | None) -> Client:
    """The client of that scheduler, or of the embedded one; started on first use."""
    with _lock:
        client = _clients.get(address)
        if client is None or client.status != "running":
            client = _clients[address] = _embedded() if address is None else cluster.connect(address)
        return client


def _embedded() -> Client:
    import os

    import dask
    from distributed import Client, Scheduler, SpecCluster, Worker

    class Portless:
        """A server reached in memory only: Dask would otherwise open a port for its status pages."""

        def start_http_server(self, *args: object, **options: object) -> None:
            return None

    quiet_scheduler = type("EmbeddedScheduler", (Portless, Scheduler), {})
    quiet_worker = type("EmbeddedWorker", (Portless, Worker), {})
    # memory_limit 0: the limit would count the whole process, and pause the work when pages hold much.
    at_once = max(2, (os.cpu_count() or 2) // 2)
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with dask.config.set({"distributed.worker.profile.enabled": False}):
        inside = SpecCluster(
            scheduler={"cls": quiet_scheduler, "options": {"protocol": "inproc://", "dashboard": False}},
            workers={
                0: {"cls": quiet_worker, "options": {"protocol": "inproc://", "nthreads": at_once, "memory_limit": 0}}
            },
            silence_logs=logging.CRITICAL,
        )
        return Client(inside, set_as_default=False)
