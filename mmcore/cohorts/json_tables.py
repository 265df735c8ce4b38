"""Tables in JSON: a list of records, a record a line, records by id, or columns as pandas writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput
from mmcore.base.settings import _

SUFFIXES = (".json", ".jsonl", ".ndjson")
MAX_BYTES = 256 * 2**20
_LEAST = 10  # records that a file nobody named must hold to be taken for the table


def read_records(path: Path) -> pd.DataFrame:
    """Cells as the file holds them. Raises BadInput for a file that holds no records."""
    if path.stat().st_size > MAX_BYTES:
        raise BadInput(
            _("{file} has more than {limit} MB.").format(file=path.name, limit=MAX_BYTES // 2**20),
            _("Save it as Parquet or CSV."),
        )
    records = _records(path)
    if not records:
        raise BadInput(
            _("{file} holds no list of records, so it gives no table.").format(file=path.name),
            _("Save it as CSV, or as a list with one record for each case."),
        )
    frame = pd.DataFrame(records, dtype=object)
    frame = frame.where(frame.notna(), None)
    for name in frame.columns:
        if any(isinstance(cell, list) for cell in frame[name]):
            frame[name] = pd.Series([_array(cell) for cell in frame[name]], frame.index, dtype=object)
    return frame


def holds_table(path: Path) -> bool:
    """Whether a file that lies in a folder without another table is its table."""
    if path.suffix.lower() not in SUFFIXES or path.stat().st_size > MAX_BYTES:
        return False
    return len(_records(path)) >= _LEAST


def _array(cell: Any) -> Any:
    """A list as Parquet gives it."""
    if not isinstance(cell, list):
        return cell
    try:
        array = np.asarray(cell)
    except ValueError:  # lists of several lengths
        array = np.empty(0)
    if array.ndim and array.dtype.kind in "iuf" and array.size:
        return array
    members = np.empty(len(cell), dtype=object)
    members[:] = cell
    return members


def _records(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        try:
            content = json.loads(text)
        except ValueError:
            content = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, ValueError, RecursionError):
        return []
    if isinstance(content, dict):
        lists = [part for part in content.values() if _are_records(part)]
        content = lists[0] if len(lists) == 1 else _by_id(content)
    return content if _are_records(content) else []


def _are_records(content: Any) -> bool:
    return isinstance(content, list) and bool(content) and all(isinstance(part, dict) for part in content)


def _by_id(content: dict[str, Any]) -> list[dict[str, Any]] | None:
    """{"c1": {"age": 60}} and, as pandas writes, {"age": {"0": 60}}."""
    parts = [part for part in content.values() if isinstance(part, dict)]
    if not parts or len(parts) < len(content):
        return None
    rows = list(parts[0])
    if rows and all(row.isdigit() for row in rows) and all(list(part) == rows for part in parts):
        return [{name: part[row] for name, part in content.items()} for row in rows]
    return [{"id": id, **part} for id, part in content.items()]
