"""What cohort.toml describes, in terms of the table beside it."""

from __future__ import annotations

import pandas as pd

from mmcore.base.values import InputSpec, Kind
from mmcore.cohorts.names import column_named
from mmcore.cohorts.roles import column_specs
from mmcore.cohorts.toml import CohortFile, InputEntry


def resolved_file(file: CohortFile, table: pd.DataFrame) -> CohortFile:
    """cohort.toml with columns named as the table does."""

    def named(name: str | None) -> str | None:
        return None if name is None else column_named(name, table.columns)

    return file.model_copy(
        update={
            "target": named(file.target), "group": named(file.group), "id": named(file.id),
            "split": named(file.split),
            "ceiling": tuple(column_named(name, table.columns) for name in file.ceiling_columns),
            "ignore": tuple(column_named(name, table.columns) for name in file.ignore),
        }
    )  # fmt: skip


def input_of_file(name: str, entry: InputEntry, table: pd.DataFrame) -> InputSpec:
    """The input an entry of cohort.toml describes."""
    columns = column_specs(table, entry.columns) if entry.kind is Kind.TABLE else ()
    described = tuple(
        column.model_copy(
            update={"unit": entry.units.get(column.name, "")}
            | (
                {"type": "category", "categories": entry.categories[column.name]}
                if column.name in entry.categories
                else {}
            )
        )
        for column in columns
    )
    return InputSpec(
        name=name,
        kind=entry.kind,
        columns=entry.columns,
        table=described,
        rate_hz=entry.rate_hz,
        unit=entry.unit,
        channel_names=entry.channel_names,
    )
