"""Rows of a table in which nothing is written, as programs leave them below the last case."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.base.settings import counted


def without_blank_rows(frame: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    """The same without rows whose cells are all empty; how many is told. A table of nothing else stays as it is."""
    blank = np.arange(len(frame))
    for place in range(frame.shape[1]):
        cells = frame.iloc[blank, place]
        empty = cells.isna().to_numpy(dtype=bool, copy=True)
        if not pd.api.types.is_numeric_dtype(cells):
            empty |= np.array([isinstance(cell, str) and not cell.strip() for cell in cells], dtype=bool)
        blank = blank[empty]
        if not len(blank):
            return frame
    if len(blank) == len(frame):
        return frame
    problems.append(
        counted(
            len(blank),
            "{count} row is empty and is skipped: row {row} below the header.",
            "{count} rows are empty and are skipped, the first being row {row} below the header.",
            row=int(blank[0]) + 1,
        )
    )
    return frame.drop(index=frame.index[blank]).reset_index(drop=True)
