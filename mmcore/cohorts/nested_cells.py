"""Cells of Parquet that hold lists or several fields, and class numbers whose names stand in the file's metadata."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mmcore.base.name_lists import first_of
from mmcore.base.settings import _

_HUB = b"huggingface"  # under which data hubs keep what columns hold
_RECORDING = 16  # numbers from which a list is a recording
_DEEPEST = 4  # fields within fields
_WRITTEN = 4000  # characters of a list of words


def read_parquet(path: Path, problems: list[str]) -> pd.DataFrame:
    """The table of a Parquet file, with classes by the names that a data hub gives them."""
    import pyarrow.parquet

    frame = pd.read_parquet(path)
    for name, classes in _class_names(pyarrow.parquet.read_schema(path).metadata or {}).items():
        if name in frame and classes:
            frame[name] = [_named(cell, classes) for cell in frame[name]]
            problems.append(
                _("The numbers of column '{column}' are classes, named by the file itself: {names}.").format(
                    column=name, names=first_of(classes, 8)
                )
            )
    return frame


def with_fields(frame: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    """The table with a column for each field of cells that hold several, also within others, and for each number of
    short lists."""
    for _layer in range(_DEEPEST):
        flat = _with_fields(frame, problems)
        if flat is frame:
            break
        frame = flat
    return frame


def _with_fields(frame: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    parts = []
    for name, cells in frame.items():
        fields = _fields(cells)
        if fields is None:
            parts.append(cells)
            continue
        problems.append(
            _("Column '{column}' holds several values in each cell; each becomes a column of its own: {names}.").format(
                column=name,
                names=first_of([f"{name}.{key}" for key in fields], 6),
            )
        )
        parts += [pd.Series(values, frame.index, name=f"{name}.{key}") for key, values in fields.items()]
    return (
        pd.concat(parts, axis=1)
        if len(parts) != len(frame.columns) or any(part.name not in frame for part in parts)
        else frame
    )


def recordings_in(cells: pd.Series) -> dict[int, tuple[str, bytes]] | None:
    """Row -> name and content of an NPY file, of cells that hold long lists of numbers; None for other columns."""
    rows = {row: _array(cell) for row, cell in enumerate(cells) if cell is not None}
    arrays = {row: array for row, array in rows.items() if array is not None and array.shape[-1]}
    if not arrays or len(arrays) < len(rows) or max(max(array.shape) for array in arrays.values()) < _RECORDING:
        return None
    return {row: (f"{cells.name}-{row + 1}.npy", _npy(array)) for row, array in arrays.items()}


def written(cell: Any) -> str | None:
    """A list of words as it is written."""
    return None if cell is None else str(_plain(cell))[:_WRITTEN]


def _class_names(metadata: Mapping[bytes, bytes]) -> dict[str, list[str]]:
    try:
        features = json.loads(metadata.get(_HUB, b"{}"))["info"]["features"]
        return {name: names for name, feature in features.items() if (names := _names_of(feature))}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _names_of(feature: Any) -> list[str]:
    if isinstance(feature, list):
        feature = feature[0] if feature else {}
    if isinstance(feature, Mapping) and "feature" in feature:
        feature = feature["feature"]
    names = feature.get("names") if isinstance(feature, Mapping) and feature.get("_type") == "ClassLabel" else None
    return [str(name) for name in names] if isinstance(names, list) else []


def _named(cell: Any, classes: list[str]) -> Any:
    """-1, which stands for no class, is missing."""
    if isinstance(cell, np.ndarray):
        return np.array([_named(part, classes) for part in cell.tolist()], dtype=object)
    if cell is None or cell != cell:
        return None
    return classes[int(cell)] if 0 <= int(cell) < len(classes) else None


def _fields(cells: pd.Series) -> dict[str, list[Any]] | None:
    filled = [cell for cell in cells if cell is not None and not (isinstance(cell, float) and cell != cell)]
    if not filled:
        return None
    if all(isinstance(cell, dict) and "bytes" not in cell for cell in filled):
        keys = list(dict.fromkeys(key for cell in filled for key in cell))
        return {key: [cell.get(key) if isinstance(cell, dict) else None for cell in cells] for key in keys}
    if all(isinstance(cell, np.ndarray) and cell.dtype.kind in "iuf" and cell.ndim == 1 for cell in filled):
        lengths = {len(cell) for cell in filled}
        length = lengths.pop()
        if not lengths and 0 < length < _RECORDING:
            return {
                str(i + 1): [float(cell[i]) if isinstance(cell, np.ndarray) else None for cell in cells]
                for i in range(length)
            }
    return None


def _array(cell: Any) -> np.ndarray | None:
    if not isinstance(cell, np.ndarray):
        return None
    try:
        array = np.array(_plain(cell), dtype=np.float32) if cell.dtype == object else cell
    except (ValueError, TypeError):
        return None
    return array if array.dtype.kind in "iuf" and array.ndim in (1, 2, 3) else None


def _plain(cell: Any) -> Any:
    """Lists in lists, out of arrays in arrays."""
    if isinstance(cell, np.ndarray | list):
        return [_plain(part) for part in cell]
    return cell.item() if isinstance(cell, np.generic) else cell


def _npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()
