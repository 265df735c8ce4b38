"""Numbers that stand for "not measured": 999, -9, -99 and their like among numbers far from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mmcore.base.settings import _, counted

_POSITIVE = (9.0, 99.0, 999.0, 9999.0, 99999.0, 999999.0, 888.0, 8888.0, 777.0, 7777.0, 99.9, 999.9, 99.99, 999.99)
_NEGATIVE = (-1.0, -9.0, -99.0, -999.0, -9999.0, -99999.0, -999999.0, -88.0, -888.0, -8888.0, -77.0, -777.0, -7777.0)
_CODES = np.array(_POSITIVE + _NEGATIVE)
_LISTED = 10  # codes that are told one by one
_LEAST, _DIFFERENT = 10, 4  # other values there must be, and different ones
_REPEATED = 3  # times that a code of one digit must occur
_NEGATIVE_DIFFERENT = 8  # different other values beside which -1 is no score
_SURE = 99.0  # a code this large counts where it stands once
_TIMES = 2.0  # by which a positive code is beyond the greatest other value


@dataclass(frozen=True)
class MissingCode:
    """cells: [N] bool, where the code stands. low, high: of the other numbers of the column."""

    column: str
    code: float
    cells: np.ndarray
    low: float
    high: float

    @property
    def sentence(self) -> str:
        """What is told of it."""
        cells = counted(int(self.cells.sum()), "{count} cell holds", "{count} cells hold")
        return _(
            "Column '{column}': {cells} {code:g}, far from all others ({low:g} to {high:g}); it is read as a "
            "number, but may mean 'not measured'. If it does, empty these cells."
        ).format(column=self.column, cells=cells, code=self.code, low=self.low, high=self.high)


def code_sentences(numbers: pd.DataFrame) -> list[str]:
    """A sentence for each of the first codes, and how many more there are."""
    codes = missing_codes(numbers)
    more = len(codes) - _LISTED
    rest = (
        [
            counted(
                more,
                "There is {count} more such number.",
                "There are {count} more such numbers.",
            )
        ]
        if more > 0
        else []
    )
    return [code.sentence for code in codes[:_LISTED]] + rest


def missing_codes(numbers: pd.DataFrame) -> list[MissingCode]:
    """Codes in columns of numbers (one row a case), in the order of the columns."""
    if numbers.empty:
        return []
    values = numbers.to_numpy(float, na_value=np.nan)
    suspected = np.flatnonzero(np.isin(values, _CODES).any(axis=0))
    return [
        MissingCode(str(numbers.columns[index]), code, values[:, index] == code, low, high)
        for index in suspected
        for code, low, high in _codes(values[:, index])
    ]


def _codes(column: np.ndarray) -> list[tuple[float, float, float]]:
    """(code, lowest and highest of the values that are no code) of one column."""
    there = column[np.isfinite(column)]
    suspects = [float(code) for code in _CODES if (there == code).any()]
    others = there[~np.isin(there, suspects)]  # without any of them, so that -999 does not hide -99
    codes = [code for code in suspects if _stands_apart(code, int((there == code).sum()), others)]
    rest = there[~np.isin(there, codes)]
    return [(code, float(rest.min()), float(rest.max())) for code in codes]


def _stands_apart(code: float, times: int, others: np.ndarray) -> bool:
    different = len(np.unique(others))
    if len(others) < _LEAST or different < _DIFFERENT:
        return False
    low, high = float(others.min()), float(others.max())
    first, third = np.percentile(others, [25, 75])
    if abs(code) < _SURE and times < _REPEATED:
        return False
    if code < 0:
        if code == -1.0 and different < _NEGATIVE_DIFFERENT:
            return False
        return low >= 0 or (abs(code) >= _SURE and low > code / _TIMES and first - code > 5 * (third - first))
    if code < _SURE:  # stages or grades of 0 to 4
        return high < code / _TIMES and bool((others == np.round(others)).all())
    return high <= code / _TIMES and code - third > 5 * (third - first)
