"""Work that is done only when the reader asks for it, as a job that outlives the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.frame import jobs


def result(purpose: str, work: Callable[..., Any], *args: Any, label: str, offer: str, about: str) -> Any:
    """The result of a job that the reader asks for, else the button or the progress."""
    job = jobs.latest(purpose)
    if job is None:
        st.markdown(about)
        if not st.button(offer, icon=":material/play_arrow:", key=f"ask-{purpose[:12]}"):
            return None
        jobs.wait(jobs.start(purpose, work, *args, label=label), 1.5)
        st.rerun()
    if job.active:
        jobs.watch(job)
        return None
    return job.result() if jobs.outcome(job) else None
