"""Tables as CSV for people: no cell is taken for a formula by the spreadsheet that opens it."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[-+]?(\d+([.,]\d*)*|[.,]\d+)([eE][-+]?\d+)?\s*%?")


def csv_bytes(table: pd.DataFrame) -> bytes:
    """The table as UTF-8 CSV; see `harmless`. Its index is left out where it only counts the rows."""
    index = not isinstance(table.index, pd.RangeIndex)
    safe = table.map(harmless)
    safe.columns = table.columns.map(harmless)
    if index:
        safe.index = table.index.map(harmless)
        safe.index.names = [harmless(name) for name in table.index.names]
    return safe.to_csv(index=index).encode("utf-8")


def without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """The table as a page shows it, where a spreadsheet may be filled from it: what that would carry out gets its
    apostrophe, while signs alone ("+", "--", as of a culture) stay as they are."""
    words = table.select_dtypes(exclude=["number", "bool", "datetime"]).columns  # of thousands of rows, only these
    safe = table.copy()
    for name in words:
        safe[name] = safe[name].map(_shown)
    return safe.set_axis(safe.index.map(_shown), axis=0).set_axis(safe.columns.map(_shown), axis=1)


def _shown(cell: Any) -> Any:
    return harmless(cell) if isinstance(cell, str) and re.search(r"\w", cell) else cell


def harmless(cell: Any) -> Any:
    """A text that a spreadsheet would carry out gets an apostrophe before it; numbers, signed ones too, stay."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_STARTS) and not _NUMBER.fullmatch(cell.strip()):
        return "'" + cell
    return cell
