"""Fonts that hold the signs of a report: those of Chinese are taken from this machine.

A picture falls back to them sign by sign; a PDF gets the signs it uses as a part of the file, so that every reader
shows the same.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PLAIN = "DejaVu Sans"  # comes with matplotlib, and has signs such as ≥ and ▲
CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "Heiti SC", "SimHei",
    "Arial Unicode MS", "Noto Serif CJK SC", "Noto Serif SC", "SimSun",
)  # fmt: skip
_LIGHT, _BOLD = 400, 700
_FINEST = 1.0  # units of the font that an outline may be off where it is written in curves of another kind


@dataclass(frozen=True)
class FontFile:
    """One face of a font file. number: of the face, where a file holds several."""

    family: str
    path: str
    number: int
    weight: int


@cache
def chinese_font(weight: int = _LIGHT) -> FontFile | None:
    """The first of `CHINESE` that this machine has, in the weight nearest to this; None where it has none of them."""
    from matplotlib import font_manager

    faces = [
        FontFile(face.name, face.fname, getattr(face, "index", 0) or 0, _number(face.weight))
        for face in font_manager.fontManager.ttflist
        if face.name in CHINESE and face.style == "normal"
    ]
    return min(faces, key=lambda face: (CHINESE.index(face.family), abs(face.weight - weight)), default=None)


def _number(weight: int | str) -> int:
    return weight if isinstance(weight, int) else _BOLD if "bold" in weight.casefold() else _LIGHT


def write_in(figure: Figure) -> None:
    """Give all words of a picture fonts that hold Chinese signs, too, if this machine has any.

    Of this figure alone: settings of matplotlib hold for every thread.
    """
    from matplotlib.text import Text

    chinese = chinese_font()
    families = [PLAIN, *([chinese.family] if chinese else [])]
    for axes in figure.axes:
        axes.tick_params(labelfontfamily=families)
    for text in figure.findobj(Text):
        text.set_fontfamily(families)


def signs_of(face: FontFile, text: str) -> io.BytesIO:
    """A TrueType file with the signs of a text alone; outlines of another kind are turned into its own."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    font = TTFont(face.path, fontNumber=face.number)
    options = Options(
        layout_features=[],
        name_IDs=[1, 2, 4, 6],
        notdef_outline=True,
        hinting=False,
        drop_tables=[*Options().drop_tables, "GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"],
    )
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    if "CFF " in font:
        _to_quadratic(font)
    content = io.BytesIO()
    font.save(content)
    content.seek(0)
    return content


def _to_quadratic(font: Any) -> None:
    """Outlines of PostScript (cubic) as those of TrueType (quadratic), which a PDF takes from ReportLab."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import newTable

    order, outlines, drawn = font.getGlyphOrder(), font.getGlyphSet(), {}
    for name in order:
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, _FINEST, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    _set(font["glyf"], glyphOrder=order, glyphs=drawn)
    for glyph in drawn.values():
        glyph.recalcBounds(font["glyf"])
    del font["CFF "]
    for name, glyph in drawn.items():  # left side bearings follow the outlines
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    none = ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
            "maxSizeOfInstructions", "maxComponentElements")  # fmt: skip
    _set(font["maxp"], tableVersion=0x00010000, maxZones=1, **dict.fromkeys(none, 0))
    _set(font["post"], formatType=3.0)
    _set(font, sfntVersion="\x00\x01\x00\x00")


def _set(table: Any, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(table, name, value)
