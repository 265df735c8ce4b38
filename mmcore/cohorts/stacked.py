"""Recordings of all cases in one array beside the table: row i of the array belongs to row i of the table."""

from __future__ import annotations

import io
from collections.abc import Container, Iterator, Mapping
from pathlib import Path

import numpy as np

from mmcore.base.settings import _
from mmcore.cohorts.table_files import Blob
from mmcore.readers.array_pictures import is_picture

_SUFFIXES = (".npy", ".npz")
_MAX_BYTES = 2**30  # of an NPZ in memory; an NPY is mapped and may be larger
_SHORTEST, _MOST_CHANNELS = 16, 512  # samples and channels of a recording


class Stack(Mapping[str, Blob]):
    """Case id -> its recording as an NPY file, cut out of the array when it is asked for."""

    def __init__(self, ids: list[str], array: np.ndarray, name: str) -> None:
        self._rows, self._array, self._name = {id: row for row, id in enumerate(ids)}, array, name

    def __getitem__(self, id: str) -> Blob:
        file = io.BytesIO()
        np.save(file, np.asarray(self._array[self._rows[id]]), allow_pickle=False)
        return f"{self._name}-{self._rows[id] + 1}.npy", file.getvalue()

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def stacks_beside(
    folder: Path, ids: list[str], columns: list[str], problems: list[str], named: Container[str] = ()
) -> dict[str, Stack]:
    """Column name -> recordings or pictures, of every array in the folder with a row for each case.

    Recordings are of shape [N, time], [N, channels, time] and [N, time, channels], the longer axis is time; pictures
    [N, height, width] or with an axis of channels. What was taken, and what has another number of rows than the table,
    is told in `problems`. named: files that cells of the table name, which are values of single cases.
    """
    stacks: dict[str, Stack] = {}
    for path in sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES):
        if path.name in named or path.stem in named:
            continue
        for name, array in _arrays(path, problems):
            pictures = array.ndim in (3, 4) and is_picture(array.shape[1:], array.dtype.kind)
            if not pictures and not _recordings(array):
                continue
            if len(array) != len(ids):
                if array.ndim > 2 or 2 * len(array) >= len(ids):  # a smaller one may be a recording by itself
                    sentence = (
                        _("{file}: an array of {rows} pictures is not used, for the table has {cases} rows.")
                        if pictures
                        else _("{file}: an array of {rows} recordings is not used, for the table has {cases} rows.")
                    )
                    problems.append(sentence.format(file=path.name, rows=len(array), cases=len(ids)))
                continue
            column = name if name not in columns and name not in stacks else f"{name}_array"
            stacks[column] = Stack(ids, array, name)
            sentence = (
                _(
                    "{file}: an array of shape {shape} gives each row of the table its picture, in the same order; "
                    "it is the input '{column}'."
                )
                if pictures
                else _(
                    "{file}: an array of shape {shape} gives each row of the table its recording, in the same order; "
                    "it is the input '{column}'."
                )
            )
            problems.append(sentence.format(file=path.name, shape=tuple(array.shape), column=column))
    return stacks


def _recordings(array: np.ndarray) -> bool:
    """Whether a row may be one recording: long enough, and of fewer channels than samples."""
    if array.dtype.kind not in "iuf" or array.ndim not in (2, 3):
        return False
    longest, shortest = max(array.shape[1:]), min(array.shape[1:])
    return longest >= _SHORTEST and (array.ndim == 2 or (shortest <= _MOST_CHANNELS and shortest * 2 <= longest))


def _arrays(path: Path, problems: list[str]) -> list[tuple[str, np.ndarray]]:
    """The arrays of a file by name; nothing, and a word in `problems`, for one that is damaged, holds objects or is too
    large to hold."""
    try:
        if path.suffix.lower() == ".npy":
            return [(path.stem, np.load(path, mmap_mode="r", allow_pickle=False))]
        with np.load(path, allow_pickle=False) as file:
            unpacked = sum(info.file_size for info in file.zip.infolist())
            if max(unpacked, path.stat().st_size) > _MAX_BYTES:
                problems.append(_("{file} is not used: its arrays are too large to hold.").format(file=path.name))
                return []
            return [(path.stem if len(file.files) == 1 else name, file[name]) for name in file.files]
    except Exception:  # damaged archives make NumPy raise almost anything
        problems.append(_("{file} is not used: no array of numbers can be read from it.").format(file=path.name))
        return []
