"""Text of commas, semicolons, tabs, bars or spaces -> cells, strictly: no cell is dropped or moved without a word."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from mmcore.base.settings import _, counted
from mmcore.readers.preamble import without_preamble

SPACES = r"\s+"  # the separator of columns that are set apart by any number of spaces
_SEPARATORS = (",", ";", "\t", "|", "^", "~")
_SEP_LINE = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)  # Excel's own way to name the separator
_LOOKED = 30  # records that are looked at to tell the separator
_WALKED = 32 * 2**20  # characters up to which every line is looked at
_FEWEST = 3  # lines of a table
_NAMED = 3  # lines that are named one by one

_COMMA_NUMBER = re.compile(r"[-+]?\d+(,\d+)?([eE][-+]?\d+)?$")

csv.field_size_limit(2**26)  # a note may be longer than the 128 kB of the standard library


@dataclass
class Cells:
    """table: all cells as str, empty ones as "". problems: what was odd about the lines, a sentence each."""

    table: pd.DataFrame
    separator: str
    problems: list[str] = field(default_factory=list)


def first_cells(text: str) -> list[str]:
    """The cells of the first line."""
    body, separator, _above = _body(text)
    return next((cells for cells in _records(_head(body, 1), separator)), [])


def divided(text: str) -> bool:
    """Whether the first lines of a text are all cut into the same cells, as no prose is."""
    body, separator, _above = _body(text)
    widths = [len(cells) for cells in _records(_head(body, _LOOKED), separator) if any(cells)]
    return separator != SPACES and len(widths) >= _FEWEST and len(set(widths)) == 1 and widths[0] > 1


def cells_of(text: str, *, header: bool = True, quote: bool = True) -> Cells:
    """All cells. Without header the columns are numbered from 0. quote: whether what is told may repeat a line that is
    left out; those above a recording name its patient.

    Raises ValueError with the reason for lines longer than the first, a quote without end, and columns of one name.
    """
    body, separator, above = _body(text)
    names = next((cells for cells in _records(_head(body, 1), separator)), [])
    if header:
        twice = [name for name, count in Counter(names).items() if count > 1 and name]
        if twice:
            raise ValueError(_("several columns are named '{name}'").format(name=twice[0]))
    try:
        table = pd.read_csv(
            io.StringIO(body), sep=separator, header=0 if header else None, dtype=str, keep_default_na=False,
            skipinitialspace=separator != SPACES, low_memory=False,
        )  # fmt: skip
    except pd.errors.ParserError as error:
        if match := re.search(r"EOF inside string starting at row (\d+)", str(error)):
            line = int(match[1]) + 1
            raise ValueError(_("a quote that opens in line {line} never closes").format(line=line)) from error
        raise
    if not isinstance(table.index, pd.RangeIndex):  # pandas took the first cells for names of the lines
        raise ValueError(_("its lines have more cells than its header line"))
    problems = list(_odd_lines(body, separator, len(table.columns)))
    if above:
        problems.insert(0, _of_lines_above(above, quote))
    if _ends_early(table):
        table = table.fillna("")
    return Cells(table, separator, problems)


def _ends_early(table: pd.DataFrame) -> bool:
    """Whether a line has fewer cells than the header: its last cell is then lacking, as no empty one is."""
    return table.shape[1] > 0 and bool(table.iloc[:, -1].isna().any())


def _of_lines_above(above: list[str], quote: bool) -> str:
    if quote:
        return lines_above(len(above), above[0])
    return counted(
        len(above),
        "{count} line above the header is not part of the table and was skipped.",
        "{count} lines above the header are not part of the table and were skipped.",
    )


def lines_above(count: int, first: str) -> str:
    """What is told of lines above the header, the first of which is quoted."""
    return counted(
        count,
        "{count} line above the header is not part of the table and was skipped: '{line}'.",
        "{count} lines above the header are not part of the table and were skipped, such as '{line}'.",
        line=first[:60],
    )


def _odd_lines(body: str, separator: str, width: int) -> Iterator[str]:
    """What is told of lines that end early, and of quotes left open: those make the next lines part of one cell."""
    if width < 2 or separator == SPACES or len(body) > _WALKED:
        return
    lines = body.splitlines(keepends=True)
    reader, before, hits, short = _reader(lines, separator), 0, [], []
    for record in reader:
        if record and len(record) < width:
            short.append(reader.line_num)
        if reader.line_num > before + 1:
            inside = sum(_whole(line, separator, width) for line in lines[before + 1 : reader.line_num])
            inside += _closes(lines[reader.line_num - 1], lines[before], separator, width)
            hits += [(before + 1, reader.line_num, inside)] if inside else []
        before = reader.line_num
    if short:
        yield counted(
            len(short),
            "{count} line has fewer cells than the header: line {first}. The cells that are lacking count as missing.",
            "{count} lines have fewer cells than the header (the first is line {first}). The cells that are lacking "
            "count as missing.",
            first=short[0],
        )
    for first, last, inside in hits[:_NAMED]:
        yield counted(
            inside,
            "A quote that opens in line {first} closes only in line {last}: {count} line that looks like a case of its "
            "own became part of one cell. Check the quotes there.",
            "A quote that opens in line {first} closes only in line {last}: {count} lines that look like cases of "
            "their own became part of one cell. Check the quotes there.",
            first=first,
            last=last,
        )
    if len(hits) > _NAMED:
        yield counted(
            len(hits) - _NAMED,
            "{count} more quote swallows lines that look like cases.",
            "{count} more quotes swallow lines that look like cases.",
        )


def _whole(line: str, separator: str, width: int) -> bool:
    """Whether a line is a record by itself, with all its quotes closed."""
    return line.count('"') % 2 == 0 and len(next(_reader([line], separator), [])) == width


def _closes(line: str, opening: str, separator: str, width: int) -> bool:
    """Whether the line in which a quote ends is a record but for that quote: as wide as others, and begun as that in
    which the quote opens."""
    if line.count('"') % 2 == 0:
        return False
    cells, others = line.replace('"', "").split(separator), opening.split(separator)
    return len(cells) == width and beginning(cells[0]) == beginning(others[0])


def beginning(cell: str) -> str:
    """What a row's first cell looks like, whatever its numbers: p12 and p7 are alike."""
    return re.sub(r"\d+", "0", cell.strip())


def _body(text: str) -> tuple[str, str, list[str]]:
    """The text from its header on, the separator, and lines that stand above the header."""
    text = text.lstrip("\r\n")
    first, _newline, rest = text.partition("\n")
    named = _SEP_LINE.match(first)
    if named:
        return rest.lstrip("\r\n"), named.group(1), []
    text, above = without_preamble(text)
    head = _head(text, _LOOKED)
    best, most = ",", (0.0, 0)
    for separator in filter(head.__contains__, _SEPARATORS):
        widths = [len(cells) for cells in _records(head, separator)]
        if widths and widths[0] > 1:
            agreeing = sum(width == widths[0] for width in widths) / len(widths)
            best, most = max((best, most), (separator, (round(agreeing, 1), widths[0])), key=lambda pair: pair[1])
    if best == "," and (apart := _decimal_commas(head)):
        return text, apart, above
    return text, SPACES if most[1] == 0 and _spaced(head) else best, above


def _decimal_commas(head: str) -> str | None:
    """What stands between numbers that are all written with a comma: 0,5;1,2 is two of them and not three."""
    for separator in (";", "\t", SPACES):
        rows = list(_records(head, separator))
        if all(len(cells) > 1 and all(map(_COMMA_NUMBER.match, cells)) for cells in rows):
            return separator
    return None


def _spaced(head: str) -> bool:
    """Whether spaces cut every line into the same number of cells; a single line must hold numbers in all of many."""
    lines = [line.split() for line in head.splitlines() if line.strip()]
    if len(lines) == 1:
        return len(lines[0]) > _LOOKED and all(re.fullmatch(r"[-+\d.eE]+", cell) for cell in lines[0])
    return len({*map(len, lines)}) == 1 and len(lines[0]) > 1


def _head(text: str, records: int) -> str:
    """The first lines, up to so many of them that are not blank (quotes may run over lines: a few more)."""
    lines = (line for line in io.StringIO(text) if line.strip())
    return "".join(line for line, _n in zip(lines, range(records * 4), strict=False))


def _records(head: str, separator: str) -> Iterator[list[str]]:
    if separator == SPACES:
        yield from (line.split() for line in head.splitlines() if line.strip())
        return
    try:
        for number, cells in enumerate(_reader(io.StringIO(head), separator)):
            if number >= _LOOKED:
                return
            yield [cell.strip() for cell in cells]
    except csv.Error:  # a line without end, of which pandas has more to say
        return


def _reader(lines: Iterable[str], separator: str) -> Any:
    return csv.reader(lines, delimiter=separator, skipinitialspace=True)
