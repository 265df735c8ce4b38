"""The pages there are: every file pages/<section>/<n>_<name>.py is one, in order of its number.

Its address is its name; its icon is found below, or the file says it itself in the first line of its docstring:
`\"\"\":material/bolt: What the page is for.\"\"\"`.
"""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from mmcore.base.settings import _

ROOT = Path(__file__).resolve().parents[2]
HOME = "overview"
SECTIONS = {"start": _("Start"), "explore": _("Explore"), "fuse": _("Fuse"), "study": _("Study")}
TITLES = {
    "overview": _("Overview"),
    "cohort": _("Cohort"),
    "case": _("Case"),
    "features": _("Features"),
    "attention": _("Attention"),
    "train": _("Train"),
    "compare": _("Compare"),
}
ICONS = {
    "overview": "home",
    "cohort": "table_view",
    "case": "clinical_notes",
    "features": "scatter_plot",
    "attention": "visibility",
    "train": "model_training",
    "compare": "leaderboard",
}


def files() -> dict[str, list[Path]]:
    """Section -> page files, in order. Unknown sections come last."""
    found = {path.parent.name: [] for path in sorted((ROOT / "pages").glob("*/[0-9]*_*.py"))}
    for path in sorted((ROOT / "pages").glob("*/[0-9]*_*.py")):
        found[path.parent.name].append(path)
    order = list(SECTIONS)
    return dict(sorted(found.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))


def name_of(path: Path) -> str:
    return path.stem.split("_", 1)[1]


def title_of(name: str) -> str:
    return TITLES.get(name, name.replace("_", " ").capitalize())


def icon_of(path: Path) -> str:
    """As `:material/...:`."""
    # Not by `ast`: CPython 3.11 may fail to parse while other threads do, and every run of every session comes here.
    said = re.match(r"""(?:#.*\n|\s)*(?:\"{3}|'{3})\s*(:material/\w+:)""", path.read_text(encoding="utf-8"))
    return said.group(1) if said else f":material/{ICONS.get(name_of(path), 'article')}:"


def pages() -> dict[str, list]:
    """Section title -> st.Page objects, for st.navigation."""
    return {
        SECTIONS.get(section, section.capitalize()): [
            st.Page(
                path,
                title=title_of(name_of(path)),
                icon=icon_of(path),
                url_path=None if name_of(path) == HOME else name_of(path),
                default=name_of(path) == HOME,
            )
            for path in paths
        ]
        for section, paths in files().items()
    }


def path_of(name: str) -> str | None:
    """Path of a page for st.page_link and st.switch_page, relative to app.py; None if there is no such page."""
    found = [path for paths in files().values() for path in paths if name_of(path) == name]
    return str(found[0].relative_to(ROOT)) if found else None
