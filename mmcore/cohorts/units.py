"""Units of columns, read off their names and cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import pandas as pd

_UNITS = (
    "%", "mg", "g", "kg", "µg", "ug", "ng", "pg", "l", "dl", "ml", "µl", "ul", "m", "cm", "mm", "µm", "nm", "mmol",
    "µmol", "umol", "nmol", "pmol", "mol", "mmhg", "cmh2o", "kpa", "bar", "bpm", "hz", "khz", "mv", "µv", "uv", "v",
    "ms", "s", "sec", "min", "h", "hours", "d", "days", "weeks", "months", "y", "yr", "yrs", "years", "°c", "c", "°f",
    "f", "iu", "u", "meq", "mosm", "kcal", "j", "w", "ppm", "fl", "m2", "m²", "mm3", "mm³", "cells", "breaths",
    "lb", "lbs",
)  # fmt: skip
_SPELLINGS = {unit: unit for unit in _UNITS}
_IN_BRACKETS = re.compile(r"[\(\[]\s*([^\)\]]{1,16}?)\s*[\)\]]\s*$")
_AFTER_NUMBER = re.compile(r"^\s*[<>≤≥~]?\s*[-+]?[\d.,]+\s*([^\d\s.,][^\d]{0,14})$")
_LAST_WORD = {
    "kg", "cm", "mm", "mg", "mmhg", "bpm", "hz", "mv", "ms", "sec", "min", "hours", "days", "weeks", "months", "years",
    "yrs", "mmol", "mgdl", "mmoll", "gdl", "umoll", "percent", "pct", "celsius",
}  # fmt: skip
_WRITTEN = {
    "mgdl": "mg/dl", "mmoll": "mmol/l", "gdl": "g/dl", "umoll": "µmol/l", "percent": "%", "pct": "%", "celsius": "°C",
    "mmhg": "mmHg", "hz": "Hz", "mv": "mV",
}  # fmt: skip


def unit_of(name: str, cells: Iterable[object] = ()) -> str:
    """The unit a column of numbers names: in brackets at the end of its name, as its last word, or in its cells.

    "BP, systolic (mmHg)" -> "mmHg", "weight_kg" -> "kg", cells such as "120 mg" -> "mg"; "" where nothing says.
    """
    if (match := _IN_BRACKETS.search(name)) and is_unit(match[1]):
        return match[1]
    words = re.split(r"[\W_]+", name)
    last = words[-1].casefold() if len(words) > 1 else ""
    if last in _LAST_WORD:
        return _WRITTEN.get(last, words[-1])
    return _of_cells(cells)


def without_unit(name: str) -> str:
    """The name without a unit in brackets behind it: "sbp [mmHg]" -> "sbp"."""
    match = _IN_BRACKETS.search(name)
    return name[: match.start()].strip() if match and is_unit(match[1]) and match.start() else name


def _of_cells(cells: Iterable[object]) -> str:
    units = Counter(
        match[1].strip() for cell in cells if isinstance(cell, str) and (match := _AFTER_NUMBER.match(cell))
    )
    return next((unit for unit, _count in units.most_common(1) if is_unit(unit)), "")


def is_unit(text: str) -> bool:
    """Known units, alone or divided by one another: mg/dL, 10^9/L, mL/min/1.73m²."""
    parts = re.split(r"[/*·]", text.casefold())
    return any(part.strip() in _SPELLINGS for part in parts) and all(
        part.strip() in _SPELLINGS or re.fullmatch(r"[\dx^.,]+\s*\w{0,3}[²³]?", part.strip()) for part in parts
    )


def first_cells(column: pd.Series, count: int = 40) -> list[object]:
    """Some cells that are not empty, from the beginning of a column."""
    return list(column.head(20 * count).dropna().head(count))
