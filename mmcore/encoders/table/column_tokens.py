"""A table row as one token per column."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch

from mmcore.base.errors import BadInput
from mmcore.base.settings import N_, _
from mmcore.base.values import Column, ColumnSpec, InputSpec, Kind, Place, Row, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.capabilities import Holds, Slot


@encoders.register("columns")
class Columns(Encoder[Row]):
    """Columns as they are: one token per column.

    Every column owns some slots of the token's width and fills only those: a number [value, missing], a category its
    one-hot and [missing]. A linear projection of such tokens is the feature tokeniser of the FT-Transformer, and their
    mean still holds every column. A category that the table's description does not list counts as missing.
    """

    kind = Kind.TABLE
    citation = "Gorishniy et al., Revisiting Deep Learning Models for Tabular Data, NeurIPS 2021 (feature tokeniser)"
    licence = N_("own implementation")
    dtype = "float32"

    def __init__(self, spec: InputSpec) -> None:
        super().__init__(spec)
        if not spec.table:
            raise BadInput(
                _("Table input '{name}' has no columns.").format(name=spec.name), _("Name at least one column for it.")
            )
        widths = [2 if column.type == "number" else len(column.categories) + 1 for column in spec.table]
        self._starts = [sum(widths[:i]) for i in range(len(widths))]
        self._dims = sum(widths)

    @property
    def dims(self) -> int:
        return self._dims

    def prepare(self, values: Sequence[Row]) -> Tokens:
        """Rows of B cases -> Tokens [B, columns, W]. Raises BadInput for text in a column of numbers."""
        tokens = torch.zeros(len(values), len(self.spec.table), self._dims)
        for row, case in zip(values, tokens, strict=True):
            for i, (column, start) in enumerate(zip(self.spec.table, self._starts, strict=True)):
                filled = numbers(column, row.get(column.name))
                case[i, start : start + len(filled)] = torch.tensor(filled)
        return Tokens(tokens, torch.ones(tokens.shape[:2], dtype=torch.bool))

    def owners(self) -> torch.Tensor | None:
        owner = torch.zeros(len(self._starts), self._dims, dtype=torch.bool)
        for column, (start, end) in zip(owner, pairwise([*self._starts, self._dims]), strict=True):
            column[start:end] = True
        return owner

    def places(self, value: Row) -> list[Place]:
        return [Column(column.name) for column in self.spec.table]

    def slots(self) -> list[Slot]:
        """What each of the W dimensions holds."""
        listed = []
        for column in self.spec.table:
            if column.type == "number":
                listed.append(Slot(column.name, column.name, Holds.NUMBER))
            else:
                listed += [Slot(f"{column.name}={c}", column.name, Holds.CATEGORY) for c in column.categories]
            listed.append(Slot(_("{column} missing").format(column=column.name), column.name, Holds.MISSING))
        return listed

    def _depends_on_spec(self) -> Any:
        return [(column.name, column.type, column.categories) for column in self.spec.table]


def numbers(column: ColumnSpec, value: float | str | None) -> list[float]:
    """A number as [value, missing], a category as [its one-hot, missing]. Raises BadInput for text among numbers."""
    missing = value is None or value == "" or (isinstance(value, float) and math.isnan(value))
    if column.type == "category":
        hot = [float(not missing and str(value) == category) for category in column.categories]
        return [*hot, float(not any(hot))]
    if missing:
        return [0.0, 1.0]
    try:
        number = float(value) if isinstance(value, float | int | str) else math.inf
    except ValueError:
        number = math.inf
    if not math.isfinite(number):
        raise BadInput(
            _("Column '{column}' holds {value!r}, which is not a number.").format(column=column.name, value=value),
            _("Correct the value, leave it empty, or declare the column as a category."),
        )
    return [number, 0.0]
