"""The selection of cases: made on one page, in force on all, part of the address, and stored by name.

The address holds it as text (see mmcore.cohorts.selections). One that is too long for an address stays with the
session, and the address says only that there was one.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mmcore.base.errors import MMError
from mmcore.base.settings import _, counted
from mmcore.cohorts import Cohort, selections
from pages.frame import url_state
from pages.frame.markdown import escape

_MOST = 3000  # characters of an address that every browser and mail takes
_STAYS = "session"  # stands in the address for one that is too long
_NO_HINT = "[data-testid=stPopoverBody] [data-testid=InputInstructions] {display: none}"  # it lies over long names
_READ = "_selection_read"  # the text that was read last, the cohort's cases, what it means


def current(cohort: Cohort) -> list[str]:
    """Ids of the selected cases, in the cohort's order; none where nothing is selected or it cannot be read."""
    return _read(cohort)[0]


def problem(cohort: Cohort) -> MMError | None:
    """Why the selection of the address cannot be used; None if it can."""
    return _read(cohort)[1]


def name() -> str:
    """What the selection is called; "" while it has no name."""
    return str(url_state.parameter("selection", "")) if url_state.parameter("selected", "") else ""


def choose(cohort: Cohort, ids: Sequence[str], name: str = "") -> None:
    """Select these cases on every page from now on; none ends the selection."""
    text = selections.as_text(cohort, ids)
    text = text if len(text) <= _MOST else _STAYS
    st.session_state[_READ] = (text, cohort.ids, selections.from_text(cohort, selections.as_text(cohort, ids)), None)
    url_state.set_parameter("selected", text or None)
    url_state.set_parameter("selection", name or None)


def clear(cohort: Cohort) -> None:
    """Select nothing."""
    choose(cohort, [])


def _read(cohort: Cohort) -> tuple[list[str], MMError | None]:
    text = url_state.parameter("selected", "")
    url_state.parameter("selection", "")  # after a page switch the address gets its name back, too
    read = st.session_state.get(_READ)
    if read is not None and read[0] == text and read[1] == cohort.ids:
        return read[2], read[3]
    ids: list[str] = []
    wrong: MMError | None = None
    if text == _STAYS:
        wrong = MMError(_("The selection was too large to be part of this link."), _("Save it by name to share it."))
    elif text:
        try:
            ids = selections.from_text(cohort, text)
        except MMError as error:
            wrong = error
    st.session_state[_READ] = (text, cohort.ids, ids, wrong)
    return ids, wrong


def panel(cohort: Cohort) -> None:
    """In the sidebar: what is selected, and the selections that were saved; nothing where there is neither."""
    ids, wrong = _read(cohort)
    if wrong is not None:
        st.warning(f"{escape(wrong.message)}  \n{escape(wrong.hint)}", icon=":material/filter_alt_off:")
        st.button(_("Clear the selection"), key="selection-drop", on_click=clear, args=(cohort,))
    saved = selections.saved(cohort)
    if not ids and not saved:
        return
    with st.container(border=True, gap="small"):
        if ids:
            called = name()
            count = counted(len(ids), "**{count} case selected**", "**{count} cases selected**")
            st.markdown(count + (f"  \n:small[{escape(called)}]" if called else ""))
            with st.container(horizontal=True, gap="small"):
                with st.popover(_("Save"), icon=":material/bookmark_add:"):
                    _save(cohort, ids)
                st.button(_("Clear"), icon=":material/close:", key="selection-clear", on_click=clear, args=(cohort,))
        if saved:
            with st.popover(_("Saved selections"), icon=":material/bookmarks:", width="stretch"):
                _list(cohort, saved)


def _save(cohort: Cohort, ids: Sequence[str]) -> None:
    with st.form("selection-form", border=False):
        st.html(f"<style>{_NO_HINT}</style>")
        called = st.text_input(_("Name of this selection"), name(), placeholder=_("e.g. women over 70"))
        if st.form_submit_button(_("Save"), type="primary"):
            try:
                saved = selections.save(cohort, called, ids)
            except MMError as error:
                st.error(f"{escape(error.message)} {escape(error.hint)}", icon=":material/error:")
                return
            choose(cohort, saved.ids, saved.name)
            st.rerun()


def _list(cohort: Cohort, saved: Sequence[selections.Selection]) -> None:
    for number, item in enumerate(saved):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.button(
                f"{escape(item.name)} ({len(item.ids)})",
                key=f"selection-load-{number}",
                type="tertiary",
                on_click=choose,
                args=(cohort, item.ids, item.name),
            )
            st.button(
                "",
                icon=":material/delete:",
                key=f"selection-delete-{number}",
                type="tertiary",
                help=_("Delete {name}").format(name=escape(item.name)),
                on_click=selections.delete,
                args=(cohort, item.name),
            )
