"""Several labels in one cell, such as "Effusion|Mass" or "['NORM', 'SR']": recognised, and told apart."""

from __future__ import annotations

import ast
import json
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mmcore.base.errors import RolesNeeded
from mmcore.base.label_sets import MOST_LABELS, NO_LABEL, SEPARATOR, codes_of
from mmcore.base.settings import _
from mmcore.cohorts.names import class_name

_YES, _NO = {"1", "true", "yes", "y"}, {"0", "false", "no", "n"}
_SEPARATORS = ("|", ";", ",", "+", "/", "&")
_LABELS, _LETTERS = 100, 40  # most labels a column may have, and letters a label
LEAST = 10  # cases with a label, and without it, that it takes to learn it
_SHARE, _AGAIN = 0.05, 0.3  # of cells with several labels; of labels that occur in different combinations


@dataclass(frozen=True)
class SeveralLabels:
    """counts: label -> cells it occurs in, the most frequent first. cells: cell as written -> its labels; cases: how
    often it is."""

    counts: dict[str, int]
    cells: dict[str, frozenset[str]]
    example: str
    cases: dict[str, int]

    def label(self, name: str) -> str | None:
        """The label that is meant, whatever its letter case."""
        return next((label for label in self.counts if label.casefold() == name.strip().casefold()), None)

    def combinations(self) -> int:
        """How many different cells there are."""
        return len({*self.cells.values()})


def learnable(several: SeveralLabels) -> tuple[list[str], dict[str, int]]:
    """The labels that occur, and are absent, often enough to be learnt, the most frequent first; and how often the
    others occur."""
    cases = sum(several.cases.values())
    names = [name for name, count in several.counts.items() if LEAST <= count <= cases - LEAST and name != NO_LABEL]
    names = names[:MOST_LABELS]
    return names, {name: count for name, count in several.counts.items() if name not in names and name != NO_LABEL}


def canonical(column: pd.Series, cells: dict[str, frozenset[str]], names: list[str]) -> pd.Series:
    """The same column with cells such as "Effusion|Mass", of these labels alone; empty where nothing was written."""

    def written(cell: object) -> str | None:
        name = class_name(cell)
        if name is None:
            return None
        held = cells[name]
        return SEPARATOR.join(label for label in names if label in held) or NO_LABEL

    return pd.Series([written(cell) for cell in column], index=column.index, dtype=object)


def codes_in(column: pd.Series, labels: tuple[str, ...]) -> np.ndarray:
    """[N] int64 set of labels of each canonical cell as a number, -1 where it is empty."""
    cells = [class_name(cell) for cell in column]
    parts = [set() if cell is None else set(cell.split(SEPARATOR)) for cell in cells]
    held = np.array([[label in own for label in labels] for own in parts], dtype=bool).reshape(len(cells), len(labels))
    return np.where([cell is None for cell in cells], -1, codes_of(held))


def of_columns(table: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Columns of 0 and 1 (or no and yes), one a label, as one column of canonical cells; empty where one is empty.

    Raises RolesNeeded for a column that holds anything else.
    """
    held = {}
    for column in columns:
        names = [class_name(cell) for cell in table[column]]
        strange = {name for name in names if name is not None and name.casefold() not in _YES | _NO}
        if strange:
            raise RolesNeeded(
                _(
                    "Column '{column}' holds '{cell}'; the column of a label may hold only 0 and 1, or no and yes."
                ).format(column=column, cell=sorted(strange)[0]),
                _("Name columns of 0 and 1, or one column that holds the labels."),
            )
        held[column] = [None if name is None else name.casefold() in _YES for name in names]
    rows = zip(*held.values(), strict=True)
    cells = [
        None if None in row else SEPARATOR.join(c for c, there in zip(columns, row, strict=True) if there) or NO_LABEL
        for row in rows
    ]
    return pd.Series(cells, index=table.index, dtype=object)


def several_labels(column: pd.Series, *, surely: bool = False) -> SeveralLabels | None:
    """The labels of a column whose cells hold several of few labels; None for any other column.

    surely: it is known to hold labels between "|", however few cells hold several.
    """
    if pd.api.types.is_numeric_dtype(column):
        return None
    counts = Counter(name for cell in column if (name := class_name(cell)) is not None)
    if not counts or max(map(len, counts)) > 2000:
        return None
    for separator in (SEPARATOR,) if surely else ("", *_SEPARATORS):
        cells = {cell: _labels(cell, separator) for cell in counts}
        if all(cells.values()) and (surely or _several(cells, counts)):
            labels: Counter[str] = Counter()
            for cell, members in cells.items():
                labels.update(dict.fromkeys(members, counts[cell]))
            example = max(cells, key=lambda cell: (len(cells[cell]) > 1, counts[cell]))
            return SeveralLabels(dict(labels.most_common()), cells, example, dict(counts))
    return None


def _labels(cell: str, separator: str) -> frozenset[str]:
    """Between separators; without one, the members of a list or the keys of a dictionary as Python writes them."""
    if separator:
        return frozenset(part.strip() for part in cell.split(separator) if part.strip())
    if cell[:1] not in "[{(":
        return frozenset()
    members = _read(cell)
    if isinstance(members, dict):  # JSON of flags: {"Mass": true, "Nodule": false}
        members = [name for name, value in members.items() if value is not False and value is not None]
    if not isinstance(members, (list, tuple, set)):
        return frozenset()
    return frozenset(str(member) for member in members) or frozenset([NO_LABEL])


def _read(cell: str) -> object:
    for read in (ast.literal_eval, json.loads):
        try:
            return read(cell)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return None


def _several(cells: dict[str, frozenset[str]], counts: Counter[str]) -> bool:
    multiple = {cell: labels for cell, labels in cells.items() if len(labels) > 1}
    if sum(counts[cell] for cell in multiple) < max(2, _SHARE * counts.total()):
        return False
    labels = {label for members in cells.values() for label in members}
    if len(labels) > _LABELS or max(map(len, labels)) > _LETTERS:
        return False
    combinations = Counter(label for members in {*cells.values()} for label in members)
    inside = {label for members in multiple.values() for label in members}
    return sum(combinations[label] > 1 for label in inside) >= max(2, _AGAIN * len(inside))
