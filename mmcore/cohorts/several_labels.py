"""Several labels in one cell, such as "Effusion|Mass" or "['NORM', 'SR']": recognised, and told apart."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass

import pandas as pd

from mmcore.cohorts.names import class_name

_SEPARATORS = ("|", ";", ",", "+", "/", "&")
_LABELS, _LETTERS = 100, 40  # most labels a column may have, and letters a label
_SHARE, _AGAIN = 0.05, 0.3  # of cells with several labels; of labels that occur in different combinations


@dataclass(frozen=True)
class SeveralLabels:
    """counts: label -> cells it occurs in, the most frequent first. cells: cell as written -> its labels."""

    counts: dict[str, int]
    cells: dict[str, frozenset[str]]
    example: str

    def label(self, name: str) -> str | None:
        """The label that is meant, whatever its letter case."""
        return next((label for label in self.counts if label.casefold() == name.strip().casefold()), None)

    def combinations(self) -> int:
        """How many different cells there are."""
        return len({*self.cells.values()})


def several_labels(column: pd.Series) -> SeveralLabels | None:
    """The labels of a column whose cells hold several of few labels; None for any other column."""
    if pd.api.types.is_numeric_dtype(column):
        return None
    counts = Counter(name for cell in column if (name := class_name(cell)) is not None)
    if not counts or max(map(len, counts)) > 2000:
        return None
    for separator in ("", *_SEPARATORS):
        cells = {cell: _labels(cell, separator) for cell in counts}
        if all(cells.values()) and _several(cells, counts):
            labels: Counter[str] = Counter()
            for cell, members in cells.items():
                labels.update(dict.fromkeys(members, counts[cell]))
            example = max((cell for cell in cells if len(cells[cell]) > 1), key=lambda cell: counts[cell])
            return SeveralLabels(dict(labels.most_common()), cells, example)
    return None


def _labels(cell: str, separator: str) -> frozenset[str]:
    """Between separators; without one, the members of a list or the keys of a dictionary as Python writes them."""
    if separator:
        return frozenset(part.strip() for part in cell.split(separator) if part.strip())
    if cell[:1] not in "[{(":
        return frozenset()
    try:
        members = ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return frozenset()
    if not isinstance(members, (list, tuple, set, dict)):
        return frozenset()
    return frozenset(str(member) for member in members) or frozenset(["(none)"])


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
