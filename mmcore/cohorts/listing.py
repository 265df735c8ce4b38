"""A table out of a folder that holds none: a row for each case, read off the names of folders and files."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from mmcore import readers
from mmcore.base.errors import BadInput
from mmcore.base.name_lists import first_of, list_of
from mmcore.base.settings import _, counted
from mmcore.base.values import Kind
from mmcore.cohorts.listing_layers import turned, without_outlines
from mmcore.cohorts.names import words
from mmcore.cohorts.split_words import TEST, TRAIN, VALIDATION
from mmcore.cohorts.table_files import Raw

_MOST = 300_000  # files
_STRAYS = 0.1  # files of other kinds for each of the commonest, at most
_SAME = 0.5  # of the names in two folders: more in common, and they hold two inputs of the same cases
_OF_INPUTS = {
    "image", "images", "img", "imgs", "picture", "pictures", "mask", "masks", "film", "films", "xray", "cxr", "ct",
    "mr", "mri", "photo", "photos", "ecg", "ekg", "eeg", "emg", "ppg", "pcg", "signal", "signals", "sound", "sounds",
    "audio", "speech", "wav", "note", "notes", "text", "texts", "report", "reports", "record", "records", "frontal",
    "lateral", "left", "right", "t1", "t2", "flair", "pet",
}  # fmt: skip


def table_of_files(folder: Path) -> Raw:
    """Cases from files alone. Raises BadInput for a folder without files that can be read.

    A folder for each class gives the column `label`; a folder for each input (the same file names in all of them, or
    other kinds of files) gives a column for each; train and test above either give `split`, a folder below a class
    gives `group`. How it was read is told in the problems.
    """
    files = _media(folder)
    if not files:
        raise BadInput(
            _("{folder} holds no table, and no files that can be read.").format(folder=folder.name),
            _("Put a table there with one row for each case, or one folder for each class with its files."),
        )
    problems = [_("{folder} holds no table; the cases are read from its folders and files.").format(folder=folder.name)]
    files = _without_strays(files, folder, problems)
    parts = _below_common([path.relative_to(folder).parts for path in files])
    split = all(len(names) > 1 and names[0].casefold() in TRAIN | VALIDATION | TEST for names in parts)
    tops = [names[split:] for names in parts]
    rows = pd.DataFrame({"path": [path.relative_to(folder).as_posix() for path in files], "stem": _stems(files)})
    rows["kind"] = [str(_kind(path)) for path in files]
    rows["split"] = [names[0] for names in parts] if split else None
    rows["top"] = [names[0] if len(names) > 1 else "" for names in tops]
    rows["inner"] = [names[1] if len(names) > 2 else "" for names in tops]
    rows = turned(without_outlines(rows, problems), problems)
    if _folders_are_inputs(rows):
        return Raw(_by_input(rows, problems), problems)
    return Raw(_by_class(rows, problems), problems)


def _without_strays(files: list[Path], folder: Path, problems: list[str]) -> list[Path]:
    """Files without a few of other kinds, such as lists of classes and check sums, that are called as no case is."""
    kinds = {path: _kind(path) for path in files}
    chief, count = Counter(kinds.values()).most_common(1)[0]
    stems = {path.stem for path in files if kinds[path] is chief}
    others = [path for path in files if kinds[path] is not chief and path.stem not in stems]
    if not others or len(others) > _STRAYS * count:
        return files
    problems.append(
        counted(
            len(others),
            "{count} file of another kind, {file}, is not a case and is not used.",
            "{count} files of another kind, such as {file}, are not cases and are not used.",
            file=others[0].relative_to(folder).as_posix(),
        )
    )
    return [path for path in files if path not in set(others)]


def _below_common(parts: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The same without folders that all files share and that hold folders again: they divide nothing."""
    while all(len(names) > 2 and names[0] == parts[0][0] for names in parts):
        parts = [names[1:] for names in parts]
    return parts


def _media(folder: Path) -> list[Path]:
    files: list[Path] = []
    for place, inner, names in os.walk(folder):
        inner[:] = [name for name in sorted(inner) if not name.startswith(".")]
        files += [path for name in sorted(names) if (path := Path(place) / name) and _is_value(path)]
        if len(files) > _MOST:
            raise BadInput(
                _("{folder} holds more than {count} files.").format(folder=folder.name, count=_MOST),
                _("Put a table beside them that names the files of each case."),
            )
    return _without_segments(files)


def _without_segments(files: list[Path]) -> list[Path]:
    """Files without those that are read as parts of another, as the segments of a record are."""
    headers = [path for path in files if path.suffix.lower() == ".hea"]
    parts = {part for header in headers for part in readers.files_of(header) if part != header}
    return [path for path in files if path not in parts]


def _is_value(path: Path) -> bool:
    if path.name.startswith(".") or path.stem.casefold() in ("readme", "license", "licence"):
        return False
    return _kind(path) is not None and not (path.suffix.lower() == ".dat" and path.with_suffix(".hea").is_file())


def _kind(path: Path) -> Kind | None:
    """By the suffix where that settles it, so that thousands of files need not be opened."""
    return _KINDS[suffix] if (suffix := path.suffix.lower()) in _KINDS else readers.kind_of(path)


_KINDS = {
    ".png": Kind.IMAGE, ".jpg": Kind.IMAGE, ".jpeg": Kind.IMAGE, ".wav": Kind.SIGNAL, ".npy": Kind.SIGNAL,
    ".hea": Kind.SIGNAL,
}  # fmt: skip


def _stems(files: list[Path]) -> list[str]:
    return [path.name.split(".")[0] if path.name.endswith(".gz") else path.stem for path in files]


def _folders_are_inputs(rows: pd.DataFrame) -> bool:
    """Whether the folders hold different inputs of the same cases, not the cases of different classes."""
    folders = {str(name): part for name, part in rows.groupby("top") if name}
    if len(folders) < 2 or len(folders) > 12:
        return False
    stems = [set(part["stem"]) for part in folders.values()]
    shared = sum(len(stems[0] & other) >= _SAME * min(len(stems[0]), len(other)) for other in stems[1:])
    if not shared:
        return False
    kinds = {part["kind"].mode()[0] for part in folders.values()}
    return len(kinds) == len(folders) or all(set(words(name)) & _OF_INPUTS for name in folders)


def _by_input(rows: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    problems.append(
        _("Its folders hold inputs of the same cases: {names}. Files with the same name belong together.").format(
            names=list_of(sorted({name for name in rows["top"] if name}))
        )
    )
    cases: dict[str, dict[str, str | None]] = defaultdict(dict)
    for row in rows.itertuples():
        case = cases[str(row.stem)]
        case.setdefault("split", row.split)
        _enter(case, str(row.top or row.kind), str(row.path), problems)
    return _frame(cases)


def _by_class(rows: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    labels = Counter(name for name in rows["top"] if name)
    if len(labels) > 1:
        problems.append(
            _("Its folders are taken as classes: {names}.").format(
                names=first_of([f"{name} ({count})" for name, count in labels.most_common()], 12)
            )
        )
    place = [f"{row.split or ''}/{row.top}/{row.inner}/{row.stem}" for row in rows.itertuples()]
    once = len({*place}) == len({*rows["stem"]})
    cases: dict[str, dict[str, str | None]] = defaultdict(dict)
    for row, where in zip(rows.itertuples(), place, strict=True):
        id = str(row.stem) if once else "-".join(part for part in where.split("/") if part)
        case = cases[id]
        case |= {"split": row.split, "label": row.top or None if len(labels) > 1 else None, "group": row.inner or None}
        _enter(case, str(row.kind), str(row.path), problems)
    return _frame(cases)


def _enter(case: dict[str, str | None], column: str, path: str, problems: list[str]) -> None:
    """The first file of a kind is the case's; another one of the same name is told."""
    if column in case:
        problems.append(_("{file} is not used: {other} is the same case.").format(file=path, other=case[column]))
    case.setdefault(column, path)


def _frame(cases: Mapping[str, Mapping[str, str | None]]) -> pd.DataFrame:
    frame = pd.DataFrame({"id": list(cases)}).join(pd.DataFrame(list(cases.values()), dtype=object))
    frame = frame.dropna(axis="columns", how="all")
    return frame.astype(object).where(frame.notna(), None)
