"""Cells of a table: which are missing, and which are numbers however they are written."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pandas as pd

from mmcore.base.settings import _, counted
from mmcore.cohorts.number_notation import decimal_comma, number_of, same_unit, written
from mmcore.cohorts.units import is_unit, unit_of

_EMPTY = {
    "", "na", "n/a", "n.a.", "nan", "null", "#n/a", "<na>", "?", "??", ".", "..", "-", "--", "—", "–", "nil", "#value!",
    "#div/0!", "\\n", "...", "…", "???", "____",
}  # fmt: skip
_UNSAID = {
    "unknown", "unk", "missing", "not available", "not known", "not recorded", "not done", "not tested", "not measured",
    "not reported", "not applicable", "n.a", "(blank)", "blank", "unbekannt", "nicht bekannt", "keine angabe", "k.a.",
    "k. a.", "inconnu", "non renseigné", "desconocido", "sin dato", "sin datos", "s/d", "no aplica", "неизвестно",
    "нет данных", "未知", "不详", "不明", "缺失", "未检", "未测", "未测定", "未記入", "欠損", "모름", "미상",
    "(null)", "#null!", "not performed", "qns", "nicht gemessen", "nicht durchgeführt", "nicht bestimmt", "nsp",
    "ne sait pas", "manquant", "non fait", "no realizado", "検査せず", "未実施", "未検査", "測定不能", "未查", "未做",
    "拒查", "미시행", "미실시", "검사안함", *(f".{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"),  # Stata
}  # fmt: skip
# Missing among numbers; else a word that may mean something.
_NONE = {"none", "nothing", "no value", "no data", "nd", "n.d.", "无", "なし"}
_SIGNS = {"+", "++", "+++", "++++", "±", "+-", "+/-", "(+)", "pos", "positive"}  # beside these, "-" is a result
_ODD = 0.05  # share of cells that may be no numbers in a column of numbers
_ODD_MEASURED, _DIFFERENT = 0.2, 10  # the same where so many different numbers leave no doubt that it measures
_MEASURED = 0.8  # of cells that carry a unit, in a column of several
_MARKED, _REPEATED = 0.6, 2  # the same where the same word or two stand in all of them: a mark for "not known"
_IDENTIFIER = re.compile(r"[-+]?0\d+|\d{16,}(\.0+)?")  # digits that a number would lose
_LONGEST = 100  # letters of a cell beyond which it is no number


def texts_of(column: pd.Series, problems: list[str]) -> pd.Series:
    """Cells as str, None where empty; words that mean "not known" are told in `problems`."""
    cells = [None if cell is None else _text(cell) for cell in column]
    lower = {cell.casefold() for cell in set(cells) if cell is not None}
    empty = _EMPTY - ({"-", "--", "—", "–"} if lower & _SIGNS else set())
    unsaid = Counter(cell for cell in cells if cell is not None and cell.casefold() in _UNSAID)
    if unsaid:
        problems.append(
            _("Column '{column}': {cells} as missing ('{word}').").format(
                column=column.name,
                cells=counted(unsaid.total(), "{count} cell counts", "{count} cells count"),
                word=unsaid.most_common(1)[0][0],
            )
        )
    gone = empty | _UNSAID
    return pd.Series(
        [None if cell is None or cell.casefold() in gone else cell for cell in cells],
        index=column.index,
        dtype=object,
        name=column.name,
    )


def _text(cell: object) -> str | None:
    from mmcore.cohorts.names import class_name

    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, (pd.Timestamp, np.datetime64)):
        return None if pd.isna(cell) else str(pd.Timestamp(cell))
    return None if cell is pd.NaT else class_name(cell)


def has_decimal_commas(cells: pd.Series) -> bool:
    """Whether numbers of this column (str or None) have a comma before their decimals, beyond doubt."""
    filled = cells.dropna()
    return bool(
        len(filled) and filled.str.fullmatch(r"[-+]?(\d+,(\d{1,2}|\d{4,})|0,\d+|\d{1,3}(\.\d{3})+,\d+)").mean() > 0.5
    )


def has_grouped_points(cells: pd.Series) -> bool:
    """Whether every point of this column (str or None) can stand between thousands, and some do: "368.013"."""
    pointed = cells.dropna()
    pointed = pointed[pointed.str.contains(".", regex=False)]
    return bool(len(pointed) and pointed.str.fullmatch(r"[-+]?[1-9]\d{0,2}(\.\d{3})+").all())


def typed(
    cells: pd.Series, problems: list[str], *, comma_decimals: bool = False, point_groups: bool = False
) -> pd.Series:
    """float64 if the cells that are not empty are numbers, else the cells as they are.

    cells: str or None, by case id. What is read otherwise than plainly, and the few of many cells that are no numbers
    and count as missing, are told in `problems`. comma_decimals: what "1,234" means where no other cell decides.
    point_groups: other columns of the table have decimal commas, so "1.234" is a thousand.
    """
    filled = cells.dropna()
    different = filled.unique()
    if not any(letter.isdigit() for cell in different for letter in cell[:_LONGEST]):
        return cells  # most columns of words end here
    if any(map(_IDENTIFIER.fullmatch, different)):
        return cells
    plain = pd.to_numeric(filled, errors="coerce").astype(float)
    grouped = point_groups and has_grouped_points(filled)
    if np.isfinite(plain.to_numpy()).all() and not grouped:
        return plain.reindex(cells.index) if cells.index.is_unique else _spread(cells, plain.to_numpy())
    filled = filled[~filled.str.casefold().isin(_NONE)]
    column = _Column(str(cells.name), filled, comma_decimals or grouped)
    if grouped and not column.unsure:
        column.unsure = filled[filled.str.contains(".", regex=False)].iloc[0]
    if not column.numeric():
        column.tell_half(problems)
        return cells
    column.tell(problems)
    result = pd.Series(np.nan, index=cells.index, dtype=float, name=cells.name)
    result[filled.index] = column.values
    return result


def _spread(cells: pd.Series, numbers: np.ndarray) -> pd.Series:
    values = np.full(len(cells), np.nan)
    values[cells.notna().to_numpy()] = numbers
    return pd.Series(values, index=cells.index, name=cells.name)


def numbers_of(cells: pd.Series, problems: list[str]) -> pd.Series:
    """float64 of a column that must hold numbers; every cell that is none counts as missing and is told."""
    if pd.api.types.is_numeric_dtype(cells):
        return cells.astype(float)
    filled = cells.dropna().astype(str)
    filled = filled[~filled.str.casefold().isin(_NONE)]
    column = _Column(str(cells.name), filled, comma_decimals=False)
    column.tell(problems)
    result = pd.Series(np.nan, index=cells.index, dtype=float, name=cells.name)
    result[filled.index] = column.values
    return result


class _Column:
    """The filled cells of one column, read as numbers as far as they can be."""

    def __init__(self, name: str, filled: pd.Series, comma_decimals: bool) -> None:
        self.name, self.filled = name, filled
        notations = {cell: written(cell) for cell in filled.unique()}
        self.limits = {cell for cell, w in notations.items() if w and w.limit}
        units = Counter({cell: w.unit for cell, w in notations.items() if w and w.unit}.values())
        self.unit = max(units, key=lambda unit: (units[unit], unit), default="")
        self.with_unit = {cell for cell, w in notations.items() if w and w.unit}
        self.measured = {cell for cell, w in notations.items() if w and w.unit and is_unit(w.unit)}
        self.other_units = {
            cell for cell in self.with_unit if (w := notations[cell]) and same_unit(w.unit) != same_unit(self.unit)
        }
        digits = {cell: w.digits for cell, w in notations.items() if w and cell not in self.other_units}
        self.comma, self.unsure = decimal_comma(digits.values(), comma_decimals)
        values = {cell: number_of(text, self.comma) for cell, text in digits.items()}
        self.values = filled.map(values).astype(float).to_numpy()
        self.odd = filled[np.isnan(self.values)]

    def numeric(self) -> bool:
        """Enough of the cells are numbers; a column of limits only ("<50", ">50") is a category."""
        if not len(self.filled):
            return False
        share, different = len(self.odd) / len(self.filled), len(set(self.values[~np.isnan(self.values)]))
        limits = self.filled.isin(self.limits).to_numpy()
        if limits.mean() > 0.5 and len({*self.values[~limits & ~np.isnan(self.values)]}) < _DIFFERENT:
            return False
        if self.unit not in ("", "%") and len(self.with_unit) == different < 3:
            return False  # "1 vessel", "2 vessels": few names that begin with a number
        if self._marked(different):
            return True
        if len(self.filled) < 20:
            return self.odd.empty
        return share <= (_ODD_MEASURED if different > _DIFFERENT else _ODD)

    def _marked(self, different: int) -> bool:
        """All cells that are no numbers say one word or two, again and again, beside many different numbers."""
        words, times = self.odd.nunique(), len(self.odd)
        enough = times < _MARKED * len(self.filled) and different > _DIFFERENT
        return enough and 0 < words <= _REPEATED and times >= 2 * words and not any(map(written, self.odd.unique()))

    def tell(self, problems: list[str]) -> None:
        """How cells were read, with counts and examples."""
        if not self.odd.empty:
            problems.append(
                counted(
                    len(self.odd),
                    "Column '{column}': {count} cell is not a number, '{cell}' of case {id}, and counts as missing.",
                    "Column '{column}': {count} cells are not numbers and count as missing, such as '{cell}' of case "
                    "{id}.",
                    column=self.name,
                    cell=str(self.odd.iloc[0])[:40],
                    id=self.odd.index[0],
                )
            )
        limits = self.filled[self.filled.isin(self.limits)]
        if not limits.empty:
            problems.append(
                counted(
                    len(limits),
                    "Column '{column}': {count} cell is a limit, '{cell}', and is read as the limit itself.",
                    "Column '{column}': {count} cells are limits, such as '{cell}', and are read as the limit itself.",
                    column=self.name,
                    cell=limits.iloc[0],
                )
            )
        with_unit = self.filled[self.filled.isin(self.with_unit - self.other_units)]
        if not with_unit.empty:
            problems.append(
                counted(
                    len(with_unit),
                    "Column '{column}': {count} of {total} cells carries the unit '{unit}': '{cell}'; the number "
                    "is read.",
                    "Column '{column}': {count} of {total} cells carry the unit '{unit}', such as '{cell}'; the "
                    "number is read.",
                    column=self.name,
                    total=len(self.filled),
                    unit=self.unit,
                    cell=with_unit.iloc[0],
                )
            )
        named = unit_of(self.name) if self.unit else ""
        if named and is_unit(self.unit) and same_unit(named) != same_unit(self.unit):
            problems.append(
                _(
                    "Column '{column}' names the unit '{named}', but its cells carry '{unit}': check which is right."
                ).format(column=self.name, named=named, unit=self.unit)
            )
        if self.unsure:
            cell, value = self.unsure, number_of(self.unsure, self.comma)
            problems.append(
                _(
                    "Column '{column}': cells such as '{cell}' can be read in two ways; this one is read as {value:g}."
                ).format(column=self.name, cell=cell, value=value)
            )

    def tell_half(self, problems: list[str]) -> None:
        """A column of which most cells, but not enough, are numbers; or all are, in several units."""
        units = [self.measured - self.other_units, self.measured & self.other_units]
        if len(self.filled) >= 20 and all(units) and self.filled.isin(self.measured).mean() > _MEASURED:
            different = [self.filled[self.filled.isin(cells)].iloc[0] for cells in units]
            problems.append(
                _(
                    "Column '{column}' is written in several units, such as '{first}' and '{second}'; it is read as "
                    "words. Bring its cells to one unit."
                ).format(column=self.name, first=different[0], second=different[1])
            )
            return
        numbers = self.filled[~np.isnan(self.values)]
        decimals = not self.odd.empty and not self.other_units and all(map(written, self.odd))
        if len(self.filled) >= 20 and decimals and not numbers.empty:
            problems.append(
                _(
                    "Column '{column}' has decimal commas and decimal points, such as '{first}' and '{second}'; it is "
                    "read as words. Write all its numbers alike."
                ).format(column=self.name, first=self.odd.iloc[0], second=numbers.iloc[0])
            )
            return
        if len(self.filled) >= 20 and len(self.filled) / 2 < len(self.filled) - len(self.odd) and not self.odd.empty:
            if self.filled.nunique() <= _DIFFERENT:
                return
            problems.append(
                counted(
                    len(self.odd),
                    "Column '{column}': {count} of {total} cells is not a number, '{cell}' of case {id}; the "
                    "column is read as words.",
                    "Column '{column}': {count} of {total} cells are not numbers, such as '{cell}' of case {id}; "
                    "the column is read as words.",
                    column=self.name,
                    total=len(self.filled),
                    cell=str(self.odd.iloc[0])[:40],
                    id=self.odd.index[0],
                )
            )
