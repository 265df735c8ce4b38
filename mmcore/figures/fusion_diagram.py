"""How a fusion method works, as a picture: inputs on the left, its steps as columns of boxes, the result on the right.

Drawn from the steps that a method declares in its own file (`Fusion.diagram`), so that a new method brings its picture.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mmcore.base.name_lists import list_of
from mmcore.base.registry import label
from mmcore.base.settings import _, translated
from mmcore.figures import svg, theme
from mmcore.fusion import fusions
from mmcore.fusion.base import DiagramStep

_WIDE, _GAP, _HIGH, _ROW, _NOTE = 120, 50, 34, 54, 46  # box, between columns, box, from box to box, under a column
_SHOWN = 6  # boxes in a column at most; the last then says how many are left out
_WIRE = 1.8  # one for all: how much is read from where is known only of a trained model and a case
_DIGITS = "₀₁₂₃₄₅₆₇₈₉"


@dataclass(frozen=True)
class _Box:
    """x: left edge, y: middle. reads: numbers of the boxes it belongs to in a column of one box per input."""

    x: float
    y: float
    text: str
    colour: str
    reads: tuple[int, ...]
    faint: bool = False


def diagram(fusion: str, inputs: Sequence[str]) -> str:
    """SVG of a fusion method for these inputs, in the ink of the page it stands on.

    Raises NotFound for an unknown method.
    """
    part = fusions[fusion]
    steps = _applicable(part.diagram, len(inputs))
    columns = [list(inputs), *(step for step, _from in steps), None]
    tall = max(_count(column, len(inputs)) for column in columns)
    middle = tall * _ROW / 2
    boxes = [_column(column, i, middle, inputs) for i, column in enumerate(columns)]
    parts = []
    for i, (step, back) in enumerate(steps, 1):
        if back is not None:
            between = [box for column in boxes[back + 1 : i] for box in column]
            parts += [_around(a, b, between) for a, b in _pairs(boxes[back], boxes[i], "own")]
        parts += _wires(boxes[i - 1], boxes[i], step)
    parts += _wires(boxes[-2], boxes[-1], DiagramStep("", wires="all"))
    parts += [_box(box) for column in boxes for box in column]
    last = _("to the output") if part.decides else _("to trunk and output")
    notes = [_("inputs"), *(step.note for step, _back in steps), last]
    parts += [_note(note, i, tall * _ROW) for i, note in enumerate(notes)]
    width = len(columns) * (_WIDE + _GAP) - _GAP + 4
    alt = _("{method}: from {inputs} by {steps} to one vector").format(
        method=label(part), inputs=list_of(inputs), steps=list_of(step.text for step, _back in steps)
    )
    look = f"max-width:{width}px;margin:0 auto"
    return svg.drawing("".join(parts), width, tall * _ROW + _NOTE, alt, look)


def _applicable(steps: Sequence[DiagramStep], inputs: int) -> list[tuple[DiagramStep, int | None]]:
    """Steps that are there with so many inputs, each with the column (0: inputs) it reads beside the one before."""
    applicable: list[tuple[DiagramStep, int | None]] = []
    place = {0: 0}  # column declared -> column drawn
    for number, step in enumerate(steps, 1):
        if inputs < 2 and (step.boxes == "pair" or step.wires == "others"):
            place[number] = len(applicable)
            continue
        back = place[number - step.back] if step.back else None
        step = replace(step, text=translated(step.text), note=translated(step.note))
        applicable.append((step, back if back != len(applicable) else None))
        place[number] = len(applicable)
    return applicable


def _count(column: DiagramStep | list[str] | None, inputs: int) -> int:
    """Boxes drawn in a column."""
    if column is None:
        return 1
    if isinstance(column, list):
        return min(inputs, _SHOWN)
    if column.boxes == "input":
        return min(inputs, _SHOWN)
    return min(inputs * (inputs - 1) // 2 if column.boxes == "pair" else column.boxes, _SHOWN)


def _column(column: DiagramStep | list[str] | None, number: int, middle: float, inputs: Sequence[str]) -> list[_Box]:
    x, colours = 2 + number * (_WIDE + _GAP), list(theme.colour_of_input(inputs).values())
    if column is None:
        return [_Box(x, middle, "h", theme.ACCENT, ())]
    count = _count(column, len(inputs))
    heights = [middle + (i - (count - 1) / 2) * _ROW for i in range(count)]
    every: list[tuple[str, str, tuple[int, ...]]]
    if isinstance(column, list):
        named = zip(column, colours, strict=True)
        every = [(name, colour, (i,)) for i, (name, colour) in enumerate(named)]
    elif column.boxes == "input":
        every = [(column.text.replace("ₘ", _below(i)), colours[i], (i,)) for i in range(len(inputs))]
    elif column.boxes == "pair":
        pairs = itertools.combinations(range(len(inputs)), 2)
        every = [(_of_pair(column.text, i, j), theme.ACCENT, (i, j)) for i, j in pairs]
    else:
        numbered = column.boxes > 1
        every = [(f"{column.text} {i + 1}" if numbered else column.text, theme.ACCENT, ()) for i in range(column.boxes)]
    boxes = [_Box(x, y, *parts) for y, parts in zip(heights, every, strict=False)]
    if len(every) > count:
        more = _("and {count} more").format(count=len(every) - count + 1)
        boxes[-1] = _Box(x, heights[-1], more, theme.GREY, boxes[-1].reads, True)
    return boxes


def _below(number: int) -> str:
    """0 -> ₁."""
    return "".join(_DIGITS[int(digit)] for digit in str(number + 1))


def _of_pair(text: str, first: int, second: int) -> str:
    return text.replace("ᵢ", _below(first)).replace("ⱼ", _below(second))


def _pairs(before: Sequence[_Box], after: Sequence[_Box], wires: str) -> list[tuple[_Box, _Box]]:
    """Which box of one column is joined with which of the other."""
    joined = []
    for a, b in itertools.product(before, after):
        same = set(a.reads) & set(b.reads)
        apart = a.reads and b.reads  # both columns have a box for every input
        if wires == "all" or not apart or bool(same) == (wires == "own"):
            joined.append((a, b))
    return joined


def _wires(before: Sequence[_Box], after: Sequence[_Box], step: DiagramStep) -> list[str]:
    wires = []
    for a, b in _pairs(before, after, step.wires):
        x, end = a.x + _WIDE, b.x
        bend = (end - x) / 2
        path = f"M{x:.1f},{a.y:.1f} C{x + bend:.1f},{a.y:.1f} {end - bend:.1f},{b.y:.1f} {end:.1f},{b.y:.1f}"
        hint = svg.title(_("weighed: a trained model shows how much")) if step.weighs else ""
        wires.append(_path(path, a.colour, _WIRE, 0.6, hint=hint))
    return wires


def _around(a: _Box, b: _Box, between: Sequence[_Box]) -> str:
    """A wire that passes the boxes between: through the next gap below, or where a box is in its way below all."""
    x, end, low, part = a.x + _WIDE, b.x, a.y + _ROW / 2 - 1, _GAP * 0.35
    if any(abs(box.y - low) < _HIGH / 2 + 4 for box in between):
        low = max(box.y for box in between) + _ROW / 2 - 1
    down = f"M{x:.1f},{a.y:.1f} C{x + part:.1f},{a.y:.1f} {x + part:.1f},{low:.1f} {x + 2 * part:.1f},{low:.1f}"
    up = f"L{end - 2 * part:.1f},{low:.1f} C{end - part:.1f},{low:.1f} {end - part:.1f},{b.y:.1f} {end:.1f},{b.y:.1f}"
    return _path(f"{down} {up}", a.colour, 1.5, 0.6, "5 4")


def _path(path: str, colour: str, strength: float, opacity: float, dashes: str | None = None, hint: str = "") -> str:
    look = {"stroke": colour, "stroke_width": strength, "stroke_opacity": opacity, "stroke_dasharray": dashes}
    return svg.tag("path", hint, d=path, fill="none", **look)


def _box(box: _Box) -> str:
    look = {"rx": 8, "fill": box.colour, "fill_opacity": 0.14, "stroke": box.colour, "stroke_width": 1.5}
    dashed = "4 4" if box.faint else None
    return svg.rect(box.x, box.y - _HIGH / 2, _WIDE, _HIGH, **look, stroke_dasharray=dashed) + svg.words(
        svg.cut(box.text, 17), box.x + _WIDE / 2, box.y + 5, 14, weight=600, anchor="middle"
    )


def _note(text: str, number: int, top: float) -> str:
    x = 2 + number * (_WIDE + _GAP) + _WIDE / 2
    rows = svg.wrap(text, 24, 2)
    return "".join(
        svg.words(row, x, top + 18 + i * 15, 12.5, opacity=0.65, anchor="middle") for i, row in enumerate(rows) if row
    )
