"""A report as PDF, through ReportLab; the Chinese signs it uses lie in the file."""

from __future__ import annotations

import hashlib
import io
from html import escape
from typing import Any

from mmcore.report import fonts
from mmcore.report.document import Document, Picture, Section

_MARGIN, _INDENT = 54, 6  # points: beside the frame, and what ReportLab leaves free within it
_WIDTH = 595 - 2 * (_MARGIN + _INDENT)  # points of a line on A4
_FEW = 6  # rows of a table that stays on one page


def write_pdf(document: Document) -> bytes:
    """The file's bytes."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import CondPageBreak, KeepTogether, Paragraph, SimpleDocTemplate

    styles = _styles(_signs(document))
    parts: list[Any] = [
        Paragraph(escape(document.title), styles["title"]),
        *([Paragraph(escape(document.question), styles["question"])] if document.question else []),
        Paragraph(escape(document.warning), styles["warning"]),
    ]
    parts += [
        Paragraph(escape(line), styles["more" if number else "answer"]) for number, line in enumerate(document.answer)
    ]
    for section in document.sections:
        opening: list[Any] = [Paragraph(escape(section.heading), styles["heading"])]
        opening += [Paragraph(escape(line), styles["text"]) for line in section.lines]
        if section.picture is not None:
            opening.append(_image(section.picture))
        table = _table(section, styles)
        if section.table is not None and len(section.table.rows) <= _FEW:
            opening, table = [*opening, *table], []
        elif table:
            parts.append(CondPageBreak(150))  # so that no heading stands alone at the foot of a page
        parts += [KeepTogether(opening), *table]
    content = io.BytesIO()
    made = SimpleDocTemplate(
        content, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=54, bottomMargin=54,
        title=document.title, author="Fusionscope", lang=document.language,
    )  # fmt: skip

    def number(canvas: Any, _template: Any) -> None:
        canvas.setFont(styles["note"].fontName, 8)
        canvas.setFillColor(styles["note"].textColor)
        canvas.drawString(_MARGIN + _INDENT, 30, document.made)
        canvas.drawRightString(595 - _MARGIN - _INDENT, 30, str(canvas.getPageNumber()))

    made.build(parts, onFirstPage=number, onLaterPages=number)
    return content.getvalue()


def _signs(document: Document) -> str:
    """Every sign that the report writes, once."""
    texts = [document.title, document.question, document.warning, document.made, *document.answer]
    for section in document.sections:
        texts += [section.heading, *section.lines]
        if section.table is not None:
            texts += [section.table.note, *section.table.columns, *(cell for row in section.table.rows for cell in row)]
    return "".join(sorted({*"".join(texts), *"0123456789"}))


def _is_cjk(signs: str) -> bool:
    """Whether any of them is Chinese."""
    return any("\u2e80" <= sign <= "\u9fff" for sign in signs)


def _fonts(signs: str) -> tuple[str, str]:
    """Names of a plain and a bold font that ReportLab knows and that hold these signs."""
    from matplotlib import get_data_path
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    if not _is_cjk(signs):  # the built-in fonts lack signs such as ≥ and ▲; matplotlib ships one that has them
        for name in ("DejaVuSans", "DejaVuSans-Bold"):
            pdfmetrics.registerFont(TTFont(name, f"{get_data_path()}/fonts/ttf/{name}.ttf"))
        return "DejaVuSans", "DejaVuSans-Bold"
    names = []
    for weight in (400, 700):
        face = fonts.chinese_font(weight)
        if face is None:  # then those of whoever reads it
            pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
            return "STSong-Light", "STSong-Light"
        names.append(f"chinese-{weight}-{hashlib.sha256(signs.encode()).hexdigest()[:12]}")
        pdfmetrics.registerFont(TTFont(names[-1], fonts.signs_of(face, signs)))
    return names[0], names[1]


def _styles(signs: str) -> dict[str, Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle

    (plain, bold), cjk = _fonts(signs), _is_cjk(signs)

    def style(name: str, font: str, size: float, **more: Any) -> ParagraphStyle:
        wrap = {"wordWrap": "CJK"} if cjk else {}
        return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.45, **{**wrap, **more})

    return {
        "title": style("title", bold, 19, spaceAfter=8),
        "question": style("question", plain, 11, textColor=HexColor("#5a6874"), spaceAfter=8),
        "warning": style("warning", plain, 8.5, textColor=HexColor("#7a4a00"), spaceAfter=10),
        "answer": style("answer", bold, 11, textColor=HexColor("#0a4f56"), spaceAfter=4),
        "more": style("more", plain, 10.5, textColor=HexColor("#0a4f56"), spaceAfter=4),
        "heading": style("heading", bold, 12.5, spaceBefore=16, spaceAfter=5, keepWithNext=1),
        "text": style("text", plain, 9.5, spaceAfter=4),
        "cell": style("cell", plain, 8),
        "head": style("head", bold, 8, textColor=HexColor("#5a6874")),
        "strong": style("strong", bold, 8),
        "note": style("note", plain, 8, textColor=HexColor("#5a6874"), spaceBefore=3),
    }


def _image(picture: Picture) -> Any:
    from reportlab.platypus import Image

    width = min(_WIDTH, picture.width * 72)
    return Image(io.BytesIO(picture.png), width=width, height=width * picture.height / picture.width, hAlign="LEFT")


def _wrapped(style: Any, cell: str) -> Any:
    """The style of a cell: where no word is Chinese, lines break between words."""
    return style if _is_cjk(cell) else style.clone(f"{style.name} words", wordWrap=None)


def _table(section: Section, styles: dict[str, Any]) -> list[Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Paragraph
    from reportlab.platypus import Table as Grid

    table = section.table
    if table is None:
        return []
    cells = [[Paragraph(escape(name), styles["head"]) for name in table.columns]]
    for number, row in enumerate(table.rows):
        style = styles["strong" if number in table.marked else "cell"]
        cells.append([Paragraph(escape(cell), _wrapped(style, cell)) for cell in row])
    grid = Grid(cells, colWidths=[_WIDTH * share for share in table.shares], repeatRows=1, hAlign="LEFT")
    grid.setStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor("#dfe6eb")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    return [grid, Paragraph(escape(table.note), styles["note"])] if table.note else [grid]
