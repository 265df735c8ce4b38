"""The language of a session: chosen in the sidebar and kept in the link, else that of the browser."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mmcore.base import languages
from mmcore.base.settings import _
from pages.frame import url_state

_KEY, _CHOICE = "_language", "language-choice"


def settle() -> None:
    """What this session speaks from now on; at the beginning of every run, before anything is said."""
    languages.ask_language_of(_of_session)
    chosen = languages.meant(url_state.parameter("lang", "")) or languages.meant(st.context.locale)
    if chosen is None:
        st.session_state.pop(_KEY, None)
    else:
        st.session_state[_KEY] = chosen


def _of_session() -> str | None:
    """What the session at work speaks; None in a thread that belongs to none."""
    at_work = get_script_run_ctx(suppress_warning=True)
    return None if at_work is None else st.session_state.get(_KEY)


def picker() -> None:
    """A choice among the languages, each under its own name."""
    st.session_state[_CHOICE] = languages.language()
    st.segmented_control(
        _("Language"),
        list(languages.LANGUAGES),
        format_func=languages.LANGUAGES.__getitem__,
        key=_CHOICE,
        required=True,
        label_visibility="collapsed",
        on_change=lambda: url_state.set_parameter("lang", st.session_state[_CHOICE]),
    )
