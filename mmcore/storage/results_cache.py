"""Results of studies that are read back when nothing that decides them has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mmcore.base import json_files
from mmcore.base.settings import room, write_whole


def kept(name: str, decides: Any, make: Callable[[], Any]) -> tuple[Any, bool]:
    """The JSON document that `make` gives, and whether it was known. decides: everything its content depends on.

    Written by atomic rename; a damaged one is made again.
    """
    path = _place(name, decides)
    try:
        return json_files.read(path), True
    except (OSError, ValueError):
        made = json_files.plain(make())
    write_whole(path, json_files.dumps(made).encode())
    return made, False


def read_back(name: str, decides: Any) -> Any | None:
    """The document if it is there and whole, else None."""
    try:
        return json_files.read(_place(name, decides))
    except (OSError, ValueError):
        return None


def _place(name: str, decides: Any) -> Path:
    digest = hashlib.sha256(json_files.dumps(decides, indent=None).encode()).hexdigest()[:24]
    return room("explanations") / f"{name}-{digest}.json"
