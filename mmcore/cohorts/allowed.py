"""Which folders of this machine may be opened: all of them, or those that MMCORE_FOLDERS names.

Whoever serves the app to others sets MMCORE_FOLDERS (several are set apart as in PATH). What was brought through the
browser lies in the home folder and can always be opened.
"""

from __future__ import annotations

import os
from pathlib import Path

from mmcore.base.errors import BadInput
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, home

VARIABLE = "MMCORE_FOLDERS"


def limited() -> bool:
    """Whether only some folders may be opened."""
    return VARIABLE in os.environ


def folders() -> list[Path]:
    """The folders that MMCORE_FOLDERS names."""
    names = os.environ.get(VARIABLE, "").split(os.pathsep)
    return [Path(name).expanduser().resolve() for name in names if name.strip()]


def may_open(path: str | Path) -> bool:
    """Whether this file or folder lies, links followed, where one may be opened."""
    if not limited():
        return True
    try:
        place = Path(path).expanduser().resolve()
    except (OSError, RuntimeError, ValueError):
        return False
    return any(place.is_relative_to(folder) for folder in [*folders(), (home() / "cohorts").resolve()])


def require_allowed(path: str | Path) -> None:
    """Raises BadInput for what may not be opened, whether it is there or not."""
    if not may_open(path):
        listed = list_of(map(str, folders())) or _("none")
        raise BadInput(
            _("{path} lies outside the folders that this server opens.").format(path=str(path)[:200]),
            _("Bring the files through the browser, or open something below: {folders}.").format(folders=listed),
        )
