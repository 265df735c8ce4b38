"""Columns of plain numbers, read many at once: tables of thousands of columns need not be looked at cell by cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_IDENTIFIER_BEGINS = r"^[-+]?(0\d|\d{16})|[nN]"  # digits that a number would lose; and no "nan", which Arrow reads
_LETTERS = r"[^-+.0-9eE\s]"  # that no number has
_LONGEST = 1e15  # as many digits as a number keeps
_CELLS = 2**20  # that are read at once


def plain_numbers(table: pd.DataFrame, apart: Collection[str] = ()) -> dict[str, np.ndarray | None]:
    """Column -> [N] float64 of cells that are numbers as programs write them, or empty; None for every other column.

    A short cut: Arrow reads many columns at once, where `cells.typed` looks at each cell. apart: columns left out.
    """
    numbers: dict[str, np.ndarray | None] = {}
    texts: list[str] = []
    for name, dtype in table.dtypes.items():
        if name in apart:
            continue
        numbers[name] = None
        if pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype):
            numbers[name] = _finite_numbers(table[name].to_numpy(dtype=np.float64, na_value=np.nan))
        elif isinstance(dtype, pd.StringDtype):
            texts.append(name)
    together = max(1, _CELLS // max(1, len(table)))
    for first in range(0, len(texts), together):
        names = texts[first : first + together]
        numbers |= zip(names, _read(table[names]), strict=True)
    return numbers


def _read(table: pd.DataFrame) -> Iterator[np.ndarray | None]:
    """For each of these columns of text, its numbers or None."""
    width, height = table.shape[1], len(table)
    chunks = [pa.array(cells.array) for _name, cells in table.items()]
    cells = pa.concat_arrays([part for many in chunks for part in (many.chunks if _chunked(many) else [many])])
    other = pc.or_(pc.match_substring_regex(cells, _IDENTIFIER_BEGINS), pc.match_substring_regex(cells, _LETTERS))
    maybe = ~other.fill_null(False).to_numpy(zero_copy_only=False).reshape(width, height).any(axis=1)
    chosen = cells.filter(pa.array(np.repeat(maybe, height)))
    values = _cast(chosen)
    places = iter(range(int(maybe.sum())))
    for may in maybe:
        column = None
        if may and values is not None:
            column = values[(first := next(places) * height) : first + height]
        elif may:  # one of them all is no column of numbers: 1-2, or 1.2.3
            column = _cast(chosen.slice(next(places) * height, height))
        yield None if column is None else _finite_numbers(column)


def _chunked(cells: pa.Array | pa.ChunkedArray) -> bool:
    return isinstance(cells, pa.ChunkedArray)


def _cast(cells: pa.Array) -> np.ndarray | None:
    """[N] float64, NaN where empty; None where a cell is no number."""
    try:
        numbers = pc.cast(pc.if_else(pc.equal(cells, ""), pa.scalar(None, cells.type), cells), pa.float64())
    except pa.ArrowInvalid:
        return None
    return numbers.to_numpy(zero_copy_only=False)


def _finite_numbers(values: np.ndarray) -> np.ndarray | None:
    there = values[~np.isnan(values)]
    if not len(there) or not np.isfinite(there).all() or np.abs(there).max() >= _LONGEST:
        return None
    return values
