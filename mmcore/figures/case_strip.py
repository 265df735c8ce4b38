"""The inputs of one case side by side, as small drawings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mmcore.base.number_text import cell_text
from mmcore.base.values import Kind, Value
from mmcore.cohorts import Cohort
from mmcore.figures import svg, theme
from mmcore.figures.thumbnails import thumbnail

_SIDE, _GAP, _FOOT = 96, 12, 22
_LETTERS = 17  # of a column and its value together
_WIDEST = 1.4  # times as wide where there is room


def strip(cohort: Cohort, alt: str) -> str:
    """SVG: a square for each input of the first case that has them all, its name below."""
    complete = np.logical_and.reduce([cohort.present(name) for name in cohort.inputs])
    id, colours, parts = cohort.ids[int(np.argmax(complete))], theme.colour_of_input(cohort.inputs), []
    for number, (name, spec) in enumerate(cohort.inputs.items()):
        x, value = number * (_SIDE + _GAP), cohort.value(id, name)
        parts.append(
            thumbnail(value, x, 0, _SIDE, colours[name])
            if spec.kind is not Kind.TABLE
            else _cells(value, x, colours[name])
        )
        parts.append(svg.words(name, x + 2, _SIDE + 16, 12, opacity=0.8))
    width = len(cohort.inputs) * (_SIDE + _GAP) - _GAP
    return svg.drawing("".join(parts), width, _SIDE + _FOOT, alt, style=f"max-width:{_WIDEST * width:.0f}px;width:100%")


def _cells(value: Value | None, x: float, colour: str) -> str:
    """The first columns of a table with their values."""
    parts = [svg.rect(x, 0, _SIDE, _SIDE, rx=6, fill=colour, fill_opacity=0.1)]
    rows = list(value.items())[:5] if isinstance(value, Mapping) else []
    names = _apart([column for column, _cell in rows])
    for number, (name, (_column, cell)) in enumerate(zip(names, rows, strict=True)):
        shown = svg.cut(cell_text(cell, digits=3), 7)
        parts.append(svg.words(svg.cut(name, _LETTERS - len(shown)), x + 6, 17 + number * 17, 9, opacity=0.7))
        parts.append(svg.words(shown, x + _SIDE - 6, 17 + number * 17, 9, anchor="end"))
    return "".join(parts)


def _apart(columns: Sequence[str]) -> list[str]:
    """Names of columns without the words that all of them begin or end with: "mean area", "mean texture" -> "area"."""
    words = [column.replace("_", " ").split() for column in columns]
    for end in (0, -1):
        while len(words) > 1 and min(map(len, words)) > 1 and len({parts[end] for parts in words}) == 1:
            words = [parts[1:] if end == 0 else parts[:-1] for parts in words]
    return [" ".join(parts) for parts in words]
