"""A report as slides (PPTX), through python-pptx: one thought a slide, the finding as its title."""

from __future__ import annotations

import io
from typing import Any

from mmcore.report.document import Document, Picture, Section, Table

_WIDTH, _HEIGHT, _EDGE = 13.333, 7.5, 0.6  # inches
_ROWS = 11  # of a table on one slide
_INK, _ACCENT, _GREY, _AMBER = "18242E", "0E7C86", "5A6874", "7A4A00"


def write_slides(document: Document) -> bytes:
    """The file's bytes."""
    from pptx import Presentation
    from pptx.util import Inches

    show = Presentation()
    show.slide_width, show.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    _cover(show, document)
    for section in document.sections:
        for part in _divided(section):
            _slide(show, part)
    content = io.BytesIO()
    show.save(content)
    return content.getvalue()


def _divided(section: Section) -> list[Section]:
    """A section whose table is long, or that has a picture besides, on slides of their own."""
    parts = []
    if section.picture is not None or section.table is None:
        parts.append(Section(section.heading, section.lines, None, section.picture))
    if section.table is not None:
        rows = section.table.rows
        for start in range(0, max(len(rows), 1), _ROWS):
            own = frozenset(number - start for number in section.table.marked if start <= number < start + _ROWS)
            table = Table(section.table.columns, rows[start : start + _ROWS], section.table.note, own)
            lines = section.lines if start == 0 and not parts else ()
            parts.append(Section(section.heading, lines, table))
    return parts


def _blank(show: Any) -> Any:
    return show.slides.add_slide(show.slide_layouts[6])


def _cover(show: Any, document: Document) -> None:
    slide = _blank(show)
    _text(slide, [document.title], 1.6, 1.2, 40, _INK, bold=True)
    _text(slide, list(document.answer), 3.3, 2.6, 22, _ACCENT)
    _text(slide, [document.warning], 6.1, 0.5, 13, _AMBER)
    _text(slide, [document.made], 6.65, 0.4, 11, _GREY)


def _slide(show: Any, section: Section) -> None:
    slide = _blank(show)
    _text(slide, [section.heading], 0.4, 0.9, 28, _INK, bold=True)
    top = 1.35
    if section.lines:
        size = 18 if sum(map(len, section.lines)) < 500 else 13
        alone = section.picture is None and section.table is None
        height = 5.4 if alone else min(0.32 * sum(1 + len(line) // 110 for line in section.lines) + 0.2, 2.2)
        _text(slide, list(section.lines), top, height, size if alone else 14, _INK)
        top += height
    if section.picture is not None:
        _image(slide, section.picture, top)
    if section.table is not None:
        _table(slide, section.table, top)


def _text(
    slide: Any, lines: list[str], top: float, height: float, size: float, colour: str, bold: bool = False
) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Inches, Pt

    frame = slide.shapes.add_textbox(Inches(_EDGE), Inches(top), Inches(_WIDTH - 2 * _EDGE), Inches(height)).text_frame
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold = line, Pt(size), bold
        run.font.color.rgb = RGBColor.from_string(colour)
        paragraph.space_after = Pt(size / 3)


def _image(slide: Any, picture: Picture, top: float) -> None:
    from pptx.util import Inches

    room_wide, room_high = _WIDTH - 2 * _EDGE, _HEIGHT - top - 0.4
    scale = min(room_wide / picture.width, room_high / picture.height)
    shape = slide.shapes.add_picture(
        io.BytesIO(picture.png),
        Inches(_EDGE),
        Inches(top),
        Inches(picture.width * scale),
        Inches(picture.height * scale),
    )
    shape._element.nvPicPr.cNvPr.set("descr", picture.alt)


def _table(slide: Any, table: Table, top: float) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Inches, Pt

    count = len(table.rows) + 1
    grid = slide.shapes.add_table(
        count, len(table.columns), Inches(_EDGE), Inches(top), Inches(_WIDTH - 2 * _EDGE), Inches(0.4 * count)
    ).table
    for i, share in enumerate(table.shares):
        grid.columns[i].width = Inches((_WIDTH - 2 * _EDGE) * share)
    for r, row in enumerate((table.columns, *table.rows)):
        for c, content in enumerate(row):
            cell = grid.cell(r, c)
            cell.text = content
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string("E9F5F6" if r == 0 else "FFFFFF")
            for paragraph in cell.text_frame.paragraphs:
                paragraph.font.size, paragraph.font.bold = Pt(12), r == 0 or r - 1 in table.marked
                paragraph.font.color.rgb = RGBColor.from_string(_INK)
    if table.note:
        _text(slide, [table.note], min(top + 0.4 * count + 0.15, _HEIGHT - 0.55), 0.4, 11, _GREY)
