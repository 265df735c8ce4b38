"""A report as slides (PPTX), through python-pptx: one thought a slide, the finding as its title."""

from __future__ import annotations

import io
from typing import Any

from mmcore.report.document import Document, Picture, Section, Table, letters_of

_WIDTH, _HEIGHT, _EDGE = 13.333, 7.5, 0.6  # inches
_TOP, _FOOT = 1.3, 6.9  # inches: where what a slide shows begins and ends
_CELL, _LARGE = 11, 14  # points: of a long table, and of one that leaves room
_INK, _ACCENT, _GREY, _AMBER = "18242E", "0E7C86", "5A6874", "7A4A00"


def write_slides(document: Document) -> bytes:
    """The file's bytes."""
    from pptx import Presentation
    from pptx.util import Inches

    show = Presentation()
    show.slide_width, show.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    _cover(show, document)
    parts = [part for section in document.sections for part in _divided(section)]
    for sections in _together(parts):
        _slide(show, sections)
    content = io.BytesIO()
    show.save(content)
    return content.getvalue()


def _divided(section: Section) -> list[Section]:
    """A section whose table is long, or that has a picture besides, on slides of their own."""
    parts: list[Section] = []
    crowded = _lines_height(section.lines, 14) > (_FOOT - _TOP) / 2  # words that leave little room for a table
    if section.picture is not None or section.table is None or crowded:
        parts.append(Section(section.heading, section.lines, None, section.picture))
    table = section.table
    if table is None:
        return parts
    first = section.lines if not parts else ()
    room = _FOOT - _TOP - _lines_height(first, 14) - _height(table.columns, table)
    heights = [_height(row, table) for row in table.rows]
    slides = -(-sum(heights) // room)  # none of them for a last row alone
    room = min(room, sum(heights) / max(slides, 1) + max(heights, default=0.0))
    rows: list[tuple[str, ...]] = []
    start, used = 0, 0.0
    for number, (row, height) in enumerate(zip(table.rows, heights, strict=True)):
        if rows and used + height > room:
            # a row that heads those below it goes with them
            headed = [rows.pop()] if len(rows) > 1 and not any(rows[-1][1:]) else []
            parts.append(_part(section.heading, table, rows, start, first))
            rows, start, used, first = headed, number - len(headed), height * len(headed), ()
        rows.append(row)
        used += height
    return [*parts, _part(section.heading, table, rows, start, first)]


def _part(heading: str, table: Table, rows: list[tuple[str, ...]], start: int, lines: tuple[str, ...]) -> Section:
    """Some rows of a table, with columns as wide as those of the whole."""
    marked = frozenset(number - start for number in table.marked if start <= number < start + len(rows))
    return Section(heading, lines, Table(table.columns, tuple(rows), table.note, marked, table.shares))


def _together(parts: list[Section]) -> list[list[Section]]:
    """Sections of a few words share a slide."""
    slides: list[list[Section]] = []
    for part in parts:
        short = part.table is None and part.picture is None
        before = slides[-1] if slides else []
        fits = sum(0.9 + _lines_height(text.lines, 18) for text in [*before, part]) < _FOOT - 0.4
        if short and before and all(text.table is None and text.picture is None for text in before) and fits:
            before.append(part)
        else:
            slides.append([part])
    return slides


def _lines_height(lines: tuple[str, ...], size: float, width: float = _WIDTH - 2 * _EDGE) -> float:
    """Inches that lines of text take at this size in points."""
    letters = width * 72 / (0.52 * size)
    return float(sum(-(-max(letters_of(line), 1) // letters) * size * 1.2 / 72 + size / 3 / 72 for line in lines))


def _height(row: tuple[str, ...], table: Table, size: int = _CELL) -> float:
    """Inches that a row of a table takes, in letters of this size."""
    wide = [share * (_WIDTH - 2 * _EDGE) - 0.2 for share in table.shares]
    lines = max(
        -(-letters_of(cell) // max(width * 72 / (0.55 * size), 1)) for cell, width in zip(row, wide, strict=True)
    )
    return float(0.1 + max(lines, 1) * size * 1.25 / 72)


def _blank(show: Any) -> Any:
    return show.slides.add_slide(show.slide_layouts[6])


def _cover(show: Any, document: Document) -> None:
    slide = _blank(show)
    _text(slide, [document.title], 0.6, 0.8, 36, _INK, bold=True)
    top = 0.75 + _lines_height((document.title,), 40)
    if document.question:
        _text(slide, [document.question], top, 0.5, 16, _GREY)
        top += 0.3 + _lines_height((document.question,), 16)
    size = next((size for size in (22, 20, 18, 16) if _lines_height(document.answer, size) < 6.2 - top), 14)
    _text(slide, list(document.answer), top, 6.2 - top, size, _ACCENT, opens_bold=True)
    _text(slide, [document.warning], 6.3, 0.5, 13, _AMBER)
    _text(slide, [document.made], 6.95, 0.3, 11, _GREY)


def _slide(show: Any, sections: list[Section]) -> None:
    slide, top = _blank(show), 0.4
    for section in sections:
        _text(slide, [section.heading], top, 0.7, 28, _INK, bold=True)
        top += 0.9
        picture = section.picture
        if picture is not None and picture.width < 1.5 * picture.height:  # beside its words
            room = _WIDTH - 2 * _EDGE
            _text(slide, list(section.lines), top, 4, 18, _INK, width=0.36 * room)
            _image(slide, picture, top, _EDGE + 0.4 * room)
            continue
        if section.lines:
            sizes = (18, 16, 14) if picture is None and section.table is None else (14,)
            size = next((size for size in sizes if _lines_height(section.lines, size) < _FOOT - top), 12)
            height = _lines_height(section.lines, size)
            _text(slide, list(section.lines), top, height, size, _INK)
            top += height + 0.1
        if picture is not None:
            _image(slide, picture, top)
        if section.table is not None:
            _table(slide, section.table, top)


def _text(
    slide: Any,
    lines: list[str],
    top: float,
    height: float,
    size: float,
    colour: str,
    bold: bool = False,
    width: float = _WIDTH - 2 * _EDGE,
    opens_bold: bool = False,
) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Inches, Pt

    frame = slide.shapes.add_textbox(Inches(_EDGE), Inches(top), Inches(width), Inches(height)).text_frame
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold = line, Pt(size), bold or (opens_bold and number == 0)
        run.font.color.rgb = RGBColor.from_string(colour)
        paragraph.space_after = Pt(size / 3)


def _image(slide: Any, picture: Picture, top: float, left: float = _EDGE) -> None:
    from pptx.util import Inches

    room_wide, room_high = _WIDTH - left - _EDGE, _HEIGHT - top - 0.4
    scale = min(room_wide / picture.width, room_high / picture.height)
    shape = slide.shapes.add_picture(
        io.BytesIO(picture.png),
        Inches(left),
        Inches(top),
        Inches(picture.width * scale),
        Inches(picture.height * scale),
    )
    shape._element.nvPicPr.cNvPr.set("descr", picture.alt)


def _table(slide: Any, table: Table, top: float) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Inches, Pt

    rows = (table.columns, *table.rows)
    fits = top + sum(_height(row, table, _LARGE) for row in rows) < _FOOT - 0.5
    size = _LARGE if fits else _CELL
    heights = [_height(row, table, size) for row in rows]
    grid = slide.shapes.add_table(
        len(rows), len(table.columns), Inches(_EDGE), Inches(top), Inches(_WIDTH - 2 * _EDGE), Inches(sum(heights))
    ).table
    for i, share in enumerate(table.shares):
        grid.columns[i].width = Inches((_WIDTH - 2 * _EDGE) * share)
    for r, row in enumerate(rows):
        grid.rows[r].height = Inches(heights[r])
        for c, content in enumerate(row):
            cell = grid.cell(r, c)
            cell.text = content
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string("E9F5F6" if r == 0 else "FFFFFF")
            for paragraph in cell.text_frame.paragraphs:
                paragraph.font.size, paragraph.font.bold = Pt(size), r == 0 or r - 1 in table.marked
                paragraph.font.color.rgb = RGBColor.from_string(_INK)
    if table.note:
        _text(slide, [table.note], min(top + sum(heights) + 0.1, _HEIGHT - 0.75), 0.6, 11, _GREY)
