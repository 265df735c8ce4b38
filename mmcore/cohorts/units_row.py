"""A line of units below a table's header: "years, mg/L, mmHg", which is no case."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.cohorts.units import is_unit

_LOOKED, _NUMBERS = 200, 0.8  # lines below that are looked at, and share of them that are numbers below a unit
_LEAST = 4  # lines below
_BARE = {"", "-", "--", "–", "—", "n/a", "na", "none", "unit", "units", "unitless", "1", "yyyy-mm-dd"}
_BRACKETS = re.compile(r"^[\(\[]\s*(.*?)\s*[\)\]]$")


def without_units(frame: pd.DataFrame, problems: list[str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """The table without its first line where that holds units, and the units by column. What was taken is told."""
    if len(frame) <= _LEAST:
        return frame, {}
    first = {str(name): _bare(cell) for name, cell in zip(frame.columns, frame.iloc[0], strict=True)}
    if any(map(_is_number, first.values())):  # no unit is one: asked first, for most tables end here
        return frame, {}
    units = {name: text for name, text in first.items() if is_unit(text)}
    if not units:
        return frame, {}
    below = frame.iloc[1 : 1 + _LOOKED]
    of_numbers = [name for name in frame.columns if _numbers_below(below[name])]
    measured = [name for name in of_numbers if name in units]
    strange = [name for name in of_numbers if name not in units and first[str(name)].casefold() not in _BARE]
    if not measured or len(strange) > len(measured):
        return frame, {}
    words = list_of(f"{name} {unit}" for name, unit in list(units.items())[:6]) + (" …" if len(units) > 6 else "")
    problems.append(_("The line below the header holds units and is not a case: {units}.").format(units=words))
    return frame.iloc[1:].reset_index(drop=True), units


def _bare(cell: object) -> str:
    if isinstance(cell, dict | list | bytes | np.ndarray):
        return ""
    text = "" if cell is None or cell is pd.NA or cell != cell else str(cell).strip()
    match = _BRACKETS.match(text)
    return match[1] if match else text


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def _numbers_below(cells: pd.Series) -> bool:
    filled = [text for cell in cells if (text := _bare(cell))]
    return bool(filled) and sum(map(_is_number, filled)) >= _NUMBERS * len(filled)
