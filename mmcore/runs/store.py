"""Where runs are kept: one folder each, and an index that only makes lists quick.

A run is written under a temporary name and renamed when whole, so a killed process leaves nothing that counts. The
folders are the truth, and the index is mended from them.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from mmcore.base import json_files
from mmcore.base.errors import BadInput, NotFound, unknown
from mmcore.base.settings import _, room
from mmcore.evaluation import Interval
from mmcore.evaluation.intervals import VERSION as EVALUATION
from mmcore.runs import remarks
from mmcore.runs.remarks import Remarks
from mmcore.runs.run import Run, RunSummary, seal, whole
from mmcore.runs.run_spec import RunSpec
from mmcore.training import Fitted


class RunStore:
    """The runs of one home folder. Safe for several threads and processes at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        _sweep(root)

    def find(self, key: str) -> Run | None:
        """The run of that key, or None; a damaged one counts as absent."""
        return whole(self.root / key)

    def get(self, prefix: str) -> Run:
        """The run whose key begins so. Raises NotFound, or BadInput if several do."""
        keys = [path.name for path in self._folders()]
        matching = [prefix] if prefix in keys else [key for key in keys if prefix and key.startswith(prefix)]
        if len(matching) > 1:
            raise BadInput(
                _("Several runs begin with '{prefix}'.").format(prefix=prefix),
                _("Give more of the key: {keys}.").format(keys=", ".join(sorted(matching)[:8])),
            )
        run = self.find(matching[0]) if matching else None
        if run is None and matching:
            raise NotFound(
                _("The files of run {key} are damaged, so it is not used.").format(key=matching[0]),
                _("Train it again with the same settings: the new run takes its place."),
            )
        if run is None:
            recent = [summary.key for summary in self.summaries()][:8]
            if not recent:
                raise NotFound(
                    _("There is no run '{prefix}'; none was trained yet.").format(prefix=prefix),
                    _("Train a run first, or give an exported folder."),
                )
            raise unknown(_("run"), prefix, recent)
        return run

    def summaries(self, cohort_key: str | None = None) -> list[RunSummary]:
        """All runs, or those of one cohort, newest first."""
        indexed = self._indexed()
        folders = {path.name for path in self._folders()}
        for key in folders - indexed.keys():
            run = self.find(key)
            if run is not None:
                indexed[key] = run.summary()
                self._index(indexed[key])
        gone = indexed.keys() - folders
        if gone:
            self._forget(gone)
        wanted = [
            summary for key, summary in indexed.items() if key in folders and cohort_key in (None, summary.cohort_key)
        ]
        return sorted(wanted, key=lambda summary: -summary.created)

    def save(
        self,
        spec: RunSpec,
        fitted: Fitted,
        *,
        ids: list[str],
        target: np.ndarray,
        groups: np.ndarray | None,
        digests: np.ndarray,
        metrics: Mapping[str, Interval],
        ranges: Mapping[str, tuple[float, float]] = MappingProxyType({}),
        recordings: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    ) -> Run:
        """Keep a finished run. If another process kept the same run meanwhile, theirs stands.

        ranges: where nearly all numbers of its table inputs lie, by column. recordings: how far the recordings of its
        signal inputs swing, and their rate.
        """
        arrays = {
            "ids": np.array(ids, str),
            "target": target,
            "outputs": fitted.outputs,
            "fold_of": fitted.fold_of,
            "digests": digests,
        }
        if groups is not None:
            arrays["groups"] = _numbered(groups)
        facts = {
            "created": time.time(),
            "cases": int((fitted.fold_of >= 0).sum()),
            "parameters": fitted.parameters,
            "seconds": fitted.seconds,
            "mode": fitted.mode,
            "versions": _versions(),
            "evaluation": EVALUATION,
            "metrics": {name: asdict(interval) for name, interval in metrics.items()},
            "ranges": dict(ranges),
            "recordings": dict(recordings),
        }
        fresh = self.root / f".new-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        try:
            fitted.save(fresh)
            json_files.write(fresh / "spec.json", spec)
            json_files.write(fresh / "metrics.json", facts)
            np.savez_compressed(fresh / "predictions.npz", allow_pickle=False, **arrays)
            seal(fresh)
            self._place(fresh, self.root / spec.key)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        run = Run(self.root / spec.key, cached=False)
        self._index(run.summary())
        return run

    def remarks(self, key: str) -> Remarks:
        """What was noted about the run of that key."""
        return remarks.read(self.root / key)

    def remark(self, key: str, noted: Remarks) -> None:
        """Note this about a run, instead of what was noted. Raises NotFound if it is not there."""
        try:
            remarks.write(self.root / self.get(key).key, noted)
        except OSError as error:
            raise BadInput(
                _("Your note on run {key} could not be saved.").format(key=key[:8]),
                _("Check the free space and permissions of the home folder."),
            ) from error

    def delete(self, key: str) -> None:
        """Remove a run for good: it is gone from every list at once. Raises NotFound if it is not there."""
        folder = self.root / self.get(key).key
        aside = self.root / f".new-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        with suppress(FileNotFoundError):  # another process was quicker
            os.rename(folder, aside)
        shutil.rmtree(aside, ignore_errors=True)
        self._forget({folder.name})

    def _place(self, fresh: Path, final: Path) -> None:
        for _attempt in range(5):
            try:
                os.rename(fresh, final)
                return
            except OSError:
                if not final.is_dir():
                    raise
                if whole(final) is not None:
                    return
                aside = self.root / f".new-{os.getpid()}-{uuid.uuid4().hex[:8]}"
                try:
                    os.rename(final, aside)  # damaged: out of the way
                except FileNotFoundError:
                    continue  # another process was quicker
                shutil.rmtree(aside, ignore_errors=True)
        raise BadInput(
            _("The run could not be written to {folder}.").format(folder=final),
            _("Check the free space and permissions of the home folder."),
        )

    def _folders(self) -> list[Path]:
        return [path for path in self.root.iterdir() if path.is_dir() and not path.name.startswith(".")]

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        path = self.root.parent / "index.sqlite"
        with closing(sqlite3.connect(path, timeout=10)) as index, index:
            index.execute("PRAGMA journal_mode=WAL")
            index.execute("CREATE TABLE IF NOT EXISTS runs (key TEXT PRIMARY KEY, summary TEXT NOT NULL)")
            yield index

    def _indexed(self) -> dict[str, RunSummary]:
        try:
            with self._connection() as index:
                rows = index.execute("SELECT key, summary FROM runs").fetchall()
            read = {key: _summary_of(text) for key, text in rows}
            return {key: summary for key, summary in read.items() if summary is not None}
        except sqlite3.OperationalError:  # somebody else is writing; the folders say it all
            return {}
        except sqlite3.DatabaseError:  # damaged: the folders say it all
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self.root.parent / 'index.sqlite'}{suffix}").unlink(missing_ok=True)
            return {}

    def _index(self, summary: RunSummary) -> None:
        self._change(
            "INSERT OR REPLACE INTO runs VALUES (?, ?)", [(summary.key, json_files.dumps(asdict(summary), indent=None))]
        )

    def _forget(self, keys: set[str]) -> None:
        self._change("DELETE FROM runs WHERE key = ?", [(key,) for key in keys])

    def _change(self, statement: str, rows: list[tuple]) -> None:
        try:
            with self._connection() as index:
                index.executemany(statement, rows)
        except sqlite3.Error:  # the next list mends it
            return


def store() -> RunStore:
    """The runs of the present home folder."""
    return RunStore(room("runs"))


_summaries = TypeAdapter(RunSummary)


def _summary_of(text: str) -> RunSummary | None:
    """A row of the index; None for one that is damaged or that an earlier version measured: it is summed up anew."""
    try:
        row = json.loads(text)
        unknown = {name: float("nan") for name in ("mean", "low", "high") if row[name] is None}
        summary = _summaries.validate_python({**row, **unknown})
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return summary if summary.evaluation == EVALUATION and "evaluation" in row else None


def _numbered(groups: np.ndarray) -> np.ndarray:
    """[N] str: numbers in place of groups, in the same order; scores ask only which cases share one, and a name may be
    that of a person."""
    codes = np.unique(np.asarray(groups, str), return_inverse=True)[1]
    return np.char.zfill(codes.astype(str), len(str(len(codes))))


def _versions() -> dict[str, str]:
    versions = {}
    for name in ("torch", "numpy", "scikit-learn", "transformers", "timm"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


_swept: set[Path] = set()


def _sweep(root: Path) -> None:
    """Once a process: remove what killed writers left (named after a process that is gone, or old)."""
    if root in _swept:
        return
    _swept.add(root)
    for path in root.glob(".new-*"):
        try:
            writer, old = int(path.name.split("-")[1]), time.time() - path.stat().st_mtime > 86400
        except (OSError, ValueError, IndexError):
            continue
        if old or not _alive(writer):
            shutil.rmtree(path, ignore_errors=True)


def _alive(process: int) -> bool:
    if os.name == "nt":  # there, signal 0 would end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OSError):
        return True
    return True
