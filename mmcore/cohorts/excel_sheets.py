"""A sheet of an Excel file as a table: which line is its header, and which lines are blank."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.readers.delimited import lines_above

_BEGINNING = 100  # lines by which a sheet is judged
_LOOKED = 12  # lines from which a header is chosen
_LEAST_ROWS, _LEAST_COLUMNS = 3, 2  # of a table, its header included


def is_table(cells: pd.DataFrame) -> bool:
    """Whether a sheet may be a table, and not a page of text about others."""
    if cells.empty:
        return False
    filled = _filled(cells.head(_BEGINNING)).sum(axis=1)
    return int((filled >= _LEAST_COLUMNS).sum()) >= _LEAST_ROWS and int(filled.max()) >= _LEAST_COLUMNS


def with_header(cells: pd.DataFrame, filename: str, problems: list[str]) -> pd.DataFrame:
    """All cells of a sheet as a table; titles and merged headings above its header are left out and told.

    Raises BadInput for a header that names two columns alike.
    """
    filled = _filled(cells)
    cells = cells[filled.any(axis=1)].reset_index(drop=True)
    if cells.empty:
        return cells
    row = _header_row(cells)
    header = ["" if _blank(cell) else str(cell).strip() for cell in cells.iloc[row]]
    twice = [name for name, count in Counter(header).items() if count > 1 and name]
    if twice:
        raise BadInput(
            _("{file} has several columns named '{name}'.").format(file=filename, name=twice[0]),
            _("Give every column its own name."),
        )
    if row:
        first = next(str(cell) for cell in cells.iloc[0] if not _blank(cell))
        problems.append(lines_above(row, first))
    frame = cells.iloc[row + 1 :].reset_index(drop=True)
    frame.columns = pd.Index([name or f"Unnamed: {i}" for i, name in enumerate(header)], dtype=object)
    return frame.loc[:, [bool(name) or _filled(frame.iloc[:, [i]]).any().any() for i, name in enumerate(header)]]


def header_of(cells: pd.DataFrame) -> tuple[int, dict[int, str]]:
    """The row of the header, blank ones counted, and the names there by the number of their column."""
    filled = cells[_filled(cells).any(axis=1)]
    if filled.empty:
        return 0, {}
    row = _header_row(filled.reset_index(drop=True))
    names = {place: str(cell).strip() for place, cell in enumerate(filled.iloc[row]) if not _blank(cell)}
    return int(filled.index[row]), names


def _header_row(cells: pd.DataFrame) -> int:
    """The first of the lines that fill as many cells as any, if it is all words; above it are titles."""
    widths = _filled(cells.head(_LOOKED)).sum(axis=1)
    width = int(widths.max())
    if width <= _LEAST_COLUMNS or (2 * widths.iloc[0] > width and not _is_gappy(cells, width)):
        return 0
    row = int((widths == width).idxmax())
    words = all(isinstance(cell, str) for cell in cells.iloc[row] if not _blank(cell))
    return row if words else 0


def _is_gappy(cells: pd.DataFrame, width: int) -> bool:
    """Merged headings: gaps in the first line, of which the second, all words, has none."""
    second = [cell for cell in cells.iloc[1] if not _blank(cell)] if len(cells) > 1 else []
    first = [cell for cell in cells.iloc[0] if not _blank(cell)]
    return len(second) == width > len(first) and all(isinstance(cell, str) and not _number(cell) for cell in second)


def _number(cell: str) -> bool:
    return cell.replace(",", ".").replace(".", "", 1).strip("-+ ").isdigit()


def _filled(cells: pd.DataFrame) -> pd.DataFrame:
    return cells.map(lambda cell: not _blank(cell))


def _blank(cell: object) -> bool:
    return cell is None or cell is pd.NaT or cell != cell or (isinstance(cell, str) and not cell.strip())
