"""Single columns that a person puts into an input, or takes out, while all others stay as they were inferred."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from mmcore.base.values import ColumnSpec, InputSpec, Kind
from mmcore.cohorts.cells import numbers_of
from mmcore.cohorts.names import class_name
from mmcore.cohorts.roles import MASK, Roles

TABLE = "table"  # name of the table input that is made of the left-over columns


def with_columns(
    inputs: Mapping[str, InputSpec],
    roles: Roles,
    table: pd.DataFrame,
    problems: list[str],
    out: Iterable[str | None] = (),
) -> dict[str, InputSpec]:
    """The inputs with the columns of `roles.columns` where they were put.

    "number:labs" and "category:labs" join the table input `labs` ("" is the one there is), "text:", "image:" and
    "signal:" are inputs of their own, called as the column where no name is given. out: columns that are in no input.
    A column read as numbers is changed in `table`; cells that are none count as missing and are told in `problems`.
    """
    moved = {*roles.columns, *out} - {None}
    others = {name: _without(spec, moved) for name, spec in inputs.items()}
    result = {name: spec for name, spec in others.items() if spec.columns}
    for column, text in roles.columns.items():
        kind, _colon, name = text.partition(":")
        if kind == MASK:  # no input, but where something lies in one
            continue
        if kind in ("number", "category"):
            spec = _column(table, column, kind, problems)
            own = _name_of_table(name, column, result, inputs)
            there = result.get(own, InputSpec(name=own, kind=Kind.TABLE, columns=()))
            members = sorted([*there.table, spec], key=lambda member: table.columns.get_loc(member.name))
            result[own] = there.model_copy(
                update={"columns": tuple(member.name for member in members), "table": tuple(members)}
            )
        else:
            own = _free(name or column, result)
            result[own] = InputSpec(name=own, kind=Kind(kind), columns=(column,))
    return result


def _without(spec: InputSpec, columns: set[str | None]) -> InputSpec:
    if not columns & set(spec.columns):
        return spec
    return spec.model_copy(
        update={
            "columns": tuple(column for column in spec.columns if column not in columns),
            "table": tuple(column for column in spec.table if column.name not in columns),
        }
    )


def _column(table: pd.DataFrame, column: str, kind: str, problems: list[str]) -> ColumnSpec:
    if kind == "number":
        table[column] = numbers_of(table[column], problems)
        return ColumnSpec(name=column)
    names = {name for cell in table[column] if (name := class_name(cell)) is not None}
    numbers = pd.to_numeric(pd.Series(sorted(names), dtype=object), errors="coerce")
    order = sorted(names) if numbers.isna().any() else sorted(names, key=float)
    return ColumnSpec(name=column, type="category", categories=tuple(order))


def _name_of_table(name: str, column: str, inputs: Mapping[str, InputSpec], before: Mapping[str, InputSpec]) -> str:
    """The table input that is meant: the one named, else where the column was, else the only one there is."""
    tables = [own for own, spec in inputs.items() if spec.kind is Kind.TABLE]
    was = next((own for own, spec in before.items() if spec.kind is Kind.TABLE and column in spec.columns), "")
    wanted = name or was or (tables[0] if tables else TABLE)
    return wanted if wanted in tables else _free(wanted, inputs)


def _free(name: str, inputs: Mapping[str, InputSpec]) -> str:
    while name in inputs:
        name += "_"
    return name
