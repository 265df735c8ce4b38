"""What is at work, on every page: whatever asked for it, how much of the whole is done, how long still, and a stop."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from pages.frame import jobs
from pages.frame.markdown import escape

BEAT = 1.5  # seconds between two looks
_MOST = 3  # jobs shown; more are counted


def show() -> None:
    """The jobs that are active, redrawn until the last one ends; then the page runs again, for its results."""
    from mmcore.jobs import engine

    _tell_of_lost()
    if not any(job.active for job in engine.jobs()):
        return

    @st.fragment(run_every=BEAT)
    def redrawn() -> None:
        active = [job for job in engine.jobs() if job.active]
        if not active:
            st.rerun()
        with st.container(border=True, gap="small"):
            st.markdown(f":small[**{_('Running')}**]")
            for job in reversed(active[-_MOST:]):
                share, left = jobs.whole(job)
                words = escape(job.label) + (f"\u00a0· {left}" if left else "")  # no line begins with the dot
                st.progress(share, text=f":small[{words}]")
                if st.button(_("Stop"), icon=":material/stop_circle:", key=f"aside-{job.id}", type="tertiary"):
                    job.cancel()
            if len(active) > _MOST:
                st.caption(_("and {count} more waiting").format(count=len(active) - _MOST))

    redrawn()


def _tell_of_lost() -> None:
    """Jobs that a server took with it when it stopped."""
    from mmcore.jobs import records

    for job in records.lost()[:_MOST]:
        with st.container(border=True, gap="small"):
            st.markdown(
                ":small["
                + _("**{label}** was lost when the server stopped. Finished parts are saved; start it again.").format(
                    label=escape(job.label)
                )
                + "]"
            )
            st.button(
                _("Dismiss"), key=f"lost-{job.id}", type="tertiary", icon=":material/close:",
                on_click=records.end, args=(job.id,),
            )  # fmt: skip
