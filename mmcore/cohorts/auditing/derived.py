"""Columns that other columns give: sums, products and ratios, and measurements cut into ranges."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

SAME = 0.999  # share of a column's variance that others explain
_RANGES, _LEAST = 12, 5  # ranges a measurement may be cut into, and cases in each


def derived_columns(numbers: pd.DataFrame) -> list[str]:
    """Names of columns of numbers (one row a case) that others give, in the order of the table.

    Sums by the share of variance that others explain; products and ratios, such as a body mass index, by the same
    after logarithms; ranges by one measurement that they are cut out of.
    """
    varied = numbers.loc[:, numbers.nunique() > 1]
    positive = varied.loc[:, (varied.min() > 0) & (varied.nunique() > _RANGES)]
    made = {*_by_others(varied), *_by_others(np.log(positive)), *_ranges(varied)}
    return [str(name) for name in numbers.columns if name in made]


def _by_others(columns: pd.DataFrame) -> list[object]:
    filled = columns.fillna(columns.median())
    spread = filled.std()
    filled = ((filled - filled.mean()) / spread.where(spread > 0, 1)).loc[:, spread > 0]
    if len(filled) < 5 * len(filled.columns) or len(filled.columns) < 3:
        return []
    return [name for name, share in zip(filled.columns, _explained(filled.to_numpy()), strict=True) if share > SAME]


def _explained(values: np.ndarray) -> np.ndarray:
    """[P] share of the variance of each standardised column [N, P] that the others explain, from the inverse of their
    correlations (its diagonal is 1 / (1 - R²))."""
    correlation = np.corrcoef(values, rowvar=False) + 1e-9 * np.eye(values.shape[1])
    return 1 - 1 / np.maximum(np.diag(np.linalg.pinv(correlation, hermitian=True)), 1.0)


def _ranges(columns: pd.DataFrame) -> Iterator[object]:
    """Columns of few values that change from one to the next only where one measurement passes a limit."""
    different = columns.nunique()
    measured = {name: columns[name].argsort().to_numpy() for name in columns if different[name] > 2 * _RANGES}
    for name in columns:
        counts = columns[name].value_counts()
        if (
            len(counts) <= _RANGES
            and counts.min() >= _LEAST
            and any(
                _seldom(columns[name].to_numpy(float)[order], len(counts)) and _cut(columns[[m, name]])
                for m, order in measured.items()
            )
        ):
            yield name


def _seldom(classes: np.ndarray, count: int) -> bool:
    """Whether classes in the order of a measurement change hardly more often than they must: a quick look."""
    filled = classes[~np.isnan(classes)]
    return int((np.diff(filled) != 0).sum()) < 2 * count


def _cut(pair: pd.DataFrame) -> bool:
    """Whether the second column is a function of the first that changes as seldom as it can."""
    values = pair.dropna().drop_duplicates().to_numpy(float)
    measured, classes = values[:, 0], values[:, 1]
    if len(np.unique(measured)) < len(measured):
        return False
    ordered = classes[np.argsort(measured)]
    return int((np.diff(ordered) != 0).sum()) == len(np.unique(classes)) - 1 > 0
