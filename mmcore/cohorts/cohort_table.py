"""The table of a cohort: one row a case, numbers as numbers, ids checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput, RolesNeeded
from mmcore.base.name_lists import first_of
from mmcore.base.settings import _, counted
from mmcore.cohorts.array_tables import table_of_arrays
from mmcore.cohorts.cells import has_decimal_commas, has_grouped_points, texts_of, typed
from mmcore.cohorts.column_content import is_identifier
from mmcore.cohorts.grouping import names_persons
from mmcore.cohorts.listing import table_of_files
from mmcore.cohorts.long_tables import turned_over
from mmcore.cohorts.names import column_named, plain
from mmcore.cohorts.plain_numbers import plain_numbers
from mmcore.cohorts.table_files import SUFFIXES, Blob, Raw, read_file

__all__ = ["ARRAYS", "SUFFIXES", "CaseTable", "read_table"]

ARRAYS = ".npz"  # arrays and labels in one file
IDS = ("id", "caseid", "case")
_SCIENTIFIC = r"\d[.,]\d+[eE]\+?\d{2}"  # as Excel shows a number of more than 11 digits
_OUTSIDE = re.compile(r"name|nombre|mrn|nhs|medicalrecord|病历|住院")
_LONGEST_ID = 40  # characters
_UNNAMED = ("unnamed0", "index")  # how pandas writes the names of its rows


class RepeatedIds(RolesNeeded):
    """Ids that occur more than once; `id` is the first of them."""

    def __init__(self, id: str, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.id = id


@dataclass
class CaseTable:
    """table: index = case id. id_column: where the ids came from, None for row numbers. problems: what was odd.

    Columns of numbers are float64; all others hold str, or None where empty. blobs: column -> case id -> the file that
    lies in the cell itself. unread: column -> the cells that are no numbers in a column of numbers, by case id.
    written: column -> some cells as the file has them, of columns of numbers that are written with more than digits.
    units: column -> unit, where a line below the header says them. stacks: input -> array with a row for each case.
    """

    table: pd.DataFrame
    id_column: str | None
    problems: list[str]
    blobs: dict[str, Mapping[str, Blob]] = field(default_factory=dict)
    unread: dict[str, pd.Series] = field(default_factory=dict)
    written: dict[str, list[str]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    stacks: dict[str, np.ndarray] = field(default_factory=dict)


def read_table(path: Path, id_column: str | None = None, group: str | None = None) -> CaseTable:
    """The table of a file, or of a folder without one. id_column, group: what a person says they are; "" is none.

    A few cells of a column of numbers that are none count as missing and are told. An id column that is the group, too,
    may repeat: its cases are then numbered. Raises BadInput for a file that is no table, has no rows, or repeats ids.
    """
    raw = _raw(path)
    problems = raw.problems
    if id_column is None and (person := _person_column(raw.frame)) is not None and person != group:
        id_column = person
        problems.append(_("Column '{column}' differs in every case; it is used as the id.").format(column=person))
    frame, apart = raw.frame, {column_named(name, raw.frame.columns) for name in (id_column, group) if name}
    apart |= {name for name in frame.columns if plain(name) in (*IDS, *_UNNAMED)} | {*raw.blobs}
    numbers = plain_numbers(frame, apart)
    texts = {name: texts_of(frame[name], problems) for name in frame.columns if numbers.get(name) is None}
    point_groups = raw.comma_decimals and any(has_decimal_commas(cells) for cells in texts.values())
    if point_groups:  # then 368.013 is no number with three decimals
        texts |= {name: cells for name, cells in _texts(frame, numbers).items() if has_grouped_points(cells)}
    column = _id_column(texts, id_column)
    ids = _ids(texts, column, group, path, problems) if column else [str(i) for i in range(1, len(frame) + 1)]
    index = pd.Index(ids, dtype=object)
    columns = {name: values for name, values in numbers.items() if values is not None and name not in texts} | {
        name: cells.set_axis(index)
        if name == column or name in raw.blobs
        else typed(cells.set_axis(index), problems, comma_decimals=raw.comma_decimals, point_groups=point_groups)
        for name, cells in texts.items()
    }
    problems += [cut for name in frame.columns if (cut := _cut_short(name, frame))]
    blobs = {name: {ids[row]: blob for row, blob in files.items()} for name, files in raw.blobs.items()}
    unread = {name: odd for name, cells in texts.items() if len(odd := _unread(cells, columns[name]))}
    problems[:0] = turned_over(unread)
    written = {name: some for name, cells in texts.items() if (some := _with_letters(cells, columns[name]))}
    ordered = {name: columns[name] for name in frame.columns}
    return CaseTable(
        pd.DataFrame(ordered, index=index), column, problems, dict(blobs), unread, written, raw.units, raw.stacks
    )


def _raw(path: Path) -> Raw:
    if path.is_dir():
        return table_of_arrays(path) or table_of_files(path)
    if path.suffix.lower() != ARRAYS:
        return read_file(path)
    raw = table_of_arrays(path)
    if raw is None:
        raise BadInput(
            _("{file} holds no array of labels with one label for each case.").format(file=path.name),
            _(
                "Add an array of labels, named y, to the file, or put the file beside a table with one row for "
                "each case."
            ),
        )
    return raw


def _person_column(frame: pd.DataFrame) -> str | None:
    """The first column that numbers persons, where no column is called an id, and each has one case.

    Not one that identifies a person outside the study: names, and numbers of medical records.
    """
    if any(plain(name) in IDS for name in frame.columns):
        return None
    for name in frame.columns:
        if not names_persons(name) or _OUTSIDE.search(plain(name)):
            continue
        cells = frame[name].astype(object).where(frame[name].notna(), "").astype(str).str.strip()
        if cells.ne("").all() and cells.is_unique and cells.str.len().max() <= _LONGEST_ID:
            return str(name)
    return None


def _texts(frame: pd.DataFrame, numbers: Mapping[str, np.ndarray | None]) -> dict[str, pd.Series]:
    """Columns of plain numbers as they are written, where the file holds text."""
    return {
        name: texts_of(frame[name], [])
        for name, values in numbers.items()
        if values is not None and isinstance(frame[name].dtype, pd.StringDtype)
    }


def _with_letters(texts: pd.Series, cells: pd.Series) -> list[str]:
    if not pd.api.types.is_numeric_dtype(cells):
        return []
    some = [cell for cell in texts.head(60) if cell is not None]
    return some if any(cell[-1:].isalpha() or cell[-1:] == "%" for cell in some) else []


def _unread(texts: pd.Series, cells: pd.Series) -> pd.Series:
    """Cells that say something, and are missing among the numbers of their column."""
    if not pd.api.types.is_numeric_dtype(cells):
        return texts[:0]
    lost = cells.isna().to_numpy()
    if not lost.any():
        return texts[:0]
    return texts.set_axis(cells.index)[lost & texts.notna().to_numpy()]


def _cut_short(name: str, frame: pd.DataFrame) -> str | None:
    """A sentence where a spreadsheet wrote long numbers of patients as "1.23E+11", which lost their last digits."""
    if not (is_identifier(name) or names_persons(name)) or pd.api.types.is_numeric_dtype(frame[name]):
        return None
    short = frame[name].dropna().astype(str).str.strip()
    short = short[short.str.fullmatch(_SCIENTIFIC)]
    if short.empty:
        return None
    return counted(
        len(short),
        "Column '{column}': {count} cell holds a number, '{cell}', that lost its last digits in a spreadsheet: "
        "different patients may look the same. Export the table again with this column as text.",
        "Column '{column}': {count} cells hold numbers such as '{cell}', which lost their last digits in a "
        "spreadsheet: different patients may look the same. Export the table again with this column as text.",
        column=name,
        cell=short.iloc[0],
    )


def _id_column(texts: dict[str, pd.Series], wanted: str | None) -> str | None:
    """The column asked for, else one that is called so, else the row names that pandas wrote."""
    if wanted == "":
        return None
    if wanted is not None and (meant := column_named(wanted, texts)) in texts:
        return meant
    named = next((name for name in texts if plain(name) in IDS), None)
    if named is not None:
        return named
    rows = next((name for name in texts if plain(name) in _UNNAMED), None)
    if rows is None or texts[rows].isna().any() or not texts[rows].is_unique:
        return None
    counted = [{str(i) for i in range(first, first + len(texts[rows]))} for first in (0, 1)]
    return None if set(texts[rows]) in counted else rows


def _ids(texts: dict[str, pd.Series], column: str, group: str | None, path: Path, problems: list[str]) -> list[str]:
    cells = texts[column]
    empty = int(cells.isna().sum())
    if empty:
        raise BadInput(
            counted(
                empty,
                "{file}: {count} row has no '{column}'.",
                "{file}: {count} rows have no '{column}'.",
                file=path.name,
                column=column,
            ),
            _("Give every case an id."),
        )
    twice = [id for id, count in Counter(cells).items() if count > 1]
    if not twice:
        return list(cells)
    if group and column_named(group, texts) == column:
        problems.append(
            _("Column '{column}' is the group and repeats; its cases are numbered, such as '{id}'.").format(
                column=column, id=f"{cells.iloc[0]}-1"
            )
        )
        return _numbered(list(cells))
    raise RepeatedIds(
        twice[0],
        counted(
            len(twice),
            "{file}: {count} id occurs more than once in '{column}': {ids}.",
            "{file}: {count} ids occur more than once in '{column}': {ids}.",
            file=path.name,
            column=column,
            ids=first_of(twice, 5),
        ),
        _(
            "If '{column}' names patients with several cases, make it the group; else give every case its own id."
        ).format(column=column),
    )


def _numbered(cells: list[str]) -> list[str]:
    """a, a, b -> a-1, a-2, b-1."""
    seen: Counter[str] = Counter()
    ids = []
    for cell in cells:
        seen[cell] += 1
        ids.append(f"{cell}-{seen[cell]}")
    return ids if len(set(ids)) == len(ids) else [str(i) for i in range(1, len(ids) + 1)]
