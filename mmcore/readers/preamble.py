"""What stands above a table's header: comments and titles that programs write there."""

from __future__ import annotations

import re
from itertools import islice

_COMMENT = re.compile(r"^\s*(#|%|//)")
_CUTS = re.compile(r"[,;\t|]")
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
    """A line of which one cell is filled, or none, above lines that are all cut into the same three pieces or more."""
    if _width(line) > 1:
        return False
    below = [line for line in _lines(rest) if _width(line) > 1]
    widths = {len(_CUTS.split(other)) for other in below[:_SAME_WIDTH]}
    return (
        len(below) >= _SAME_WIDTH and len(widths) == 1 and widths.pop() >= 3 and all(_width(b) >= 3 for b in below[:1])
    )


def _lines(text: str) -> list[str]:
    head = text[:65536]
    return list(islice((line for line in head.splitlines() if line.strip()), _LOOKED))


def _width(line: str) -> int:
    """How many cells are filled."""
    return sum(bool(cell.strip(' "')) for cell in _CUTS.split(line))
