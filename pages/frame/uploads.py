"""What was uploaded: the server's store keeps it until a session ends, unless it is taken out; what is to be imported
lies in the home folder, a day at most."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mmcore.base.settings import room

_HELD = "_held"
_A_DAY = 24 * 3600.0


def take_out(files: Iterable[Any]) -> None:
    """Drop these uploaded files, whose content was read."""
    context = get_script_run_ctx()
    if context is not None:
        store: Any = context.uploaded_file_mgr
        for file in files:
            store.remove_file(context.session_id, file.file_id)


def dropped() -> Path:
    """Where files that were dropped to be imported lie until they are saved or discarded, each drop in its folder."""
    return room("cohorts") / "dropped"


def sweep() -> None:
    """Remove what was dropped a day ago and neither saved nor discarded."""
    for folder in dropped().glob("*"):
        with suppress(OSError):  # discarded meanwhile
            if time.time() - folder.stat().st_mtime > _A_DAY:
                shutil.rmtree(folder, ignore_errors=True)


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
