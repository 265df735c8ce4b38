"""Folders of the Brain Imaging Data Structure: participants.tsv, and files of each subject below sub-*/."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pandas as pd

from mmcore import readers
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted
from mmcore.base.values import Kind
from mmcore.cohorts.allowed import may_open
from mmcore.cohorts.cohort_table import CaseTable

PARTICIPANTS = "participants.tsv"
_LOOKED = 2000  # files of a subject that are looked through
_TABLES = (".tsv", ".csv", ".txt")  # of events, scans and channels, beside the files they tell of
_SHARE = 0.5  # of the subjects that must have a kind of file


def with_files_of_subjects(given: CaseTable, path: Path) -> pd.DataFrame:
    """The table with a column for what was recorded of subjects (T1w, eeg ..): the first file of each, by its path.

    given: with the ids of the subjects. path: of its file. Several files of a subject are told in its problems.
    """
    table, problems, folder = given.table, given.problems, path.parent
    if path.name != PARTICIPANTS or not any((folder / _folder_of(id)).is_dir() for id in table.index):
        return table
    columns, rare = {}, list[str]()
    for name, files in _by_suffix(folder, table.index).items():
        if name in table:
            continue
        if len(files) < _SHARE * len(table):
            rare.append(name)
            continue
        columns[name] = pd.Series(
            [next(iter(files.get(id, [])), None) for id in table.index], table.index, dtype=object
        )
        several = [paths for paths in files.values() if len(paths) > 1]
        if several:
            problems.append(
                counted(
                    len(several),
                    "{count} subject has several files of '{name}' (sessions or runs); the first is read, {file}.",
                    "{count} subjects have several files of '{name}' (sessions or runs); the first of each is read, "
                    "such as {file}.",
                    name=name,
                    file=several[0][0],
                )
            )
    if rare:
        problems.append(
            _("Fewer than half of the subjects have files of these kinds, which are not read: {names}.").format(
                names=list_of(rare)
            )
        )
    if columns:
        problems.append(_("The files of the BIDS folder are the inputs: {names}.").format(names=list_of(columns)))
    return table.assign(**columns)


def _by_suffix(folder: Path, ids: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    """What files are called at their end (T1w) -> id -> their paths, in order."""
    files: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for id in ids:
        place = folder / _folder_of(id)
        if place.parent != folder or not may_open(place):  # an id is no path
            continue
        for path in sorted(islice(place.rglob("*"), _LOOKED)):
            table = readers.suffix_of(path) in _TABLES
            if path.is_file() and not table and readers.kind_of(path) in (Kind.IMAGE, Kind.SIGNAL):
                name = path.name[: len(path.name) - len(readers.suffix_of(path))].rpartition("_")[2]
                files[name].setdefault(id, []).append(path.relative_to(folder).as_posix())
    return files


def _folder_of(id: str) -> str:
    return id if id.startswith("sub-") else f"sub-{id}"
