"""What stands above a table's header: comments and titles that programs write there."""

from __future__ import annotations

import csv
import re
from itertools import islice

_COMMENT = re.compile(r"^\s*(#|%|//)")
_MARKS = ",;\t|"
_CUTS = re.compile(f"[{_MARKS}]")
_LOOKED, _MOST = 20, 6  # lines that are looked at, and that may stand above a header
_SAME_WIDTH = 5  # lines below a title, cut into the same number of pieces


def without_preamble(text: str) -> tuple[str, list[str]]:
    """The text from its header on, and the lines above it."""
    above: list[str] = []
    while len(above) < _MOST:
        line, newline, rest = text.partition("\n")
        if not newline or not (_is_comment(line, rest) or _is_title(line, rest)):
            break
        above.append(line.strip())
        text = rest.lstrip("\r\n")
    return (text, above) if _width(text.partition("\n")[0]) else ("\n".join([*above, text]), [])


def _is_comment(line: str, rest: str) -> bool:
    """A line that begins with a mark and is cut into other pieces than the first line without one."""
    if not _COMMENT.match(line):
        return False
    below = next((other for other in _lines(rest) if not _COMMENT.match(other)), "")
    return bool(below) and len(_CUTS.split(below)) != len(_CUTS.split(line))


def _is_title(line: str, rest: str) -> bool:
    """A line of which one cell is filled, or none, above lines that are all cut into the same three pieces or more.

    By one separator: between semicolons, commas are decimal commas or stand in notes. No title is a line that another
    separator cuts as it cuts those below.
    """
    below = _lines(rest)
    return any(_stands_above(line, below, mark) for mark in _MARKS) and not any(
        _cuts_evenly(line, below, mark) for mark in _MARKS
    )


def _cuts_evenly(line: str, below: list[str], mark: str) -> bool:
    """Whether a line holds as many cells as most of those below it; of three or more one less, for names of rows."""
    filled, more = _filled(line, mark), [len(_cells(other, mark)) - len(_cells(line, mark)) for other in below]
    return filled > 1 and 2 * sum(own == 0 or (own == 1 and filled > 2) for own in more) > len(below)


def _stands_above(line: str, below: list[str], mark: str) -> bool:
    if _filled(line, mark) > 1:
        return False
    wide = [other for other in below if _filled(other, mark) > 1][:_SAME_WIDTH]
    widths = {len(_cells(other, mark)) for other in wide}
    return len(wide) == _SAME_WIDTH and len(widths) == 1 and widths.pop() >= 3 and _filled(wide[0], mark) >= 3


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark, skipinitialspace=True), [])
    except csv.Error:  # a bare carriage return, or a cell beyond all measure
        return line.split(mark)


def _filled(line: str, mark: str) -> int:
    return sum(bool(cell.strip(' "')) for cell in _cells(line, mark))


def _lines(text: str) -> list[str]:
    head = text[:65536]
    return list(islice((line for line in head.splitlines() if line.strip()), _LOOKED))


def _width(line: str) -> int:
    """How many cells are filled."""
    return sum(bool(cell.strip(' "')) for cell in _CUTS.split(line))
