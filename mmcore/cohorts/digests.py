"""Content digests of files, remembered by path, size and time of change, so that a file is hashed once."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from mmcore.base.errors import BadInput
from mmcore.base.settings import _, room

_PENDING = 500  # digests kept back before they are written


class DigestMemo:
    """Digests of files. What is known is read from the home folder once; what is new is written in batches.

    The memo only saves time: if it cannot be read or written, digests are computed anew.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, int, str]] | None = None
        self._new: dict[str, tuple[int, int, str]] = {}

    def digest(self, path: Path) -> str:
        """Hex digest of the file's bytes. Raises BadInput if it cannot be read."""
        if self._known is None:
            self._known = _load()
        name = str(path)
        try:
            now = path.stat()
            size, changed, digest = self._known.get(name, (-1, -1, ""))
            if (size, changed) != (now.st_size, now.st_mtime_ns):
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
                self._known[name] = self._new[name] = (now.st_size, now.st_mtime_ns, digest)
        except OSError as error:
            raise BadInput(
                _("{file} cannot be read: {reason}.").format(file=path.name, reason=error.strerror),
                _("Check the file and its permissions."),
            ) from error
        if len(self._new) >= _PENDING:
            self.save()
        return digest

    def save(self) -> None:
        """Write what is new."""
        rows, self._new = [(name, *facts) for name, facts in self._new.items()], {}
        if not rows:
            return
        try:
            with _connect() as memo:
                memo.executemany("INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?)", rows)
            memo.close()
        except (sqlite3.Error, OSError):
            return


def _connect() -> sqlite3.Connection:
    memo = sqlite3.connect(room("cohorts") / "digests.sqlite", timeout=5)
    memo.execute("PRAGMA journal_mode=WAL")
    memo.execute(
        "CREATE TABLE IF NOT EXISTS digests (path TEXT PRIMARY KEY, size INTEGER, changed INTEGER, digest TEXT)"
    )
    return memo


def _load() -> dict[str, tuple[int, int, str]]:
    try:
        memo = _connect()
        known = {path: (size, changed, digest) for path, size, changed, digest in memo.execute("SELECT * FROM digests")}
        memo.close()
        return known
    except (sqlite3.Error, OSError):
        return {}
