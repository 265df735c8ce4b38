"""The words of a Word document: paragraphs, tables within tables, and what was inserted under tracked changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from mmcore.base.settings import _

_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOT_SHOWN = {"del", "moveFrom", "Fallback", "pPr", "rPr"}  # deleted, moved away, and twins of text boxes
_COUNTED = ("del", "ins", "moveFrom", "drawing", "pict")
_DEEPEST = 30  # tables within tables


def lines_of(body: Any, remarks: list[str], filename: str) -> list[str]:
    """A line for each paragraph and each row of a table; cells are divided by tabs. What is left out is told.

    body: the element of a document that holds its paragraphs. A cell that spans several rows or columns comes once.
    """
    counts: Counter[str] = Counter()
    lines = list(_lines(body, counts, 0))
    if counts["del"] + counts["moveFrom"] + counts["ins"]:
        remarks.append(
            _("{file} holds tracked changes; it is read as if all of them were accepted.").format(file=filename)
        )
    if counts["drawing"] + counts["pict"]:
        remarks.append(_("The pictures in {file} are not read.").format(file=filename))
    return lines


def _lines(body: Any, counts: Counter[str], depth: int) -> Iterator[str]:
    for part in body:
        name = _name(part)
        counts[name] += name in _COUNTED
        if name == "p":
            yield _paragraph(part, counts, depth)
        elif name == "tbl" and depth < _DEEPEST:
            yield from _rows(part, counts, depth)
        elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from _lines(part, counts, depth)


def _rows(table: Any, counts: Counter[str], depth: int) -> Iterator[str]:
    for row in _within(table, "tr"):
        cells = []
        for cell in _within(row, "tc"):
            goes_on = [mark for mark in cell.iterfind("./{*}tcPr/{*}vMerge") if _value(mark) != "restart"]
            cells.append("" if goes_on else "\n".join(_lines(cell, counts, depth + 1)).strip("\n"))
        if any(cells):
            yield "\t".join(cells)


def _within(part: Any, name: str) -> Iterator[Any]:
    """The parts of this name right below, and inside of wrappers."""
    for inner in part:
        if _name(inner) == name:
            yield inner
        elif _name(inner) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _within(inner, name)


def _paragraph(part: Any, counts: Counter[str], depth: int) -> str:
    boxes: list[str] = []
    text = "".join(_runs(part, counts, boxes, depth))
    return "\n".join([text, *boxes]) if boxes else text


def _runs(part: Any, counts: Counter[str], boxes: list[str], depth: int) -> Iterator[str]:
    for inner in part:
        name = _name(inner)
        counts[name] += name in _COUNTED and not (name in ("drawing", "pict") and _has_text(inner))
        if name == "t":
            yield inner.text or ""
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name == "txbxContent":
            if depth < _DEEPEST:
                boxes += _lines(inner, counts, depth + 1)
        elif name not in _NOT_SHOWN:
            yield from _runs(inner, counts, boxes, depth)


def _has_text(drawing: Any) -> bool:
    return drawing.find(".//{*}txbxContent") is not None


def _name(part: Any) -> str:
    return str(part.tag).rpartition("}")[2]


def _value(part: Any) -> str:
    return next((value for key, value in part.attrib.items() if key.endswith("}val")), "")
