"""Results of studies that are read back when nothing that decides them has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mmcore import documents
from mmcore.settings import room, write_whole


def kept(name: str, decides: Any, make: Callable[[], Any]) -> tuple[Any, bool]:
    """The JSON document that `make` gives, and whether it was known. decides: everything its content depends on.

    Written by atomic rename; a damaged one is made again.
    """
    path = _place(name, decides)
    try:
        return documents.read(path), True
    except (OSError, ValueError):
        made = documents.plain(make())
    write_whole(path, documents.dumps(made).encode())
    return made, False


def read_back(name: str, decides: Any) -> Any | None:
    """The document if it is there and whole, else None."""
    try:
        return documents.read(_place(name, decides))
    except (OSError, ValueError):
        return None


def _place(name: str, decides: Any) -> Path:
    digest = hashlib.sha256(documents.dumps(decides, indent=None).encode()).hexdigest()[:24]
    return room("explanations") / f"{name}-{digest}.json"
