"""Table 1 of a paper: who is in the cohort, class by class."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.base.settings import _, counted
from mmcore.base.values import ColumnSpec, Kind
from mmcore.cohorts import Cohort
from mmcore.cohorts.names import class_name
from mmcore.report.document import Table

MOST_ROWS = 40
_CATEGORIES = 8  # of a column; what is rarer is counted together


def table_one(cohort: Cohort) -> Table | None:
    """Mean (SD) of numbers and count (share) of categories, over all cases and by class; None without a table input."""
    columns = [column for spec in cohort.inputs.values() if spec.kind is Kind.TABLE for column in spec.table]
    if not columns:
        return None
    groups: dict[str, np.ndarray] = {_("all"): np.ones(len(cohort), bool)}
    if len(members := cohort.class_members) <= 4:
        groups |= members
    rows = [row for column in columns for row in _rows(cohort.table[column.name], column, groups)]
    note = _("Numbers: mean (standard deviation). Categories: cases (share of those known).")
    if len(rows) > MOST_ROWS:
        note += " " + _("The first {shown} of {count} rows.").format(shown=MOST_ROWS, count=len(rows))
    heads = [f"{name} (n = {int(mask.sum())})" for name, mask in groups.items()]
    return Table(("", *heads, _("missing")), tuple(rows[:MOST_ROWS]), note)


def _rows(values: pd.Series, column: ColumnSpec, groups: dict[str, np.ndarray]) -> list[tuple[str, ...]]:
    name = column.name + (f", {column.unit}" if column.unit else "")
    absent = f"{values.isna().sum()} ({values.isna().mean():.0%})" if values.isna().any() else ""
    if column.type == "number":
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(float)
        return [(name, *(_mean(numbers[mask]) for mask in groups.values()), absent)]
    names = values.map(class_name) if pd.api.types.is_float_dtype(values) else values.astype("string")  # 1.0 is 1
    text = names.astype(object).where(names.notna(), None).to_numpy()
    counts = pd.Series(text).value_counts()
    rows = [(name, *("" for _mask in groups), absent)]
    for category in counts.index[:_CATEGORIES]:
        rows.append((f"  {category}", *(_share(text[mask], {str(category)}) for mask in groups.values()), ""))
    if rarer := set(map(str, counts.index[_CATEGORIES:])):
        head = "  " + counted(
            len(rarer),
            "{count} other",
            "{count} others",
        )
        rows.append((head, *(_share(text[mask], rarer) for mask in groups.values()), ""))
    if len(counts) == 2:  # the other category follows from the first
        head = f"{name}: {counts.index[0]}"
        return [(head, *rows[1][1:-1], absent)]
    return rows


def _mean(numbers: np.ndarray) -> str:
    finite = numbers[np.isfinite(numbers)]
    return f"{_short(finite.mean(), 3)} ({_short(finite.std(ddof=1), 2)})" if len(finite) > 1 else "–"


def _short(value: float, digits: int) -> str:
    """So many digits that count; whole numbers are written out rather than with a power of ten."""
    return f"{value:.0f}" if 10**digits <= abs(value) < 1e6 else f"{value:.{digits}g}"


def _share(values: np.ndarray, categories: set[str]) -> str:
    present = [value for value in values if value is not None]
    count = sum(str(value) in categories for value in present)
    return f"{count} ({count / len(present):.0%})" if present else "–"
