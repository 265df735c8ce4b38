"""One piece of work that somebody asked for: what it is, how far it is, and what came of it."""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from mmcore.base import languages
from mmcore.base.errors import Cancelled, MMError
from mmcore.base.progress import Progress, Step
from mmcore.base.settings import _

if TYPE_CHECKING:  # Dask takes half a second to import, which only work needs
    from distributed import Future

State: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled"]
_numbers = itertools.count(1)


class Job:
    """One piece of work. Fields only ever move forward, so any thread may read them at any time.

    step: the latest progress. history: every `live` reading of the work, oldest first. error, hint: what went wrong,
    fit to be shown. owner: whoever asked (a session), or None. language: what that one speaks.
    """

    def __init__(self, label: str, owner: str | None) -> None:
        self.id, self.number, self.label, self.owner = uuid.uuid4().hex[:12], next(_numbers), label, owner
        self.language = languages.language()
        self.state: State = "queued"
        self.created = time.time()
        self.started: float | None = None
        self.ended: float | None = None
        self.step: Step | None = None
        self.history: list[Mapping[str, object]] = []
        self.error, self.hint = "", ""
        self._value: Any = None
        self._failure: BaseException | None = None
        self._finished, self._stop, self._ending = threading.Event(), threading.Event(), threading.Lock()
        self._future: Future | None = None
        self._call: Callable[[Progress], Any] | None = None  # work of an embedded job, which need not be pickled
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
        with self._ending:
            if self._finished.is_set():
                return
            self._value, self._failure, self.ended = value, failure, time.time()
            if isinstance(failure, MMError):
                self.error, self.hint = failure.message, failure.hint
            elif failure is not None:
                self.error = _("'{label}' stopped because of an unexpected error; the log holds the details.").format(
                    label=self.label
                )
            self.state, self._future, self._call = state, None, None
            self._finished.set()
