"""Numbers that name a place, a person or a machine: codes, of which three is not more than two."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from mmcore.base.settings import _
from mmcore.base.values import ColumnSpec, InputSpec
from mmcore.cohorts.column_content import MOST_CATEGORIES
from mmcore.cohorts.names import class_name, words
from mmcore.cohorts.roles import Roles
from mmcore.cohorts.toml import CohortFile

_NAMED = {
    "site", "center", "centre", "hospital", "clinic", "ward", "department", "dept", "room", "region", "district",
    "province", "country", "nurse", "doctor", "physician", "surgeon", "clinician", "operator", "technician",
    "technologist", "examiner", "investigator", "observer", "rater", "annotator", "radiologist", "scanner", "device",
    "machine", "klinik", "station", "arzt", "untersucher", "医院", "中心", "科室", "病区", "护士", "医生", "医师",
    "操作员", "设备",
}  # fmt: skip
_NUMBER = {"no", "nr", "num", "number", "code", "key"}  # behind what is numbered
_AMOUNT = {"n", "no", "nr", "num", "number", "count", "total", "per", "days", "hours", "time", "distance", "km", "in"}
_FEWEST, _LARGEST = 3, 999  # of two values either reading says the same
_CASES = 5  # of one value on average, at least


def with_codes(
    inputs: Mapping[str, InputSpec], table: pd.DataFrame, roles: Roles, file: CohortFile, problems: list[str]
) -> dict[str, InputSpec]:
    """The inputs with such columns as categories, each told in `problems`.

    Columns that a person put into an input singly, or that cohort.toml describes, stay what they are.
    """
    settled = {*roles.columns, *(column for entry in file.inputs.values() for column in entry.columns)}
    result = dict(inputs)
    for name, spec in inputs.items():
        codes = {
            column.name: _as_category(table[column.name])
            for column in spec.table
            if column.type == "number" and column.name not in settled and holds_codes(table[column.name], column.name)
        }
        if not codes:
            continue
        result[name] = spec.model_copy(update={"table": tuple(codes.get(c.name, c) for c in spec.table)})
        problems += [
            _(
                "Column '{column}' holds numbers, but by its name they are codes for places, people or devices: they "
                "are read as {count} categories, not as amounts. To use it as a number, make it one yourself."
            ).format(column=column, count=len(code.categories))
            for column, code in codes.items()
        ]
    return result


def holds_codes(cells: pd.Series, name: str) -> bool:
    """Whether a column is called as places, people and devices are, and holds few whole numbers that repeat."""
    called = words(name)
    while called and called[-1] in _NUMBER:
        called = called[:-1]
    if not called or called[-1] not in _NAMED or _AMOUNT & {*called} or not pd.api.types.is_numeric_dtype(cells):
        return False
    numbers = cells.to_numpy(dtype=float, na_value=np.nan)
    numbers = numbers[~np.isnan(numbers)]
    different = np.unique(numbers)
    return (
        _FEWEST <= len(different) <= MOST_CATEGORIES
        and len(numbers) >= _CASES * len(different)
        and bool((different == np.round(different)).all() and different[0] >= 0 and different[-1] <= _LARGEST)
    )


def _as_category(cells: pd.Series) -> ColumnSpec:
    names = tuple(str(class_name(number)) for number in np.unique(cells.dropna().to_numpy(dtype=float)))
    return ColumnSpec(name=str(cells.name), type="category", categories=names)
