"""A shelf of safetensors files, each holding the tokens of some cases, found by the digest of what was encoded.

A shard says the digest of its own content. It is compared before anything is read of the shard: one that was damaged
since it was written is removed, and its cases are encoded again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from mmcore.base.errors import BadInput
from mmcore.base.settings import _, write_whole
from mmcore.storage import sparse_rows

_log = logging.getLogger(__name__)
_ABANDONED = 24 * 3600.0  # seconds after which a half-written file has no writer any more


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the tokens of one value lie: rows start..start+count of the tokens, row `position` of "pooled"."""

    path: Path
    position: int
    start: int
    count: int


class Shelf:
    """The shards of one encoder. A shard is written whole or not at all and never changes, so readers need no lock.

    entries: digest -> Entry. A shard that is broken or of another shape is removed, and its cases are encoded again.
    """

    def __init__(self, folder: Path, dims: int, dtype: str) -> None:
        self.folder, self.dims, self.dtype = folder, dims, dtype
        self.entries: dict[str, Entry] = {}
        self._names: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        self.refresh()

    def refresh(self) -> None:
        """Take in shards that were written since."""
        for name in sorted(set(_names(self.folder)) - self._names):
            self._names.add(name)
            self._take_in(self.folder / name)

    def check(self, digests: Iterable[str]) -> None:
        """Compare the content of the shards that hold these values with what was written; drop those that differ."""
        for path in {self.entries[digest].path for digest in digests if digest in self.entries}:
            if not _whole(path):
                self._drop(path, "its content is not what was written")

    def add(self, cases: Mapping[str, np.ndarray]) -> None:
        """Keep digest -> tokens [n_i, D] as one shard."""
        tokens = list(cases.values())
        arrays = {
            **sparse_rows.packed(np.concatenate(tokens).astype(self.dtype)),
            "pooled": np.stack([case.mean(0, dtype=np.float32) for case in tokens]),
            "counts": np.array([len(case) for case in tokens], dtype=np.int64),
        }
        digests = json.dumps(list(cases))
        path = self.folder / f"{hashlib.sha256(digests.encode()).hexdigest()[:24]}.safetensors"
        write_whole(path, save(arrays, metadata={"digests": digests, "content": _digest_of(digests, arrays)}))
        self._names.add(path.name)
        self._take_in(path)

    def _take_in(self, path: Path) -> None:
        try:
            with safe_open(path, "np") as shard:  # checks that header and size of the file agree
                metadata = shard.metadata() or {}
                digests = json.loads(metadata["digests"])
                if "content" not in metadata:
                    raise ValueError("written by a version that kept no digest of its content")
                counts = shard.get_tensor("counts")
                shapes = [sparse_rows.shape_of(shard, self.dims), shard.get_slice("pooled").get_shape()]
                if shapes != [[int(counts.sum()), self.dims], [len(digests), self.dims]]:
                    raise ValueError(f"unexpected shapes {shapes}")
        except FileNotFoundError:
            return
        except (SafetensorError, OSError, KeyError, ValueError) as error:
            self._drop(path, error)
            return
        starts = np.concatenate([[0], np.cumsum(counts)])
        for i, digest in enumerate(digests):
            self.entries.setdefault(digest, Entry(path, i, int(starts[i]), int(counts[i])))

    def _drop(self, path: Path, why: object) -> None:
        _log.warning("removing the broken shard %s: %s", path, why)
        path.unlink(missing_ok=True)
        self._names.discard(path.name)
        self.entries = {digest: entry for digest, entry in self.entries.items() if entry.path != path}

    def _sweep(self) -> None:
        for path in self.folder.glob("*.writing"):
            try:
                if time.time() - path.stat().st_mtime > _ABANDONED:
                    path.unlink()
            except FileNotFoundError:
                continue


def read_tokens(entries: Sequence[Entry | None]) -> Iterator[tuple[int, np.ndarray]]:
    """(position in `entries`, tokens [n, D]) of every entry that is not None, shard by shard.

    Raises BadInput if a shard is gone.
    """
    for path, wanted in _by_shard(entries).items():
        with _opened(path) as shard:
            dims = shard.get_slice("pooled").get_shape()[1]
            for i, entry in wanted:
                yield i, sparse_rows.rows(shard, entry.start, entry.start + entry.count, dims)


def read_pooled(entries: Sequence[Entry | None]) -> Iterator[tuple[list[int], np.ndarray]]:
    """(n positions in `entries`, averages [n, D] over each one's tokens) of all that are not None, shard by shard.

    Raises BadInput if a shard is gone.
    """
    for path, wanted in _by_shard(entries).items():
        with _opened(path) as shard:
            pooled = shard.get_tensor("pooled")[[entry.position for _i, entry in wanted]]
            yield [i for i, _entry in wanted], pooled


def _by_shard(entries: Sequence[Entry | None]) -> dict[Path, list[tuple[int, Entry]]]:
    """By shard, the entries it holds with their positions."""
    by_shard: dict[Path, list[tuple[int, Entry]]] = defaultdict(list)
    for i, entry in enumerate(entries):
        if entry is not None:
            by_shard[entry.path].append((i, entry))
    return by_shard


@contextmanager
def _opened(path: Path) -> Iterator[safe_open]:
    try:
        if not _whole(path):
            raise OSError(f"{path} is not what was written")
        with safe_open(path, "np") as shard:
            yield shard
    except (SafetensorError, OSError) as error:
        raise BadInput(_("Stored features have disappeared from the disk."), _("Encode the cohort again.")) from error


_checked: dict[Path, tuple[int, int]] = {}  # shards of right content, with size and time of change when that was seen


def _whole(path: Path) -> bool:
    """Whether a shard holds what was written; looked at once, and again when the file has changed."""
    try:
        now = path.stat()
        if _checked.get(path) == (now.st_size, now.st_mtime_ns):
            return True
        with safe_open(path, "np") as shard:
            metadata = shard.metadata() or {}
            arrays = {name: shard.get_tensor(name) for name in shard.keys()}  # noqa: SIM118 it is no dict
        if metadata.get("content") != _digest_of(metadata.get("digests", ""), arrays):
            return False
    except FileNotFoundError:
        raise
    except (SafetensorError, OSError, ValueError):
        return False
    _checked[path] = (now.st_size, now.st_mtime_ns)
    return True


def _digest_of(digests: str, arrays: Mapping[str, np.ndarray]) -> str:
    """Of all that a shard holds."""
    sum = hashlib.blake2b(digests.encode(), digest_size=16)
    for name in sorted(arrays):
        sum.update(f"{name} {arrays[name].dtype} {arrays[name].shape}".encode())
        sum.update(np.ascontiguousarray(arrays[name]).data)
    return sum.hexdigest()


def _names(folder: Path) -> Iterator[str]:
    with os.scandir(folder) as files:
        yield from (file.name for file in files if file.name.endswith(".safetensors"))
