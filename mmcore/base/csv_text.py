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


def harmless(cell: Any) -> Any:
    """A text that a spreadsheet would carry out gets an apostrophe before it; numbers, signed ones too, stay."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_STARTS) and not _NUMBER.fullmatch(cell.strip()):
        return "'" + cell
    return cell
