"""A report as data: sections of text, tables and pictures, which each writer (HTML, PDF, slides) puts into its form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """columns: headings. rows: cells as text. note: a line under it. marked: rows in bold."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    marked: frozenset[int] = frozenset()

    @property
    def shares(self) -> tuple[float, ...]:
        """How wide each column wants to be, as a share of the whole: its longest word fits, long texts wrap."""
        columns = list(zip(self.columns, *self.rows, strict=True))
        wanted = [
            max(
                1.25 * max(len(word) for cell in column for word in (cell.split() or [""])),
                min(max(len(cell) for cell in column), 46),
                5,
            )
            for column in columns
        ]
        return tuple(width / sum(wanted) for width in wanted)


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
    """A whole report. answer: the finding, first of all. warning: what it is not for. made: when and with what."""

    title: str
    answer: tuple[str, ...]
    warning: str
    sections: tuple[Section, ...]
    made: str
    language: str = "en"
