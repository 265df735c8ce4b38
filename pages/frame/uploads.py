"""The server's store of uploaded files: it keeps them until a session ends, unless they are taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_HELD = "_held"


def take_out(files: Iterable[Any]) -> None:
    """Drop these uploaded files, whose content was read."""
    context = get_script_run_ctx()
    if context is not None:
        store: Any = context.uploaded_file_mgr
        for file in files:
            store.remove_file(context.session_id, file.file_id)


def on_forget(name: str, action: Callable[[], None]) -> None:
    """Something else that this session brought in, and how it is removed when its reader wants it forgotten."""
    st.session_state.setdefault(_HELD, {})[name] = action


def removed(name: str) -> None:
    """It is gone already."""
    st.session_state.get(_HELD, {}).pop(name, None)


def held() -> bool:
    """Whether there is anything of that kind."""
    return bool(st.session_state.get(_HELD))


def take_all_out() -> None:
    """Drop every file that this session uploaded, and what was made of them."""
    for action in list(st.session_state.get(_HELD, {}).values()):
        action()
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_session_files(context.session_id)
