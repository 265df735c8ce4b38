"""Work that is done only when the reader asks for it, as a job that outlives the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from mmcore.base.errors import MMError
from mmcore.base.settings import _
from pages.frame import jobs
from pages.frame.markdown import escape
from pages.parts import ready_to_run

PATIENCE = 1.5  # seconds a page waits for a job that may be quick


def result(
    purpose: str,
    work: Callable[..., Any],
    *args: Any,
    label: str,
    offer: str,
    about: str,
    seconds: Callable[[], float],
    at_once: bool = False,
) -> Any:
    """The result of a job that the reader asks for, else the button with the time it takes, or the progress.

    seconds: how long the work will take, about; where it is 0 everything is there already, and nobody need ask.
    at_once: whether the reader has asked for it already.
    """
    job = jobs.latest(purpose)
    if job is None:
        offered = st.empty()  # what is at work is offered no more
        with offered.container():
            if not (at_once or _wanted(purpose, offer, about, seconds)):
                return None
        offered.empty()
        job = jobs.start(purpose, work, *args, label=label)
        with st.spinner(_("Looking for earlier results…")):
            jobs.wait(job, PATIENCE)
    if job.active:
        jobs.watch(job)
        return None
    if jobs.outcome(job):
        return job.result()
    st.button(
        _("Try again"), icon=":material/refresh:", key=f"again-{purpose[:12]}", on_click=jobs.forget, args=(purpose,)
    )
    return None


def _wanted(purpose: str, offer: str, about: str, seconds: Callable[[], float]) -> bool:
    """What the work is, and whether it is to begin: at a press, or by itself where it takes no time."""
    try:
        with st.spinner(_("Estimating the time…")):
            expected = _expected(purpose, seconds)
    except MMError as error:
        st.warning(f"**{escape(error.message)}**  \n{escape(error.hint)}", icon=":material/warning:")
        return False
    if not expected:
        return True
    if about:
        st.markdown(about)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(offer, icon=":material/play_arrow:", key=f"ask-{purpose[:12]}")
        st.caption(ready_to_run.in_words(expected), width="content")
    if pressed:
        _expected.clear()  # once it is done, it takes no time
    return pressed


@st.cache_data(max_entries=64, ttl=600, show_spinner=False)
def _expected(purpose: str, _seconds: Callable[[], float]) -> float:
    return _seconds()
