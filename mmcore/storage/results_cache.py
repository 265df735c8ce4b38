"""One disk cache for results of studies, read back when nothing that decides them has changed.

A result is a JSON document, with arrays where there are any. Its file is named by the digest of everything that
decides it, written by atomic rename, and begins with the digest of its own content: whatever is damaged, half-written
or of an older form counts as absent and is computed anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from mmcore.base import json_files
from mmcore.base.settings import room, write_whole

_DIGEST = 32  # bytes at the beginning of a file, of all that follows


@dataclass(frozen=True, eq=False)
class Result:
    """document: what JSON can hold (what is not finite becomes None). arrays: numbers and truth values, by name."""

    document: Any = None
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)


def cached(kind: str, decides: Any, make: Callable[[], Any]) -> tuple[Any, bool]:
    """The JSON document that `make` gives, and whether it was read rather than made. decides: see `read`."""
    earlier = read(kind, decides)
    if earlier is not None:
        return earlier.document, True
    document = json_files.plain(make())
    write(kind, decides, Result(document))
    return document, False


def read(kind: str, decides: Any) -> Result | None:
    """The result of this kind ("explanations", say) if it is there and whole, else None.

    decides: everything its content depends on, as a JSON value, the version of the code that computes it included.
    """
    try:
        content = _place(kind, decides).read_bytes()
    except OSError:
        return None
    digest, content = content[:_DIGEST], content[_DIGEST:]
    if digest != _digest_of(content):
        return None
    try:
        metadata = _metadata(content)
        return Result(json.loads(metadata["document"]), load(content))
    except (SafetensorError, ValueError, KeyError):
        return None


def write(kind: str, decides: Any, result: Result) -> None:
    """Keep a result. Raises OSError where the home folder cannot be written."""
    arrays = {name: np.ascontiguousarray(values) for name, values in result.arrays.items()}
    content = save(arrays, metadata={"document": json_files.dumps(result.document, indent=None)})
    write_whole(_place(kind, decides), _digest_of(content) + content)


def _place(kind: str, decides: Any) -> Path:
    name = hashlib.sha256(json_files.dumps(decides, indent=None).encode()).hexdigest()[:24]
    return room(kind) / f"{name}.result"


def _digest_of(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST).digest()


def _metadata(content: bytes) -> dict[str, str]:
    """What a safetensors file says beside its arrays: its header is JSON after eight bytes that give its length."""
    length = int.from_bytes(content[:8], "little")
    metadata: dict[str, str] = json.loads(content[8 : 8 + length])["__metadata__"]
    return metadata
