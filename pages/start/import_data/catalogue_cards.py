"""Public data sets to begin with: what each holds, its licence first, and a way to get it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mmcore.base.progress import Progress
from mmcore.base.settings import _, room, translated
from mmcore.storage.weights import offline
from pages.frame import cohort_picker, jobs, page, url_state
from pages.frame.markdown import escape


def show() -> None:
    """Folded away: a card for each."""
    from mmcore.catalogue import public_cohorts

    with st.expander(_("Public data sets"), icon=":material/public:"):
        st.caption(
            _(
                "Addresses, sizes and licences are given as published when this list was written. Hosts change them: "
                "read the licence at the source before you use the data."
            )
        )
        if offline():
            st.info(_("Downloads are switched off on this server."), icon=":material/cloud_off:")
        with st.grid(2, min_column_width=360):
            for name, entry in public_cohorts.items():
                with st.container(border=True, gap="small", height="stretch"):
                    st.markdown(f"**{escape(translated(entry.title))}** :gray-badge[{escape(entry.licence)}]")
                    words = f"{translated(entry.inputs)}; {translated(entry.task)}"
                    st.markdown(escape(words[:1].upper() + words[1:]))
                    st.caption(
                        f"{escape(entry.citation)} · {escape(entry.home)} · {entry.megabytes:,}\N{NO-BREAK SPACE}MB"
                    )
                    _get(name, translated(entry.title))


def _get(name: str, title: str) -> None:
    place = room("cohorts") / "public" / name
    if (place / "cases.csv").is_file():
        if st.button(_("Open"), key=f"public-open-{name}", icon=":material/folder_open:"):
            cohort_picker.remember(str(place))
            url_state.choose_cohort(str(place))
            page.switch_to("cohort")
        return
    purpose = f"public {name}"
    job = jobs.latest(purpose)
    if job is not None and job.active:
        jobs.watch(job)
    elif job is not None and not jobs.outcome(job):
        st.button(_("Try again"), key=f"public-again-{name}", on_click=jobs.forget, args=(purpose,))
    elif st.button(_("Get it"), key=f"public-get-{name}", icon=":material/download:", disabled=offline()):
        jobs.start(purpose, _fetched, name, place, label=_("Getting {title}").format(title=title))
        st.rerun()


def _fetched(name: str, place: Path, *, progress: Progress) -> list[str]:
    from mmcore.catalogue import get

    return get(name, place, progress)[1]
