"""The pages there are: every file pages/<section>/<n>_<name>.py is one, in the order of its number.

The name is its address. Its title and icon stand in the file itself, as the first words of its `PAGE = Page(...)`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import streamlit as st

from mmcore.base.settings import _

ROOT = Path(__file__).resolve().parents[2]
HOME = "overview"
# Read as text: a screen must not be run to be listed, and one that cannot be parsed is listed, too. Nor by `ast`:
# CPython 3.11 may fail to parse while other threads do, and every run of every session comes here.
_DECLARED = re.compile(r"^PAGE = Page\(\s*_\(\"(?P<title>[^\"]+)\"\),\s*\"(?P<icon>:material/\w+:)\"", re.MULTILINE)


def sections() -> dict[str, str]:
    """Folder -> its title, in order; other folders come after these under their own name."""
    titles = {"start": _("Start"), "explore": _("Explore"), "fuse": _("Fuse"), "study": _("Study")}
    return titles | {"learn": _("Learn")}


def files() -> dict[str, list[Path]]:
    """Section -> page files, in order."""
    by_section: dict[str, list[Path]] = {name: [] for name in sections()}
    for path in sorted((ROOT / "pages").glob("*/[0-9]*_*.py")):
        by_section.setdefault(path.parent.name, []).append(path)
    return {name: paths for name, paths in by_section.items() if paths}


def name_of(path: Path) -> str:
    """The page's address and the name that links use."""
    return path.stem.split("_", 1)[1]


def title_of(path: Path) -> str:
    return _(_declared(path, path.stat().st_mtime_ns)[0])


def icon_of(path: Path) -> str:
    """As `:material/...:`."""
    return _declared(path, path.stat().st_mtime_ns)[1]


@lru_cache(maxsize=256)
def _declared(path: Path, changed: int) -> tuple[str, str]:
    """Title and icon of a screen; its name and a plain sign where it states none. changed: when the file did."""
    declared = _DECLARED.search(path.read_text(encoding="utf-8", errors="replace"))
    if declared is None:
        return name_of(path).replace("_", " ").capitalize(), ":material/article:"
    return declared["title"], declared["icon"]


def pages() -> dict[str, list[st.Page]]:
    """Section title -> pages, for st.navigation."""
    titles = sections()
    return {
        titles.get(section, section.capitalize()): [
            st.Page(
                path,
                title=title_of(path),
                icon=icon_of(path),
                url_path=None if name_of(path) == HOME else name_of(path),
                default=name_of(path) == HOME,
            )
            for path in paths
        ]
        for section, paths in files().items()
    }


def path_of(name: str) -> Path | None:
    """The file of a page; None if there is no such page."""
    return next((path for paths in files().values() for path in paths if name_of(path) == name), None)
