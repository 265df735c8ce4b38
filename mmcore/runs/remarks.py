"""What a person notes about a run: tags and a note, kept in the run's folder beside what was sealed.

They decide nothing, so a run with other remarks is the same run; and they go when the run is deleted.
"""

from __future__ import annotations

import contextlib
import os
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from mmcore.base import json_files

_FILE = "remarks"  # without a suffix: what is sealed has one
MOST = 2000  # letters of a note


@dataclass(frozen=True)
class Remarks:
    """note: free text. tags: short words, each once."""

    note: str = ""
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, note: str, tags: str) -> Remarks:
        """As a person writes them: tags divided by commas."""
        parts = (part.strip() for part in tags.split(","))
        return cls(note.strip()[:MOST], tuple(dict.fromkeys(part for part in parts if part)))


def read(folder: Path) -> Remarks:
    """Empty where nothing was noted, or what was noted cannot be read."""
    try:
        document = json_files.read(folder / _FILE)
        return Remarks(str(document["note"]), tuple(map(str, document["tags"])))
    except (OSError, ValueError, KeyError, TypeError):
        return Remarks()


def write(folder: Path, remarks: Remarks) -> None:
    """Whole or not at all. Raises OSError where the folder is gone or full."""
    fresh = folder / f"{_FILE}-{uuid.uuid4().hex[:8]}"
    try:
        json_files.write(fresh, asdict(remarks))
        os.replace(fresh, folder / _FILE)
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink()
