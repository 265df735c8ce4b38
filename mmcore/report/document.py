"""A report as data: sections of text, tables and pictures, which each writer (HTML, PDF, slides) puts into its form."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import east_asian_width

_WHOLE = 28  # letters up to which a number with its interval is
_UNBROKEN = 6  # signs of a Chinese text that should stay on one line
LETTERS = 104  # of a table's text that fit beside one another on a page


@dataclass(frozen=True)
class Table:
    """columns: headings. rows: cells as text. note: a line under it. marked: rows in bold. widths: of the columns, as
    shares of the whole; worked out from the text where none are given."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    marked: frozenset[int] = frozenset()
    widths: tuple[float, ...] = ()

    @property
    def shares(self) -> tuple[float, ...]:
        """How wide each column is, as a share of the whole: its longest word fits, and long texts get what is left."""
        if self.widths:
            return self.widths
        columns = list(zip(self.columns, *self.rows, strict=True))
        least = [max(_room(word) for cell in column for word in _words(cell)) + 2 for column in columns]
        wanted = [
            max(low, min(max(map(letters_of, column)), 90) + 2.0) for low, column in zip(least, columns, strict=True)
        ]
        whole = [any(map(stays_whole, column)) for column in columns]
        fixed = sum(low for low, is_whole in zip(least, whole, strict=True) if is_whole)
        if sum(least) > LETTERS > fixed:  # then what may be broken makes room for what may not
            narrower = (LETTERS - fixed) / (sum(least) - fixed)
            least = [low * (1.0 if is_whole else narrower) for low, is_whole in zip(least, whole, strict=True)]
        room, spare = sum(wanted) - sum(least), LETTERS - sum(least)
        share = min(1.0, max(0.0, spare) / room) if room else 0.0
        widths = [low + share * (want - low) for low, want in zip(least, wanted, strict=True)]
        return tuple(width / sum(widths) for width in widths)


def letters_of(text: str) -> float:
    """How many letters of the usual width a text takes; a Chinese sign is as wide as two."""
    return len(text) + 0.8 * sum(east_asian_width(sign) in "WF" for sign in text)


def stays_whole(cell: str) -> bool:
    """Whether a cell is a number with its interval, which is not broken into lines."""
    return "[" in cell and len(cell) < _WHOLE


def _room(word: str) -> float:
    """Letters of room for a word; capitals, as in AUROC, are wider, points and commas narrower."""
    spare = 1.1 if stays_whole(word) else 1.3
    return spare * (letters_of(word) + 0.4 * sum(letter.isupper() for letter in word))


def _words(cell: str) -> list[str]:
    """What must stay on one line; a number with its interval is a word. Long Chinese may be broken anywhere."""
    if stays_whole(cell):
        return [cell]
    return [word if word.isascii() else word[:_UNBROKEN] for word in cell.split()] or [""]


@dataclass(frozen=True)
class Picture:
    """png: its bytes. alt: what it shows, in words. width, height: in inches."""

    png: bytes
    alt: str
    width: float
    height: float


@dataclass(frozen=True)
class Section:
    """One thought: a heading, what is found in a sentence or two, and what shows it."""

    heading: str
    lines: tuple[str, ...] = ()
    table: Table | None = None
    picture: Picture | None = None


@dataclass(frozen=True)
class Document:
    """A whole report. answer: the finding, first of all. warning: what it is not for. made: when and with what.

    question: what was asked, under the title.
    """

    title: str
    answer: tuple[str, ...]
    warning: str
    sections: tuple[Section, ...]
    made: str
    question: str = ""
    language: str = "en"
