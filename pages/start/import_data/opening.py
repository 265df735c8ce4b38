"""What will be opened, and the buttons that open it: saved as a folder of its own, or as it lies."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from mmcore.base.progress import Progress
from mmcore.base.settings import _, counted, room
from mmcore.cohorts import Cohort
from mmcore.cohorts.importing import Proposal, imported
from pages.frame import cohort_picker, jobs, page, url_state
from pages.frame.markdown import escape
from pages.start.import_data import source
from pages.start.import_data.columns_table import kinds_in_words

_PURPOSE = "_import_job"


def summary(cohort: Cohort) -> None:
    """Cases, target and inputs, as they would be opened."""
    kinds = {**kinds_in_words(), "table": _("table")}
    with st.container(horizontal=True, gap="small"):
        st.badge(counted(len(cohort), "{count} case", "{count} cases"), icon=":material/groups:", color="gray")
        for name, spec in cohort.inputs.items():
            missing = len(cohort) - int(cohort.present(name).sum())
            words = name if name == kinds[spec.kind] else f"{name}: {kinds[spec.kind]}"
            if len(spec.columns) > 1:
                words += " · " + counted(len(spec.columns), "{count} column", "{count} columns")
            if missing:
                words += " · " + _("{count} missing").format(count=f"{missing:,}")
            st.badge(escape(words), color="blue")
        if cohort.schema.task is None:
            st.badge(_("no target yet"), icon=":material/warning:", color="orange")
        else:
            st.badge(escape(f"{cohort.schema.target}: {_task(cohort)}"), icon=":material/target:", color="green")
        if cohort.groups is not None:
            count = counted(len(set(cohort.groups.tolist())), "{count} group", "{count} groups")
            st.badge(count, icon=":material/workspaces:", color="gray")


def _task(cohort: Cohort) -> str:
    if cohort.schema.task == "regression":
        return _("a number")
    if cohort.schema.task == "survival":
        return _("time to an event")
    if cohort.schema.task == "multilabel":
        return counted(len(cohort.schema.classes), "{count} label", "{count} labels")
    if cohort.positive is None:
        return counted(len(cohort.schema.classes), "{count} class", "{count} classes")
    return _("'{positive}' or not").format(positive=cohort.positive)


def buttons(proposal: Proposal, cohort: Cohort, dropped: bool) -> None:
    """A name and the ways to open; the progress while it is written."""
    purpose = str(st.session_state.get(_PURPOSE, ""))
    job = jobs.latest(purpose) if purpose else None
    if job is not None and job.active:
        jobs.watch(job)
        return
    if job is not None:
        jobs.forget(purpose)
        del st.session_state[_PURPOSE]
        if jobs.outcome(job):
            _open(str(job.result()), "")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        called = _("my files") if dropped and cohort.name == _dropped_into() else cohort.name
        name = st.text_input(_("Name of the cohort"), called, key=f"import-called-{source.turn()}", width=280)
        name = name.strip() or called
        if st.button(_("Save and open"), type="primary", icon=":material/save:"):
            folder = _new_folder(name)
            st.session_state[_PURPOSE] = f"import {folder}"
            label = _("Saving {name}").format(name=name)
            jobs.start(f"import {folder}", _save, proposal, folder, name, label=label)
            st.rerun()
        if not dropped and st.button(_("Open without saving"), icon=":material/folder_open:"):
            state = source.now() or {}
            _open(_path(proposal, state), state.get("roles", "{}").replace("{}", ""))
        if st.button(_("Discard"), icon=":material/close:", type="tertiary"):
            source.discard()
            url_state.choose_cohort(url_state.DEFAULT_COHORT)
            st.rerun()
    st.caption(
        _(
            "Saved as a plain folder on the machine that serves this page: a table, the media, and a file that "
            "describes them. Everybody who uses this server can open it."
        )
    )


def _dropped_into() -> str:
    """The folder that a single file was put into, which has a name of its own making."""
    return Path((source.now() or {}).get("source", "")).parent.name


def _path(proposal: Proposal, state: dict) -> str:
    """What was named; of several tables in a folder, the one that was chosen."""
    return str(proposal.path) if state.get("table") else str(state["source"])


def _save(proposal: Proposal, folder: str, name: str, *, progress: Progress) -> str:
    """Work of the job. Returns the folder."""
    imported(proposal, folder, name, progress)
    return folder


def _new_folder(name: str) -> str:
    """A folder in the home that is not there yet."""
    stem = re.sub(r"[^\w-]+", "_", name).strip("_")[:60] or "cohort"
    base = room("cohorts") / "imported"
    number, folder = 1, base / stem
    while folder.exists():
        number += 1
        folder = base / f"{stem}-{number}"
    return str(folder)


def _open(path: str, roles: str) -> None:
    source.discard()
    cohort_picker.remember(path, roles)
    url_state.choose_cohort(path, roles)
    page.switch_to("cohort")
