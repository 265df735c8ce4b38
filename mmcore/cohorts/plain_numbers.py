"""Columns of plain numbers, read whole: tables of thousands of columns need not be looked at cell by cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_IDENTIFIER_BEGINS = r"^[-+]?(0\d|\d{16})|[nN]"  # digits that a number would lose; and no "nan", which Arrow reads
_LONGEST = 1e15  # as many digits as a number keeps


def plain_numbers(column: pd.Series) -> np.ndarray | None:
    """[N] float64 of cells that are numbers as programs write them, or empty; None for every other column.

    A short cut: Arrow reads a column at once, where `cells.typed` looks at each cell.
    """
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    elif isinstance(column.dtype, pd.StringDtype):
        cells = pa.array(column.array)
        cells = pa.concat_arrays(cells.chunks) if isinstance(cells, pa.ChunkedArray) else cells
        if pc.any(pc.match_substring_regex(cells, _IDENTIFIER_BEGINS)).as_py():
            return None
        try:
            values = pc.cast(
                pc.replace_with_mask(cells, pc.equal(cells, ""), pa.scalar(None, cells.type)), pa.float64()
            )
        except pa.ArrowInvalid:
            return None
        values = values.to_numpy(zero_copy_only=False)
    else:
        return None
    there = values[~np.isnan(values)]
    if not len(there) or not np.isfinite(there).all() or np.abs(there).max() >= _LONGEST:
        return None
    return values
