"""Where the data come from: a folder, files or a zip dropped here, or a path on the machine that serves this page.

What is dropped lies in a folder of its own in the home until it is saved or discarded, and is gone a day later.
"""

from __future__ import annotations

import json
import shutil
import uuid
from pathlib import Path, PurePosixPath
from typing import Any

import streamlit as st

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts import json_tables, samples
from mmcore.cohorts.roles import Roles
from mmcore.cohorts.table_files import SUFFIXES, TEXTS
from mmcore.readers import suffixes
from pages.frame import caches, cohort_picker, uploads, url_state
from pages.frame.markdown import escape
from pages.start.import_data import catalogue_cards

_STATE, _TURN, _WAY = "_import", "_import_turn", "_import_way"
_LARGEST = 2000  # MB of one file


def now() -> dict[str, Any] | None:
    """What is being imported: source, table, roles (JSON), dropped (whether it was), of (the cohort that was open).

    At first, and when another cohort is opened meanwhile, the open cohort itself if it is one of somebody's own.
    """
    opened = (url_state.cohort_source(), url_state.roles_text())
    state: dict[str, Any] | None = st.session_state.get(_STATE)
    if state is not None and (state["dropped"] or state["of"] == opened):
        return state
    if opened[0] in samples or not cohort_picker.exists(opened[0]):
        return None
    begin(opened[0], opened[1])
    return st.session_state[_STATE]


def begin(source: str, roles: str = "", *, dropped: bool = False) -> None:
    """Import this from now on."""
    discard()
    st.session_state[_STATE] = {
        "source": source, "table": None, "roles": roles or "{}", "dropped": dropped,
        "of": (url_state.cohort_source(), url_state.roles_text()),
    }  # fmt: skip
    if dropped:
        uploads.on_forget("import", discard)


def discard() -> None:
    """Import nothing; what was dropped is removed."""
    state = st.session_state.pop(_STATE, None)
    uploads.removed("import")
    st.session_state[_TURN] = turn() + 1  # new keys: the browser's widgets start empty
    if state is not None and state["dropped"]:
        shutil.rmtree(Path(state["source"]).parent, ignore_errors=True)


def turn() -> int:
    """Changes whenever widgets have to start anew."""
    return int(st.session_state.setdefault(_TURN, 0))


def roles() -> Roles:
    state = now()
    return caches.read_roles(state["roles"] if state else "")


def choose(roles: Roles) -> None:
    """Say these roles from now on."""
    state = now()
    if state is not None:
        state["roles"] = json.dumps(roles.model_dump(mode="json", exclude_defaults=True))
    st.session_state[_TURN] = turn() + 1


def choose_table(name: str) -> None:
    """Import this one of several tables, with nothing said of its columns yet."""
    state = now()
    if state is not None:
        state |= {"table": name, "roles": "{}"}
    st.session_state[_TURN] = turn() + 1


def ask(named: str = "") -> None:
    """Widgets to bring data in. named: a path that led nowhere, to be mended."""
    ways = {"folder": _("A folder"), "files": _("Files or a zip"), "path": _("A path on this server")}
    way = st.segmented_control(
        _("What do you have?"),
        list(ways),
        default="path" if named else st.session_state.get(_WAY, "folder"),
        required=True,
        format_func=ways.__getitem__,
        key=f"import-way-{turn()}",
    )
    if way == "path":
        _ask_path(named)
        return
    files = st.file_uploader(
        _("Drop a folder here") if way == "folder" else _("Drop a table, its files, or a zip of them here"),
        accept_multiple_files="directory" if way == "folder" else True,
        key=f"import-files-{way}-{turn()}",
        max_upload_size=_LARGEST,
    )
    if files:
        st.session_state[_WAY] = way
        with st.spinner(_("Looking through the files…")):
            begin(str(_staged(files)), dropped=True)
            uploads.take_out(files)
        st.rerun()
    st.caption(
        _(
            "One row for each case: CSV, Excel or Parquet, with columns of values, texts or names of files. "
            "Without a table: a folder for each class, or for each input. An array of signals beside a table "
            "(NPY or NPZ, one row per case) is read too. Nothing leaves the machine that serves this page."
        )
    )
    _readable()
    catalogue_cards.show()


def _readable() -> None:
    """Formats that are read, by what they hold."""
    kinds = {Kind.IMAGE: _("Images"), Kind.SIGNAL: _("Signals"), Kind.TEXT: _("Texts")}
    with st.expander(_("What can be read"), icon=":material/description:"):
        st.markdown(f"**{_('Tables')}**: {escape(' '.join([*SUFFIXES, *json_tables.SUFFIXES, *TEXTS]))}")
        for kind, words in kinds.items():
            st.markdown(f"**{words}**: {escape(' '.join(suffixes(kind)))}")


def _ask_path(named: str) -> None:
    with st.form("import-path", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        path = st.text_input(_("Folder, zip or table on this server"), named, placeholder="/data/my_cohort")
        sent = st.form_submit_button(_("Look at it"), type="primary", icon=":material/search:")
    if sent:
        if not path.strip():
            raise BadInput(_("No folder or file was named."), _("Enter its path on the machine where this app runs."))
        name = path.strip()
        begin(name if name in samples else str(Path(name).expanduser().resolve()))
        st.rerun()


def _staged(files: list[Any]) -> Path:
    """What was dropped, on disk: the folder, the zip, the single table, or a folder of the loose files."""
    place = uploads.dropped() / uuid.uuid4().hex
    names = [PurePosixPath(file.name.replace("\\", "/")).parts for file in files]
    single = len(files) == 1 and len(names[0]) == 1
    folder = place if single else place / (names[0][0] if len({parts[0] for parts in names}) == 1 else _("my files"))
    strip = 1 if not single and len({parts[0] for parts in names}) == 1 and all(len(p) > 1 for p in names) else 0
    for file, parts in zip(files, names, strict=True):
        inside = [part for part in parts[strip:] if part not in ("..", ".", "/")]
        if not inside or any(part.startswith(".") for part in inside):
            continue
        target = folder.joinpath(*inside)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.getbuffer())
    return folder / names[0][0] if single else folder
