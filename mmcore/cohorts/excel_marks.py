"""What an Excel sheet holds besides its cells: hidden rows and columns, merged cells, formulas without a result."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree import ElementTree

import pandas as pd

from mmcore.base.name_lists import first_of
from mmcore.base.settings import counted

_MARKS = re.compile(rb'hidden="|<(\w+:)?f[ >]|t="e"|<(\w+:)?mergeCell ')
_PIECE, _OVERLAP = 2**20, 64
_NAMED = 5  # rows or columns that are named
_TAG = re.compile(r"^\{.*\}")
_RELATION = re.compile(r"\}id$")


@dataclass
class SheetMarks:
    """Rows and columns count from 0. uncomputed, errors: column -> rows. merged: first row and column, last ones."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    uncomputed: dict[int, list[int]] = field(default_factory=dict)
    errors: dict[int, list[int]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def marks_of(path: Path, sheet: str) -> SheetMarks:
    """The marks of one sheet; none where its file is built in another way than the standard says."""
    with zipfile.ZipFile(path) as archive:
        name = _place_of(archive, sheet)
        if name is None:
            return SheetMarks()
        with archive.open(name) as source:
            if not _has_marks(source):
                return SheetMarks()
        with archive.open(name) as source:
            return _marks(source)


def unhidden(book: pd.ExcelFile) -> list[int]:
    """Numbers of the sheets as they are to be looked at: those that Excel shows come first."""
    states = [getattr(sheet, "sheet_state", "visible") for sheet in book.book.worksheets]
    return sorted(range(len(states)), key=lambda number: states[number] != "visible")


def fill_merged(cells: pd.DataFrame, marks: SheetMarks, problems: list[str]) -> None:
    """A cell that is merged over several rows holds for all of them."""
    filled = []
    for top, left, bottom, right in marks.merged:
        if top < bottom and left == right < cells.shape[1] and bottom < len(cells):
            cells.iloc[top : bottom + 1, left] = cells.iat[top, left]
            filled.append((top, bottom, cells.iat[top, left]))
    if filled:
        top, bottom, cell = filled[0]
        problems.append(
            counted(
                len(filled),
                "{count} cell is merged over several rows in Excel; its content, '{cell}', is used for each of the "
                "rows {first} to {last}.",
                "{count} cells are merged over several rows in Excel; their content is used for each of these "
                "rows, such as '{cell}' for rows {first} to {last}.",
                cell=str(cell)[:40],
                first=top + 1,
                last=bottom + 1,
            )
        )


def sentences(marks: SheetMarks, name_of: Callable[[int], str], header: int) -> list[str]:
    """What is told of a sheet whose header lies in this row. name_of: the name of a column of this number."""
    notes = []
    if rows := [row for row in marks.hidden_rows if row > header]:
        notes.append(
            counted(
                len(rows),
                "{count} row is hidden in Excel, but is read as a case: {rows}.",
                "{count} rows are hidden in Excel, but are read as cases: {rows}.",
                rows=first_of([str(row + 1) for row in rows], _NAMED),
            )
        )
    columns = [name for column in sorted(marks.hidden_columns) if (name := name_of(column))]
    if columns:
        notes.append(
            counted(
                len(columns),
                "{count} column is hidden in Excel, but is read: {columns}.",
                "{count} columns are hidden in Excel, but are read: {columns}.",
                columns=first_of([f"'{name}'" for name in columns], _NAMED),
            )
        )
    for column, places in marks.uncomputed.items():
        notes.append(
            counted(
                len(places),
                "Column '{column}': {count} cell, in row {row}, holds a formula that was never computed; it counts "
                "as missing. Open the file in Excel, let it compute, and save it again.",
                "Column '{column}': {count} cells hold a formula that was never computed, the first in row {row}; "
                "they count as missing. Open the file in Excel, let it compute, and save it again.",
                column=name_of(column) or _letters(column),
                row=places[0] + 1,
            )
        )
    for column, places in marks.errors.items():
        notes.append(
            counted(
                len(places),
                "Column '{column}': {count} cell, in row {row}, holds an Excel error; it counts as missing.",
                "Column '{column}': {count} cells hold an Excel error, the first in row {row}; they count as missing.",
                column=name_of(column) or _letters(column),
                row=places[0] + 1,
            )
        )
    return notes


def _place_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    relation = None
    for part in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if _plain(part) == "sheet" and part.get("name") == sheet:
            relation = next((value for key, value in part.attrib.items() if _RELATION.search(key)), None)
    for part in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")).iter():
        if part.get("Id") == relation and relation:
            target = part.get("Target", "")
            place = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
            return place if place in names else None
    return None


def _has_marks(source: IO[bytes]) -> bool:
    """Most sheets have none, and need not be parsed once more."""
    tail = b""
    while piece := source.read(_PIECE):
        if _MARKS.search(tail + piece):
            return True
        tail = piece[-_OVERLAP:]
    return False


def _marks(source: IO[bytes]) -> SheetMarks:
    marks, row = SheetMarks(), -1
    for event, part in ElementTree.iterparse(source, events=("start", "end")):
        name = _plain(part)
        if event == "start":
            if name == "row":
                row = int(part.get("r", row + 2)) - 1
            continue
        if name == "row":
            if _true(part.get("hidden")) and any(_plain(cell) == "c" and len(cell) for cell in part):
                marks.hidden_rows.append(row)
            for place, cell in enumerate(cell for cell in part if _plain(cell) == "c"):
                _enter_cell(marks, cell, row, place)
            part.clear()
        elif name == "col" and _true(part.get("hidden")):
            first = int(part.get("min", 1)) - 1
            marks.hidden_columns |= set(range(first, min(int(part.get("max", first + 1)), first + 16384)))
        elif name == "mergeCell" and (match := re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", part.get("ref", ""))):
            marks.merged.append((int(match[2]) - 1, _number(match[1]), int(match[4]) - 1, _number(match[3])))
    return marks


def _enter_cell(marks: SheetMarks, cell: ElementTree.Element, row: int, place: int) -> None:
    parts = {_plain(part): part for part in cell}
    error = cell.get("t") == "e"
    empty = "v" not in parts or not (parts["v"].text or "").strip()
    uncomputed = "f" in parts and empty and cell.get("t") not in ("str", "inlineStr")  # ="" computes to nothing
    if error or uncomputed:
        match = re.match(r"[A-Z]+", cell.get("r", ""))
        column = _number(match[0]) if match else place
        (marks.errors if error else marks.uncomputed).setdefault(column, []).append(row)


def _plain(part: ElementTree.Element) -> str:
    return _TAG.sub("", str(part.tag))


def _true(text: str | None) -> bool:
    return text in ("1", "true")


def _number(letters: str) -> int:
    """ "A" is 0, "AA" is 26."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _letters(number: int) -> str:
    number, text = number + 1, ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
