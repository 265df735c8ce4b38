"""Text of commas, semicolons or tabs -> cells, strictly: no cell is dropped, moved or guessed."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pandas as pd

from mmcore.base.settings import _


def first_cells(text: str) -> list[str]:
    """The cells of the first line."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        return [cell.strip() for cell in next(csv.reader([first], delimiter=separator_of(text)), [])]
    except csv.Error:  # a line without end, of which pandas has more to say
        return []


def separator_of(text: str) -> str:
    """What the first line has most of: comma, semicolon or tab."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def cells_of(text: str, *, header: bool = True) -> pd.DataFrame:
    """All cells as str, empty ones as "". Without header the columns are numbered from 0.

    Raises ValueError with the reason for lines longer than the first and for columns of the same name.
    """
    if header:
        twice = [name for name, count in Counter(first_cells(text)).items() if count > 1 and name]
        if twice:
            raise ValueError(_("several columns are named '{name}'").format(name=twice[0]))
    table = pd.read_csv(
        io.StringIO(text), sep=separator_of(text), header=0 if header else None, dtype=str, keep_default_na=False
    )
    if not isinstance(table.index, pd.RangeIndex):  # pandas took the first cells for names of the lines
        raise ValueError(_("its lines have more cells than its header line"))
    return table.fillna("")
