"""Long work asked for by pages: found again after a page switch or a refresh, watched while it runs, cancelled on
request."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from mmcore.base import languages
from mmcore.base.errors import MMError
from mmcore.base.progress import time_left
from mmcore.base.settings import _
from pages.frame.markdown import escape

if TYPE_CHECKING:
    from mmcore.jobs.engine import Job

BEAT = 0.7  # seconds between two looks at a job that runs
_ESTIMATE_FROM = 0.1  # share of the work that must be done before anything is said of the rest


@st.cache_resource(show_spinner=False)
def _board() -> tuple[threading.Lock, dict[str, str]]:
    """What work was for -> id of its latest job, for all sessions."""
    return threading.Lock(), {}


def _in_language(purpose: str) -> str:
    """Work tells of itself in one language, and so does what comes of it: a job is for those who speak that one."""
    return f"{languages.language()}:{purpose}"


def latest(purpose: str) -> Job | None:
    """The latest job for this purpose, active or not, as long as the engine remembers it.

    One that is at it for somebody of another language counts while it is active: the same work is not done twice.
    """
    board = _board()[1]
    own = _remembered(board.get(_in_language(purpose)))
    others = (_remembered(board.get(f"{name}:{purpose}")) for name in languages.LANGUAGES)
    return own or next((job for job in others if job is not None and job.active), None)


def _remembered(id: str | None) -> Job | None:
    from mmcore.jobs import engine

    try:
        return engine.job(id) if id else None
    except MMError:
        return None


def start(purpose: str, function: Callable[..., Any], *args: Any, label: str, **options: Any) -> Job:
    """Start work, or join the job that already does it for this purpose."""
    from mmcore.jobs import engine

    lock, board = _board()
    with lock:
        job = latest(purpose)
        if job is not None and job.active:
            return job
        job = engine.submit(function, *args, label=label, **options)
        board[_in_language(purpose)] = job.id
        return job


def forget(purpose: str) -> None:
    """No longer speak of the job for this purpose."""
    _board()[1].pop(_in_language(purpose), None)


def wait(job: Job, seconds: float) -> None:
    """Give a job that may be quick a moment, so that its progress need not flash by."""
    until = time.monotonic() + seconds
    while job.active and time.monotonic() < until:
        time.sleep(0.03)


def watch(job: Job, draw: Callable[[Job], None] | None = None, *, stamp: Callable[[], object] | None = None) -> None:
    """Progress of an active job with a way to stop it, redrawn until it ends; then the whole page runs again.

    stamp: something the rest of the page depends on; when it changes the whole page runs again, too.
    """
    before = stamp() if stamp else None

    @st.fragment(run_every=BEAT)
    def redrawn() -> None:
        if not job.active or (stamp is not None and stamp() != before):
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center"):
            progress(job)
            if st.button(_("Stop"), icon=":material/stop_circle:", key=f"stop-{job.id}"):
                job.cancel()
        if draw is not None:
            draw(job)

    redrawn()


def progress(job: Job) -> None:
    """One bar of all the work, as the sidebar has it; what is done now, of how much, for how long."""
    if job.state == "queued":
        st.progress(
            0.0,
            text=_("**{label}** waits for its turn: {count} before it").format(
                label=escape(job.label), count=ahead(job)
            ),
        )
        return
    from mmcore.studies.costing import time_in_words  # dear to import, and there where a job is at work

    step = job.step
    share, of_all = whole(job)
    step_label = f" · {escape(step.label)}" if step is not None and step.label != job.label else ""
    counted = f" · {step.done} / {step.total}" if step is not None and step.total else ""
    if step is not None and step.whole is None and step.left is not None:
        of_all = time_left(step.left)
    left = f" · {of_all}" if of_all else ""
    so_far = _("{time} so far").format(time=time_in_words(job.seconds))
    st.progress(share, text=f"**{escape(job.label)}**{step_label}{counted} · {so_far}{left}")


def whole(job: Job) -> tuple[float, str]:
    """How much of all of a job's work is done (0 to 1), and how long it is likely to take still, in words or ""."""
    share = job.step.share if job.step is not None else 0.0
    if job.state == "queued":
        return 0.0, _("waits for its turn")
    if share < _ESTIMATE_FROM or job.seconds < 2 * BEAT:
        return share, ""
    return share, time_left(job.seconds * (1 - share) / share)


def ahead(job: Job) -> int:
    """Active jobs that were asked for earlier."""
    from mmcore.jobs import engine

    return sum(other.active and other.number < job.number for other in engine.jobs())


def outcome(job: Job) -> bool:
    """Say how an ended job ended, if not well; whether it went well."""
    if job.state == "failed":
        st.error(
            f"**{escape(job.error)}**" + (f"  \n{escape(job.hint)}" if job.hint else ""),
            icon=":material/error:",
        )
    elif job.state == "cancelled":
        st.info(
            _("Stopped, as you asked. What was finished is saved; the rest was discarded."),
            icon=":material/stop_circle:",
        )
    return job.state == "done"
