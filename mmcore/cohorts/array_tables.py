"""A table out of arrays: X.npy with y.npy, or one NPZ with the arrays and labels of training and test."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput
from mmcore.base.label_sets import NO_LABEL, SEPARATOR
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.cohorts.names import plain, words
from mmcore.cohorts.split_words import TEST, TRAIN, VALIDATION
from mmcore.cohorts.stacked import SUFFIXES, arrays_in, feature_columns, is_value_stack
from mmcore.cohorts.table_files import Raw

_LABELS = {"y", "label", "labels", "target", "targets", "class", "classes", "outcome"}
_LEAST = 10  # cases
_MOST_FILES = 40

Parts = dict[str, dict[str, np.ndarray]]  # part of a split ("" if there is none) -> name -> array


def table_of_arrays(folder: Path) -> Raw | None:
    """A row for each row of the arrays of an NPZ, or of a folder that holds nothing else; None without labels.

    Arrays called train_X, X_train, test_labels .. are parts of a published split, which gives the column `split`.
    Labels of shape [N, labels] of 0 and 1 become one class, or several labels, a case.
    """
    there = folder.iterdir() if folder.is_dir() else [folder]
    files = sorted(path for path in there if path.is_file() and path.suffix.lower() in SUFFIXES)
    if not files or len(files) > _MOST_FILES:
        return None
    problems: list[str] = []
    parts = _parts([(name, array) for path in files for name, array in arrays_in(path, problems)])
    labels = {part: _named(arrays, _LABELS) for part, arrays in parts.items()}
    if not parts or any(not name or len(parts[part]) < 2 for part, name in labels.items()):
        return None
    lengths = {part: len(parts[part][name]) for part, name in labels.items()}
    wanted = [name for name in next(iter(parts.values())) if plain(name) not in _LABELS]
    used = [name for name in wanted if _shared(parts, name, lengths)]
    if not used or sum(lengths.values()) < _LEAST:
        return None
    whole = {name: _joined([arrays[name] for arrays in parts.values()]) for name in used}
    frame = pd.DataFrame({"id": _ids(lengths)}, dtype=object)
    if len(parts) > 1:
        frame["split"] = np.repeat(list(parts), list(lengths.values())).astype(object)
    frame["label"] = np.concatenate([_cells(parts[part][name]) for part, name in labels.items()])
    problems.insert(
        0, _("{folder} holds no table; the cases are the rows of its arrays.").format(folder=folder.resolve().name)
    )
    stacks = {name: array for name, array in whole.items() if is_value_stack(name, array)}
    for name in used:
        columns = {} if name in stacks else feature_columns(name, whole[name])
        frame = pd.concat([frame, pd.DataFrame(columns)], axis="columns")
        if name not in stacks and not columns:
            problems.append(_unused(name, whole[name].shape))
    if not stacks and {*frame.columns} <= {"id", "split", "label"}:
        shapes = list_of(f"'{name}' {whole[name].shape}" for name in used)
        raise BadInput(
            _("{file}: no array holds recordings, pictures or features of its cases: {shapes}.").format(
                file=folder.name, shapes=shapes
            ),
            _(
                "Recordings are [cases, channels, time], with at least 16 samples, and more samples than "
                "channels; pictures are [cases, height, width]; features are [cases, features]. Give "
                "shorter recordings as features."
            ),
        )
    for part, arrays in parts.items():
        for name in sorted({*arrays} - {labels[part], *used}):
            problems.append(_unused(f"{part} {name}".strip(), arrays[name].shape))
    return Raw(frame, problems, stacks=stacks)


def _unused(name: str, shape: tuple[int, ...]) -> str:
    return _("Array '{name}' of shape {shape} is not used: it does not hold a value for each case.").format(
        name=name, shape=tuple(shape)
    )


def _parts(named: list[tuple[str, np.ndarray]]) -> Parts:
    parts: Parts = defaultdict(dict)
    for name, array in named:
        there = [word for word in words(name) if word in TRAIN | VALIDATION | TEST]
        rest = "_".join(word for word in words(name) if word not in there) if len(there) == 1 else name
        if array.ndim:
            parts[there[0] if len(there) == 1 else ""][rest] = array
    return dict(parts)


def _named(arrays: dict[str, np.ndarray], names: set[str]) -> str:
    """The only array of such a name that may hold labels."""
    there = [
        name
        for name, array in arrays.items()
        if plain(name) in names and array.dtype.kind in "iufbU" and array.ndim in (1, 2)
    ]
    return there[0] if len(there) == 1 else ""


def _shared(parts: Parts, name: str, lengths: dict[str, int]) -> bool:
    """Whether every part has this array, with a row for each case, and rows of one shape."""
    there = [(arrays.get(name), lengths[part]) for part, arrays in parts.items()]
    shapes = {array.shape[1:] for array, length in there if array is not None and len(array) == length}
    complete = all(array is not None and len(array) == length for array, length in there)
    return complete and len(shapes) == 1


def _joined(arrays: list[np.ndarray]) -> np.ndarray:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def _ids(lengths: dict[str, int]) -> list[str]:
    return [f"{part}-{row}" if part else str(row) for part, length in lengths.items() for row in range(1, length + 1)]


def _cells(labels: np.ndarray) -> np.ndarray:
    """[N] of objects: the label of each case as a table writes it."""
    labels = labels.reshape(len(labels), -1)
    if labels.shape[1] == 1:
        return labels[:, 0].astype(object)
    marked = labels != 0
    if (marked.sum(axis=1) == 1).all():
        return marked.argmax(axis=1).astype(object)
    rows = [SEPARATOR.join(str(place) for place in np.flatnonzero(row)) or NO_LABEL for row in marked]
    return np.array(rows, dtype=object)
