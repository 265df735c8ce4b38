"""Files that hold a table: CSV, TSV, Excel and Parquet -> raw cells, and what was odd about the file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput
from mmcore.base.modules import missing_packages
from mmcore.base.name_lists import first_of
from mmcore.base.settings import _, counted
from mmcore.cohorts import excel_marks, excel_sheets, json_tables
from mmcore.cohorts.below_the_table import without_notes, without_second_table
from mmcore.cohorts.blank_rows import without_blank_rows
from mmcore.cohorts.nested_cells import read_parquet, recordings_in, with_fields, written
from mmcore.cohorts.units_row import without_units
from mmcore.readers.delimited import cells_of, divided
from mmcore.readers.encodings import decode
from mmcore.readers.text_remarks import guessed_encoding

EXCEL = (".xlsx", ".xlsm")
SUFFIXES = (".csv", ".tsv", ".parquet", *EXCEL)
TEXTS = (".txt", ".tab", ".data")  # tables, too, where every line is divided alike
MAX_BYTES, MAX_CELLS = 2**30, 50_000_000  # of a table file, and of the table in it

Blob = tuple[str, bytes]  # a file inside a cell: its name ("" if it has none) and its content


_HEAD = 2**16  # bytes that tell a table from prose


@dataclass
class Raw:
    """frame: cells as the file holds them. comma_decimals: whether "1,5" is likelier than "1.5". blobs: column ->
    row number -> a file that lies in the cell itself. units: column -> unit, of a line below the header. stacks: input
    -> array with a picture or recording for each row."""

    frame: pd.DataFrame
    problems: list[str] = field(default_factory=list)
    comma_decimals: bool = False
    blobs: dict[str, dict[int, Blob]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    stacks: dict[str, np.ndarray] = field(default_factory=dict)


def read_file(path: Path) -> Raw:
    """Raises BadInput for a file that is no table, has no rows, or names two columns alike."""
    if not path.is_file():
        raise BadInput(_("{file} is not a file.").format(file=path.name), _("Give the path of a table or of a folder."))
    if path.stat().st_size > MAX_BYTES:
        raise BadInput(
            _("{file} has more than {limit} MB.").format(file=path.name, limit=MAX_BYTES // 2**20),
            _("Keep large values in files of their own, and name them in the table."),
        )
    try:
        raw = _raw(path)
    except BadInput:
        raise
    except Exception as error:  # damaged files make pyarrow and openpyxl raise almost anything
        raise BadInput(
            _("{file} cannot be read as a table: {reason}.").format(
                file=path.name, reason=str(error).strip().rstrip(".")[:200]
            ),
            _("Save it again as CSV (UTF-8), with one header line and the same number of cells in every line."),
        ) from error
    if not isinstance(raw.frame.index, pd.RangeIndex):  # Parquet keeps an index apart
        raw.frame = raw.frame.reset_index(
            names=[name or f"index{i or ''}" for i, name in enumerate(raw.frame.index.names)]
        )
    raw.frame.columns = pd.Index([str(name).strip() for name in raw.frame.columns], dtype=object)
    _check(raw.frame, path)
    raw.frame = without_blank_rows(raw.frame, raw.problems)
    raw.frame = without_notes(without_second_table(raw.frame, raw.problems), raw.problems)
    raw.frame, raw.units = without_units(raw.frame, raw.problems)
    _take_out(raw)
    return raw


def divided_text(path: Path) -> bool:
    """Whether a file of text is a table that is not called one."""
    if path.suffix.lower() not in TEXTS or not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD)
    decoded = decode(head if len(head) < _HEAD else head[: head.rfind(b"\n") + 1])
    return decoded is not None and divided(decoded.text)


def holds_html(path: Path) -> bool:
    """Whether a file is a web page, by its suffix or, of one that is called Excel, by its beginning."""
    suffix = path.suffix.lower()
    if suffix not in (".html", ".htm", ".xls", *EXCEL) or not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return suffix in (".html", ".htm") or (head.startswith(b"<") and (b"<table" in head or b"<html" in head))


def _check(frame: pd.DataFrame, path: Path) -> None:
    if frame.empty:
        raise BadInput(
            _("{file} has no rows.").format(file=path.name), _("Give one line per case below a header line.")
        )
    twice = [name for name, count in Counter(frame.columns).items() if count > 1]
    if twice:
        raise BadInput(
            _("{file} has several columns named '{name}'.").format(file=path.name, name=twice[0]),
            _("Give every column its own name."),
        )
    if frame.size > MAX_CELLS:
        raise BadInput(
            _("{file} has {count} cells, more than the {limit} that can be opened.").format(
                file=path.name, count=frame.size, limit=MAX_CELLS
            ),
            _("Leave out columns that are not needed."),
        )


def _raw(path: Path) -> Raw:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        problems: list[str] = []
        return Raw(with_fields(read_parquet(path, problems), problems), problems)
    if suffix in json_tables.SUFFIXES:
        problems = []
        return Raw(with_fields(json_tables.read_records(path), problems), problems)
    return _excel(path) if suffix in EXCEL else _text(path)


def _excel(path: Path) -> Raw:
    if reason := missing_packages("openpyxl"):
        raise BadInput(_("{file}: Excel files cannot be read here.").format(file=path.name), reason)
    with pd.ExcelFile(path) as book:
        sheets, order = [str(name) for name in book.sheet_names], excel_marks.unhidden(book)
        shown = [str(book.book.worksheets[number].sheet_state) == "visible" for number in range(len(sheets))]
        first = cells = book.parse(order[0], dtype=object, keep_default_na=False, header=None)
        chosen = order[0]
        for number in order[1:]:  # a sheet that tells about the others comes first in many files
            if excel_sheets.is_table(cells):
                break
            cells, chosen = book.parse(number, dtype=object, keep_default_na=False, header=None), number
        if not excel_sheets.is_table(cells):
            cells, chosen = first, order[0]
    problems = []
    if len(sheets) > 1:
        problems.append(
            _("{file} has {count} sheets; '{name}' is read.").format(
                file=path.name, count=len(sheets), name=sheets[chosen]
            )
        )
    if not all(shown):
        hidden = [name for name, seen in zip(sheets, shown, strict=True) if not seen]
        hidden = hidden if shown[chosen] else [sheets[chosen]]
        problems.append(
            (
                _("{file}: hidden in Excel and not read: {names}.")
                if shown[chosen]
                else _("{file}: sheet {names} is hidden in Excel, but is read, because no other sheet holds a table.")
            ).format(file=path.name, names=first_of([f"'{name}'" for name in hidden], 5))
        )
    marks = excel_marks.marks_of(path, sheets[chosen])
    excel_marks.fill_merged(cells, marks, problems)
    header, names = excel_sheets.header_of(cells)
    problems += excel_marks.sentences(marks, lambda column: names.get(column, ""), header)
    return Raw(excel_sheets.with_header(cells, path.name, problems), problems)


def _text(path: Path) -> Raw:
    try:
        decoded = decode(path.read_bytes())
    except OSError as error:
        raise BadInput(
            _("{file} cannot be read: {reason}.").format(file=path.name, reason=error.strerror),
            _("Check the file and its permissions."),
        ) from error
    if decoded is None:
        raise BadInput(
            _("{file} is not a CSV table: it holds binary content.").format(file=path.name),
            _("Save it as CSV (UTF-8)."),
        )
    if not decoded.text.strip():
        raise BadInput(
            _("{file} is empty.").format(file=path.name), _("Give a header line, and one line per case below it.")
        )
    cells = cells_of(decoded.text)
    guessed = [guessed_encoding(path.name, decoded.guessed)] if decoded.guessed else []
    return Raw(cells.table, [*guessed, *cells.problems], comma_decimals=cells.separator in (";", "\t"))


def _take_out(raw: Raw) -> None:
    """Files inside cells, durations and lists: what a cell of text or number cannot hold."""
    for name, dtype in raw.frame.dtypes.items():
        if isinstance(dtype, pd.StringDtype):
            continue  # text alone, as in all columns of a CSV file, of which there may be thousands
        column = raw.frame[name]
        if pd.api.types.is_timedelta64_dtype(column):
            raw.frame[name] = column.dt.total_seconds()
            raw.problems.append(_("Column '{column}' holds durations; they are read as seconds.").format(column=name))
            continue
        first = next((cell for cell in column if cell is not None), None)
        if _is_files(first):
            column = _first_files(column, str(name), raw.problems)
            first = next((cell for cell in column if cell is not None), None)
        if isinstance(first, (bytes, bytearray)) or (isinstance(first, dict) and "bytes" in first):
            blobs = {row: blob for row, cell in enumerate(column) if (blob := _blob(cell)) is not None}
            raw.frame[name] = [_file_name(cell) for cell in column]
            if blobs:
                raw.blobs[name] = blobs
        elif isinstance(first, np.ndarray):
            recordings = recordings_in(column)
            if recordings:
                raw.blobs[name] = dict(recordings)
                raw.problems.append(
                    _("Column '{column}' holds lists of numbers; they are read as recordings.").format(column=name)
                )
            raw.frame[name] = [
                written(cell) if not recordings else f"{name} [{row}]" for row, cell in enumerate(column)
            ]


def _is_files(cell: object) -> bool:
    """Whether a cell lists files, as data hubs keep several pictures of a case."""
    return isinstance(cell, np.ndarray) and cell.size > 0 and isinstance(cell[0], dict) and "bytes" in cell[0]


def _first_files(column: pd.Series, name: str, problems: list[str]) -> pd.Series:
    """The first file of each cell; what is left out is told."""
    more = sum(isinstance(cell, np.ndarray) and len(cell) > 1 for cell in column)
    if more:
        problems.append(
            counted(
                more,
                "Column '{column}': {count} cell holds several files; the first of them is read.",
                "Column '{column}': {count} cells hold several files; the first of each is read.",
                column=name,
            )
        )
    return column.map(lambda cell: cell[0] if _is_files(cell) else None)


def _blob(cell: object) -> Blob | None:
    if isinstance(cell, (bytes, bytearray)):
        return "", bytes(cell)
    if isinstance(cell, dict) and isinstance(cell.get("bytes"), bytes):
        return str(cell.get("path") or ""), cell["bytes"]
    return None


def _file_name(cell: object) -> str | None:
    """What a cell that holds a file says in the table."""
    if isinstance(cell, dict):
        return cell.get("path") or (_("{count} bytes").format(count=len(cell["bytes"])) if cell.get("bytes") else None)
    return _("{count} bytes").format(count=len(cell)) if isinstance(cell, (bytes, bytearray)) else None
