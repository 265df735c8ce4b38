"""The inputs of one case side by side, as small drawings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mmcore.base.values import Kind, Value
from mmcore.cohorts import Cohort
from mmcore.figures import svg, theme
from mmcore.figures.thumbnails import thumbnail

_SIDE, _GAP, _FOOT = 96, 12, 22


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
    return svg.drawing("".join(parts), width, _SIDE + _FOOT, alt, style=f"max-width:{width}px;width:100%")


def _cells(value: Value | None, x: float, colour: str) -> str:
    """The first columns of a table with their values."""
    parts = [svg.rect(x, 0, _SIDE, _SIDE, rx=6, fill=colour, fill_opacity=0.1)]
    rows = list(value.items())[:5] if isinstance(value, Mapping) else []
    for number, (column, cell) in enumerate(rows):
        parts.append(svg.words(svg.cut(column.replace("_", " "), 10), x + 6, 17 + number * 17, 9, opacity=0.7))
        shown = f"{cell:.3g}" if isinstance(cell, float) else str(cell if cell is not None else "–")
        parts.append(svg.words(svg.cut(shown, 7), x + _SIDE - 6, 17 + number * 17, 9, anchor="end"))
    return "".join(parts)
