"""Tables whose rows are no cases: one row for each measurement of a case, or for each quantity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

import pandas as pd

from mmcore.base.settings import _
from mmcore.cohorts.names import plain

_WHAT = {
    "test", "testname", "testcode", "parameter", "param", "paramcd", "analyte", "analyt", "variable", "measure",
    "measurement", "item", "itemid", "labtest", "labname", "examination", "lbtest", "lbtestcd", "vstest",
    "untersuchung", "messgröße", "examen", "prueba", "检验项目", "项目", "检查项目", "検査項目", "項目", "검사항목",
    "검사명",
}  # fmt: skip
_HOW_MUCH = {
    "value", "values", "result", "results", "resultvalue", "labvalue", "valuenum", "lborres", "lbstresn", "vsorres",
    "aval", "wert", "messwert", "ergebnis", "valeur", "résultat", "valor", "resultado", "结果", "检验结果", "数值",
    "検査値", "値", "結果", "결과", "검사결과", "수치",
}  # fmt: skip
_TURNED, _SAME = 5, 0.8  # columns of numbers with words in them, and share of those that have them in one row only
_MANY = 10  # columns of a table that may be turned over
_FEWEST, _SHARE = 2, 0.5  # different things that are measured; of rows that are a further one of the same group


def long_form(table: pd.DataFrame, group: str | None) -> list[str]:
    """A sentence where one column says what was measured and another how much, and groups have several rows."""
    if group is None:
        return []
    named = {plain(str(column)): str(column) for column in reversed(table.columns) if column != group}
    what = next((named[name] for name in named if name in _WHAT), None)
    much = next((named[name] for name in named if name in _HOW_MUCH), None)
    if what is None or much is None or table[what].nunique() < _FEWEST:
        return []
    if table[group].nunique() > _SHARE * len(table) or table[what].nunique() > _SHARE * len(table):
        return []
    return [
        _(
            "Each row seems to be one measurement, not one case: '{what}' says what was measured and '{much}' how "
            "much. Make a table with one row for each case and a column for each of '{what}'."
        ).format(what=what, much=much)
    ]


def quantities_in_rows(table: pd.DataFrame, targets: Collection[str]) -> list[str]:
    """A sentence where a target's name stands in the first column, as a row, in a table of many columns.

    targets: what targets are called, as `plain` writes names.
    """
    if len(table.columns) < _MANY or len(table) > len(table.columns) or pd.api.types.is_numeric_dtype(table.iloc[:, 0]):
        return []
    names = [str(cell) for cell in table.iloc[:, 0].dropna()]
    target = next((name for name in names if plain(name) in targets), None)
    if target is None or len({*names}) < len(table):
        return []
    if any(plain(str(column)) in targets for column in table.columns):
        return []
    return [
        _(
            "'{target}' is a row of the table, not a column: rows seem to be quantities, and columns "
            "cases. If so, turn the table over: one row for each case."
        ).format(target=target)
    ]


def turned_over(unread: Mapping[str, pd.Series]) -> list[str]:
    """A sentence where many columns of numbers hold a word in one and the same row: there, quantities are rows.

    unread: column -> its cells that are no numbers, by case id.
    """
    rows = Counter(str(cells.index[0]) for cells in unread.values() if len(cells) == 1)
    row, count = rows.most_common(1)[0] if rows else ("", 0)
    if count < _TURNED or count < _SAME * len(unread):
        return []
    return [
        _(
            "Row '{row}' holds words in {count} columns of numbers: rows seem to be quantities, and "
            "columns cases. If so, turn the table over: one row for each case."
        ).format(row=row, count=count)
    ]
