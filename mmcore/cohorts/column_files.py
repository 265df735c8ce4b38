"""Columns whose cells name files: which files they are, of what kind, and what to say of those that are not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mmcore import readers
from mmcore.base.errors import MMError
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind, Signal, Value
from mmcore.cohorts.column_content import is_numbers, looks_like_paths
from mmcore.cohorts.folder import Folder
from mmcore.cohorts.names import class_name, words

_FEWEST = 5  # files that names alone lead to, where most are not there
LOOK = 40  # cells that are looked at to tell what a column holds
_COMPARED = 3  # files that are read to tell whether two columns hold the same recordings
_FILE_WORDS = {
    "image", "images", "img", "file", "filename", "path", "picture", "photo", "scan", "record", "recording", "audio",
    "signal", "ecg", "film", "xray", "cxr", "dicom", "wav", "sound", "note", "report", "video",
}  # fmt: skip
_FORMATS = {
    ".dcm": "DICOM", ".edf": "EDF", ".bdf": "BDF", ".mp3": "MP3", ".ogg": "OGG", ".nii": "NIfTI", ".nii.gz": "NIfTI",
    ".webp": "WebP", ".gif": "GIF", ".jp2": "JPEG 2000", ".xml": "XML", ".dat": "DAT", ".mat": "MATLAB", ".npz": "NPZ",
    ".pdf": "PDF", ".docx": "Word", ".doc": "Word", ".rtf": "RTF", ".html": "HTML", ".json": "JSON", ".h5": "HDF5",
    ".hdf5": "HDF5", ".mha": "MetaImage", ".mhd": "MetaImage", ".nrrd": "NRRD", ".mp4": "MP4 video",
    ".avi": "AVI video", ".svs": "whole-slide", ".zip": "ZIP", ".gz": "gzip", ".pt": "PyTorch", ".pkl": "pickle",
    ".xlsx": "Excel", ".aecg": "HL7 aECG", ".heic": "HEIC", ".m4a": "M4A", ".aac": "AAC",
}  # fmt: skip


@dataclass(frozen=True)
class ColumnFiles:
    """kind: of the files, None if their format is not read. format: its name then. by_name: cells give names only."""

    kind: Kind | None
    format: str = ""
    by_name: bool = False
    example: str = ""


def files_of_column(column: pd.Series, folder: Folder) -> ColumnFiles | None:
    """What files a column names, None if it names none that are there."""
    file_like = bool(set(words(str(column.name))) & _FILE_WORDS)
    if is_numbers(column) and not file_like:  # thousands of columns of numbers must not ask the disk for each cell
        return None
    cells = _names(column)
    looked = _some(cells)
    if not looked or max(map(len, looked)) > 1000 or any("\n" in cell for cell in looked):
        return None
    there = _existing(looked, folder.at)
    if len(there) < 0.5 * len(looked):
        there = _existing(cells, folder.at) if looks_like_paths(column) else []
    if there:
        return _described(there, by_name=False)
    if len(set(cells)) > 0.5 * len(cells):

        def like(cell: str) -> Path | None:
            return folder.like(cell, str(column.name))

        there = _existing(looked, like)
        if len(there) < 0.5 * len(looked) and file_like:  # most are not there, but those that are were meant
            there = _existing(cells, like)
            if len(there) >= _FEWEST:
                return _described(there, by_name=True)
        if len(there) >= 0.5 * len(looked):
            return _described(there, by_name=True)
    return None


def path_of(cell: str, folder: Folder, by_name: bool, column: str = "") -> Path | None:
    """The file a cell of this column names."""
    return folder.at(cell) or (folder.like(cell, column) if by_name else None)


def named_by(column: pd.Series, folder: Folder) -> bool:
    """Whether the cells name files by their name only, and none by its path."""
    names = _names(column)
    if _existing(_some(names), folder.at):
        return False
    return any(folder.like(name, str(column.name)) for name in names)


def format_of(path: Path) -> str:
    """The name of a format that is not read here, by the suffix."""
    suffix = "".join(path.suffixes[-2:]).lower() if path.suffix.lower() == ".gz" else path.suffix.lower()
    return _FORMATS.get(suffix, suffix.lstrip(".").upper() or _("unknown"))


def names_readable_file(cell: str) -> bool:
    """Whether a cell ends as the name of a file that this program, or another one, reads."""
    suffix = readers.suffix_of(cell)
    return suffix in _FORMATS or suffix in readers.suffixes()


def same_recordings(table: pd.DataFrame, column: str, other: str, kind: Kind, folder: Folder) -> bool:
    """Whether two columns name the same recordings in two formats: names that begin alike, and the same content."""
    if is_numbers(table[column]) or is_numbers(table[other]):
        return False
    pairs = table[[column, other]].dropna().head(LOOK)
    paths = [(Path(a), Path(b)) for a, b in zip(pairs[column], pairs[other], strict=True)]
    if not paths or not all(
        a.suffix.lower() != b.suffix.lower() and (a.stem.startswith(b.stem) or b.stem.startswith(a.stem))
        for a, b in paths
    ):
        return False
    compared = [(folder.at(str(a)), folder.at(str(b))) for a, b in paths[:_COMPARED]]
    return all(a is not None and b is not None and _same_content(a, b, kind) for a, b in compared)


def facts_from_twin(table: pd.DataFrame, column: str, twin: str, folder: Folder) -> dict[str, Any]:
    """rate_hz and channel_names that the files of a twin column say and those of the column do not; empty if it says
    none, or not of all files the same."""
    spec = InputSpec(name="", kind=Kind.SIGNAL, columns=("",))
    rates, names = set(), set()
    for cells in table[[column, twin]].dropna().head(_COMPARED).itertuples(index=False):
        try:
            own, other = (readers.read(Kind.SIGNAL, path, spec) for cell in cells if (path := folder.at(str(cell))))
        except (MMError, ValueError):
            return {}
        if not isinstance(own, Signal) or not isinstance(other, Signal) or own.rate_hz is not None:
            return {}
        rates.add(other.rate_hz)
        names.add(() if own.channel_names else other.channel_names)
    if len(rates) != 1 or None in rates:
        return {}
    return {"rate_hz": rates.pop(), "channel_names": names.pop() if len(names) == 1 else ()}


def _same_content(path: Path, other: Path, kind: Kind) -> bool:
    try:
        spec = InputSpec(name="", kind=kind, columns=("",))
        a, b = _numbers(readers.read(kind, path, spec)), _numbers(readers.read(kind, other, spec))
    except MMError:
        return False
    if a is None or b is None or a.shape != b.shape or a.std() == 0 or b.std() == 0:
        return False
    return bool(abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) > 0.95)


def _numbers(value: Value) -> np.ndarray | None:
    if isinstance(value, Signal):
        return value.samples
    return value.mean(axis=2) if isinstance(value, np.ndarray) and value.ndim == 3 else _array(value)


def _array(value: Value) -> np.ndarray | None:
    return value if isinstance(value, np.ndarray) else None


def _names(column: pd.Series) -> list[str]:
    return [name for cell in column.dropna() if (name := class_name(cell)) is not None]


def _some(cells: list[str]) -> list[str]:
    return [cells[i] for i in np.linspace(0, len(cells) - 1, min(len(cells), LOOK)).astype(int)] if cells else []


def _existing(cells: list[str], look: Callable[[str], Path | None]) -> list[Path]:
    there = {cell: look(cell) for cell in set(cells)}  # the disk is asked once for each name
    return [path for cell in cells if (path := there[cell])]


def _described(there: list[Path], by_name: bool) -> ColumnFiles:
    kinds = Counter(kind for path in there[:LOOK] if (kind := readers.kind_of(path)))
    example = there[0].name
    if not kinds:
        formats = Counter(format_of(path) for path in there)
        return ColumnFiles(None, formats.most_common(1)[0][0], by_name, example)
    return ColumnFiles(max(sorted(kinds), key=lambda kind: kinds[kind]), "", by_name, example)
