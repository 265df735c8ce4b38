"""Numbers far outside of what a run was trained on: another unit, a code for missing, a slip of the pen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd

from mmcore.base.settings import counted
from mmcore.base.values import InputSpec, Kind

Ranges: TypeAlias = dict[str, tuple[float, float]]  # column of numbers -> 1st and 99th percentile

_FEWEST = 5  # known cells of which most outside are no chance
_MOST = 0.5


def usual_ranges(table: pd.DataFrame, inputs: Iterable[InputSpec]) -> Ranges:
    """Where nearly all numbers of these inputs lie; columns that are not in the table, or empty, have none.

    Percentiles, for a run goes to others, and the extremes may tell who a case is.
    """
    names = [name for name in _numeric(inputs) if name in table]
    if not names:
        return {}
    cells = np.sort(_cells(table, names), axis=0)  # unknown ones come last
    filled = np.isfinite(cells).sum(0)
    places = [np.floor((filled - 1).clip(0) * share + 0.5).astype(int) for share in (0.01, 0.99)]
    low, high = (cells[place, np.arange(len(names))] for place in places)
    return {
        name: (float(f"{low[i]:.6g}"), float(f"{high[i]:.6g}")) for i, name in enumerate(names) if filled[i] >= _FEWEST
    }


def far_outside(
    table: pd.DataFrame, inputs: Iterable[InputSpec], ranges: Mapping[str, tuple[float, float]]
) -> list[str]:
    """A sentence for each column with numbers further from the usual range than it is wide, below zero where nothing
    was, or of which most lie outside."""
    sentences = []
    for name in _numeric(inputs):
        if name not in table or name not in ranges:
            continue
        low, high = ranges[name]
        cells, width = _cells(table, [name])[:, 0], high - low
        odd = (cells < low - width) | (cells > high + width) | ((cells < 0) & (low >= 0))
        outside, filled = (cells < low) | (cells > high), int(np.isfinite(cells).sum())
        if filled >= _FEWEST and outside.sum() > _MOST * filled:
            odd = outside
        if odd.any():
            first = int(np.flatnonzero(odd)[0])
            sentences.append(
                counted(
                    int(odd.sum()),
                    "Column '{column}': {count} of {filled} numbers lies outside the usual range of the "
"cases that the run was trained on ({low:g} to {high:g}): {value:g} of case {id}. "
"Check the unit; predictions for such cases are guesses.",
                    "Column '{column}': {count} of {filled} numbers lie outside the usual range of the "
"cases that the run was trained on ({low:g} to {high:g}), such as {value:g} of case "
"{id}. Check the unit; predictions for such cases are guesses.",
                    column=name,
                    filled=filled,
                    low=low,
                    high=high,
                    value=float(cells[first]),
                    id=table.index[first],
                )
            )  # fmt: skip
    return sentences


def _numeric(inputs: Iterable[InputSpec]) -> list[str]:
    columns = (column for spec in inputs if spec.kind is Kind.TABLE for column in spec.table)
    return list(dict.fromkeys(column.name for column in columns if column.type == "number"))


def _cells(table: pd.DataFrame, names: list[str]) -> np.ndarray:
    """[N, C] float, NaN where not known."""
    numbers = table[names]
    if not all(pd.api.types.is_float_dtype(dtype) for dtype in numbers.dtypes):
        numbers = numbers.apply(pd.to_numeric, errors="coerce")
    cells = numbers.to_numpy(dtype=float)
    return np.where(np.isfinite(cells), cells, np.nan)
