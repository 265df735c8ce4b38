"""Values of all cases in one array beside the table: row i of the array belongs to row i of the table."""

from __future__ import annotations

import io
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mmcore.base.settings import _, counted
from mmcore.cohorts.names import plain, words
from mmcore.cohorts.split_words import TEST, TRAIN, VALIDATION
from mmcore.cohorts.table_files import Blob
from mmcore.readers.numpy_files import is_picture

SUFFIXES = (".npy", ".npz")
_MAX_BYTES = 2**30  # of an NPZ in memory; an NPY is mapped and may be larger
_SHORTEST, _MOST_CHANNELS = 16, 512  # samples and channels of a recording
_FEATURES = {"features", "feature", "embedding", "embeddings", "tabular", "table", "clinical", "covariates"}
_ANYTHING = {"x", "data"}  # names that may stand for features as well as for recordings
_LABELS = {"y", "label", "labels", "target", "targets"}
_NOT_MEASURED = {
    "pred", "preds", "predicted", "prediction", "predictions", "prob", "probs", "proba", "probability", "probabilities",
    "logits", "fold", "folds", "split", "splits", "index", "indices", "idx", "id", "ids", "weights",
}  # fmt: skip
_PARTS = TRAIN | VALIDATION | TEST
_SMOOTH, _TRIED = 0.3, 200  # correlation of neighbours in time; rows that are looked at
_MOST_COLUMNS = 2_000
_NAMED = 2  # arrays of other cases that are told of one by one


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


@dataclass
class ArraysBeside:
    """stacks: column -> a file for each case. columns: column -> a number for each case, [N]."""

    stacks: dict[str, Stack] = field(default_factory=dict)
    columns: dict[str, np.ndarray] = field(default_factory=dict)


def arrays_beside(
    folder: Path, ids: list[str], columns: list[str], problems: list[str], named: Container[str] = ()
) -> ArraysBeside:
    """Recordings, pictures and features of every array in the folder with a row for each case.

    Recordings are of shape [N, time], [N, channels, time] and [N, time, channels], the longer axis is time; pictures
    [N, height, width] or with an axis of channels; features [N, few], or by their name; [N] is a column. What was
    taken, and what is not used, is told in `problems`. named: files that cells of the table name.
    """
    beside, taken = ArraysBeside(), set(columns)
    others: list[str] = []
    for path in sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES):
        if path.name in named or path.stem in named:
            continue
        there = arrays_in(path, problems)
        if _cohort_of_its_own(there, len(ids)):
            problems.append(
                _("{file} is a separate cohort, divided for training and test; none of its arrays is used.").format(
                    file=path.name
                )
            )
            continue
        for name, array in there:
            if len(array.shape) == 0 or len(array) != len(ids):
                others += _other_rows(path.name, array, len(ids))
                continue
            own = name if name not in taken else f"{name}_array"
            if is_value_stack(name, array) and not {*words(name)} & _NOT_MEASURED:
                beside.stacks[own] = Stack(ids, array, name)
                problems.append(_taken(path.name, own, array))
                taken.add(own)
                continue
            no_feature = {plain(name), *words(name)} & (_LABELS | _NOT_MEASURED)
            values_of = {} if no_feature else feature_columns(own, array)
            beside.columns |= {column: values for column, values in values_of.items() if column not in taken}
            taken |= {*values_of}
            facts = {"file": path.name, "name": name, "shape": tuple(array.shape)}
            problems.append(
                counted(
                    len(values_of),
                    "{file}: an array '{name}' of shape {shape} gives each row of the table {count} column.",
                    "{file}: an array '{name}' of shape {shape} gives each row of the table {count} columns.",
                    **facts,
                )
                if values_of
                else _(
                    "{file}: an array '{name}' of shape {shape} is not used; to use it, put its values into the table."
                ).format(**facts)
            )
    problems += others if len(others) <= _NAMED else [_summed_up(others, len(ids))]
    return beside


def _summed_up(others: list[str], cases: int) -> str:
    return counted(
        len(others),
        "{count} array beside the table is not used: it does not have one row for each of the {cases} rows "
        "of the table.",
        "{count} arrays beside the table are not used: they do not have one row for each of the {cases} "
        "rows of the table.",
        cases=cases,
    )


def _cohort_of_its_own(arrays: list[tuple[str, np.ndarray]], cases: int) -> bool:
    """Whether arrays hold the labels of several parts of a split, which together are not the cases of the table."""
    parts = [a for name, a in arrays if {*words(name)} & _LABELS and {*words(name)} & _PARTS and a.ndim]
    return len(parts) > 1 and sum(map(len, parts)) != cases


def is_value_stack(name: str, array: np.ndarray) -> bool:
    """Whether the rows of an array are pictures or recordings, and not features."""
    return _pictures(array) or (_recordings(array) and not _features(name, array))


def feature_columns(name: str, array: np.ndarray) -> dict[str, np.ndarray]:
    """The columns of an array of shape [N] or [N, features]; none of any other."""
    if array.dtype.kind not in "iufb" or array.ndim not in (1, 2) or array[:1].size > _MOST_COLUMNS:
        return {}
    if array.ndim == 1:
        return {name: array.astype(float)}
    return {f"{name}_{column + 1}": array[:, column].astype(float) for column in range(array.shape[1])}


def _features(name: str, array: np.ndarray) -> bool:
    """By the name; where it says nothing, by neighbours: in time they are like one another."""
    if array.ndim != 2 or set(words(name)) & _FEATURES:
        return array.ndim == 2
    return plain(name) in _ANYTHING and not _smooth(np.asarray(array[:_TRIED], dtype=float))


def _smooth(rows: np.ndarray) -> bool:
    rows = np.nan_to_num(rows) - np.nan_to_num(rows).mean(axis=1, keepdims=True)
    power = float((rows**2).sum())
    return power > 0 and float((rows[:, 1:] * rows[:, :-1]).sum()) / power > _SMOOTH


def _pictures(array: np.ndarray) -> bool:
    return array.ndim in (3, 4) and is_picture(array.shape[1:], array.dtype.kind)


def _other_rows(file: str, array: np.ndarray, cases: int) -> list[str]:
    """A sentence on an array that has another number of rows than the table; a small one may be a value by itself."""
    if array.ndim < 2 or (array.ndim == 2 and 2 * len(array) < cases):
        return []
    words = {"file": file, "cases": cases}
    if _pictures(array):
        sentence = counted(
            len(array),
            "{file}: an array of {count} picture is not used, because the table has {cases} rows.",
            "{file}: an array of {count} pictures is not used, because the table has {cases} rows.",
            **words,
        )
    elif _recordings(array):
        sentence = counted(
            len(array),
            "{file}: an array of {count} recording is not used, because the table has {cases} rows.",
            "{file}: an array of {count} recordings is not used, because the table has {cases} rows.",
            **words,
        )
    else:
        sentence = counted(
            len(array),
            "{file}: an array of {count} row is not used, because the table has {cases} rows.",
            "{file}: an array of {count} rows is not used, because the table has {cases} rows.",
            **words,
        )
    return [sentence]


def _taken(file: str, column: str, array: np.ndarray) -> str:
    sentence = (
        _(
            "{file}: an array of shape {shape} gives each row of the table its picture, in the same order; "
            "it is the input '{column}'."
        )
        if _pictures(array)
        else _(
            "{file}: an array of shape {shape} gives each row of the table its recording, in the same order; "
            "it is the input '{column}'."
        )
    )
    return sentence.format(file=file, shape=tuple(array.shape), column=column)


def _recordings(array: np.ndarray) -> bool:
    """Whether a row may be one recording: long enough, and of fewer channels than samples."""
    if array.dtype.kind not in "iuf" or array.ndim not in (2, 3):
        return False
    longest, shortest = max(array.shape[1:]), min(array.shape[1:])
    return longest >= _SHORTEST and (array.ndim == 2 or (shortest <= _MOST_CHANNELS and shortest * 2 <= longest))


def arrays_in(path: Path, problems: list[str]) -> list[tuple[str, np.ndarray]]:
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
