"""JSON that every reader accepts: no NaN, no infinity, numpy numbers as numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel


def plain(value: Any) -> Any:
    """The value out of what JSON knows: what is not finite becomes None, keys become text."""
    if isinstance(value, BaseModel):
        return plain(value.model_dump(mode="json"))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    return value if value is None else str(value)


def dumps(document: Any, indent: int | None = 1) -> str:
    """The document as text, strictly valid JSON."""
    return json.dumps(plain(document), indent=indent, ensure_ascii=False, allow_nan=False)


def write(path: Path, document: Any) -> None:
    path.write_text(dumps(document) + "\n", encoding="utf-8")


def read(path: Path) -> Any:
    """Raises OSError or ValueError."""
    return json.loads(path.read_text(encoding="utf-8"))
