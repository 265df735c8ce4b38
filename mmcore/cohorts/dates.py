"""Dates in a table: in which order day and month are written, and where nothing tells it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from mmcore.base.settings import _

_SLASHED = re.compile(r"^\s*(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:[ T].*)?$")
_LOOKED = 5_000  # cells
_MOST = 0.9  # of the cells of a column of dates, at least


def day_first(column: pd.Series) -> bool | None:
    """Whether dates such as 13/02/2020 begin with the day; None where each cell could be read either way, or the cells
    disagree, or are written in another way."""
    pairs = _pairs(column)
    if pairs is None:
        return None
    first, second = bool((pairs[:, 0] > 12).any()), bool((pairs[:, 1] > 12).any())
    return first if first != second else None


def dates_of(column: pd.Series) -> pd.Series:
    """Times of a column of dates, NaT for other cells; day first where cells say so, or points divide them."""
    order = day_first(column)
    points = column.dropna().astype(str).head(_LOOKED).str.match(r"^\s*\d{1,2}\.\d{1,2}\.\d{2,4}").any()
    first = bool(points) if order is None else order
    return pd.to_datetime(column, errors="coerce", format="mixed", dayfirst=first)


def order_sentences(column: pd.Series) -> list[str]:
    """What is told of a column of dates that can be read in two ways."""
    pairs = _pairs(column)
    if pairs is None:
        return []
    first, second = (pairs[:, 0] > 12), (pairs[:, 1] > 12)
    cells = column.dropna().astype(str)
    if first.any() and second.any():
        both = [str(cells.iloc[int(np.flatnonzero(marked)[0])]) for marked in (first, second)]
        sentence = _(
            "Column '{column}' holds dates that begin with the day, such as '{first}', and others that begin with "
            "the month, such as '{second}'. For the rest, the order is not known. Write all of them as 2020-02-13."
        )
        return [sentence.format(column=column.name, first=both[0], second=both[1])]
    if first.any() or second.any() or len(set(map(tuple, pairs.tolist()))) < 2:
        return []
    sentence = _(
        "Column '{column}' holds dates such as '{cell}', in which day and month cannot be told apart. Write "
        "them as 2020-02-13 to be sure."
    )
    return [sentence.format(column=column.name, cell=cells.iloc[0])]


def _pairs(column: pd.Series) -> np.ndarray | None:
    """[N, 2] the first two numbers of dates; None for a column of something else."""
    cells = column.dropna().head(_LOOKED)
    if cells.empty or pd.api.types.is_numeric_dtype(cells) or not _SLASHED.match(str(cells.iloc[0])):
        return None
    matches = [match for cell in cells if (match := _SLASHED.match(str(cell)))]
    if len(matches) < _MOST * len(cells):
        return None
    return np.array([(int(match[1]), int(match[3])) for match in matches])
