"""Names: how a cell becomes the name of a class or group, and when two columns are called the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd


def class_name(cell: object) -> str | None:
    """1, 1.0 and "1" are the same name; None where the cell is empty."""
    if cell is None or cell is pd.NA or (isinstance(cell, (float, np.floating)) and np.isnan(cell)):
        return None
    if isinstance(cell, (bool, np.bool_)):
        return str(bool(cell)).lower()
    if isinstance(cell, (float, np.floating)) and float(cell).is_integer():
        return str(int(cell))
    return str(cell).strip() or None


@lru_cache(maxsize=2**16)  # asked again and again of thousands of columns
def plain(name: str) -> str:
    """What two ways to write a column's name share: "Patient ID", "patient_id" and "PatientID"."""
    return re.sub(r"[\W_]+", "", name.casefold()) or name.strip().casefold()


def words(name: str) -> list[str]:
    """Words of a column's name, in small letters: "PatientID" and "patient_id" are patient, id."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return [word for word in re.split(r"[\W_]+", apart.casefold()) if word]


def column_named(name: str, columns: Iterable[str]) -> str:
    """The column meant: that of exactly this name, else the only one of the same plain name, else the name itself."""
    columns = list(columns)
    if name in columns:
        return name
    spellings = [column for column in columns if plain(column) == plain(name)]
    return spellings[0] if len(spellings) == 1 else name


def same_but_for_case(cells: Iterable[object]) -> list[tuple[str, str]]:
    """Pairs of names that differ by letter case or spaces only."""
    spellings: dict[str, list[str]] = defaultdict(list)
    for name in sorted({name for cell in cells if (name := class_name(cell)) is not None}):
        spellings["".join(name.casefold().split())].append(name)
    return [(names[0], names[1]) for names in spellings.values() if len(names) > 1]
