"""Results of studies that are read back when nothing that decides them has changed."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Callable
from typing import Any

from mmcore import documents
from mmcore.settings import room


def kept(name: str, decides: Any, make: Callable[[], Any]) -> tuple[Any, bool]:
    """The JSON document that `make` gives, and whether it was known. decides: everything its content depends on.

    Written by atomic rename; a damaged one is made again.
    """
    digest = hashlib.sha256(documents.dumps(decides, indent=None).encode()).hexdigest()[:24]
    path = room("explanations") / f"{name}-{digest}.json"
    try:
        return documents.read(path), True
    except (OSError, ValueError):
        made = documents.plain(make())
    fresh = path.with_name(f".{path.name}-{os.getpid()}-{uuid.uuid4().hex[:6]}")
    documents.write(fresh, made)
    os.replace(fresh, path)
    return made, False
