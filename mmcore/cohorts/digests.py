"""Content digests of files, remembered by path, size and time of change, so that a file is hashed once.

Paths may name patients: what is written stands under a digest of the path, and sentences without the file's name.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from mmcore import readers
from mmcore.base.errors import BadInput
from mmcore.base.settings import _, room

_PENDING = 500  # digests kept back before they are written
_STAND_INS = "\0\1"  # for names of the file

Fact = tuple[int, int, str]  # size, time of change, digest


class DigestMemo:
    """Digests of files, and what was told of values when they were read. What is written is read from the home folder
    once; what is new is written in batches.

    The memo only saves time: if it cannot be read or written, digests are computed anew.
    """

    def __init__(self) -> None:
        self._written: dict[str, Fact] | None = None
        self._remarks: dict[str, list[str]] = {}
        self._new: dict[str, Fact] = {}
        self._new_remarks: dict[str, list[str]] = {}

    def digest(self, path: Path) -> str:
        """Hex digest of the file's bytes, and the edition of its reader. Raises BadInput if it cannot be read."""
        written, name = self._loaded(), hashlib.blake2b(os.fsencode(path), digest_size=16).hexdigest()
        try:
            now = path.stat()
            size, changed, digest = written.get(name, (-1, -1, ""))
            if (size, changed) != (now.st_size, now.st_mtime_ns):
                with path.open("rb") as file:
                    edition = readers.edition_of(path.suffix, file.read(readers.HEAD))
                    file.seek(0)
                    digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest() + edition
                written[name] = self._new[name] = (now.st_size, now.st_mtime_ns, digest)
        except OSError as error:
            raise BadInput(
                _("{file} cannot be read: {reason}.").format(file=path.name, reason=error.strerror),
                _("Check the file and its permissions."),
            ) from error
        if len(self._new) >= _PENDING:
            self.save()
        return digest

    def remarks(self, digest: str, names: Sequence[str]) -> list[str]:
        """What was told of the value of this digest when it was read. names: what its file is called now, in ways that
        sentences call it, as they were given to `remember`."""
        self._loaded()
        return [
            _with(sentence, dict(zip(_STAND_INS, names, strict=False))) for sentence in self._remarks.get(digest, [])
        ]

    def remember(self, digest: str, remarks: list[str], names: Sequence[str]) -> None:
        self._loaded()
        remarks = [_with(sentence, dict(zip(names, _STAND_INS, strict=False))) for sentence in remarks]
        if self._remarks.get(digest) != remarks:
            self._remarks[digest] = self._new_remarks[digest] = remarks
        if len(self._new_remarks) >= _PENDING:
            self.save()

    def save(self) -> None:
        """Write what is new."""
        rows, self._new = [(name, *facts) for name, facts in self._new.items()], {}
        new, self._new_remarks = self._new_remarks, {}
        remarks = [(digest, json.dumps(sentences)) for digest, sentences in new.items()]
        if not rows and not remarks:
            return
        try:
            with _connect() as memo:
                memo.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", rows)
                memo.executemany("INSERT OR REPLACE INTO sentences VALUES (?, ?)", remarks)
            memo.close()
        except (sqlite3.Error, OSError):
            return

    def _loaded(self) -> dict[str, Fact]:
        if self._written is None:
            self._written, self._remarks = _load()
        return self._written


def _with(sentence: str, others: Mapping[str, str]) -> str:
    for text, other in others.items():
        sentence = sentence.replace(text, other)
    return sentence


def _connect() -> sqlite3.Connection:
    memo = sqlite3.connect(room("cohorts") / "digests.sqlite", timeout=5)
    memo.execute("PRAGMA journal_mode=WAL")
    memo.execute("PRAGMA secure_delete=ON")
    for table in ("contents", "remarks"):  # of earlier versions, with paths
        memo.execute(f"DROP TABLE IF EXISTS {table}")
    memo.execute("CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, size INTEGER, changed INTEGER, digest TEXT)")
    memo.execute("CREATE TABLE IF NOT EXISTS sentences (digest TEXT PRIMARY KEY, sentences TEXT)")
    return memo


def _load() -> tuple[dict[str, Fact], dict[str, list[str]]]:
    try:
        memo = _connect()
        rows = memo.execute("SELECT path, size, changed, digest FROM files")
        written = {path: (size, changed, digest) for path, size, changed, digest in rows}
        remarks = {digest: json.loads(sentences) for digest, sentences in memo.execute("SELECT * FROM sentences")}
        memo.close()
        return written, remarks
    except (sqlite3.Error, OSError, ValueError):
        return {}, {}
