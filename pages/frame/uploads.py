"""The server's store of uploaded files: it keeps them until a session ends, unless they are taken out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx


def take_out(files: Iterable[Any]) -> None:
    """Drop these uploaded files, whose content was read."""
    context = get_script_run_ctx()
    if context is not None:
        store: Any = context.uploaded_file_mgr
        for file in files:
            store.remove_file(context.session_id, file.file_id)


def take_all_out() -> None:
    """Drop every file that this session uploaded."""
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_session_files(context.session_id)
