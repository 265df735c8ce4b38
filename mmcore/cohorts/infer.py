"""Roles by content: what a table's columns are when nobody has said so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind
from mmcore.cohorts.columns import (
    LOOK,
    MOST_CATEGORIES,
    is_prose,
    looks_like_paths,
    path_kind,
    too_many_values,
    useless,
)
from mmcore.cohorts.leaks import LEAK, settles
from mmcore.cohorts.roles import column_specs

TARGETS = ("label", "labels", "target", "y", "outcome", "diagnosis", "class", "disease", "event")
GROUPS = (
    "group", "groups", "patient", "patient_id", "patientid", "participant", "participant_id", "person", "person_id",
    "subject", "subject_id", "mrn", "pid", "speaker", "speaker_id", "site", "center", "centre",
)  # fmt: skip
TABLE = "table"  # name of the table input that is made of the left-over columns


@dataclass
class Inferred:
    """inputs in column order; ignored: column -> why; problems: what a person should know."""

    inputs: dict[str, InputSpec] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def named_like(columns: Iterable[str], names: tuple[str, ...]) -> list[str]:
    """Columns with one of these names, in the order of the names, whatever their case."""
    lower = {column.lower(): column for column in columns}
    return [lower[name] for name in names if name in lower]


def find_target(table: pd.DataFrame, taken: set[str]) -> str | None:
    """A column with a target's name that holds labels or numbers, not prose or paths."""
    for column in named_like(table.columns, TARGETS):
        cells = table[column].dropna()
        if column in taken or cells.empty:
            continue
        if pd.api.types.is_numeric_dtype(cells) or cells.nunique() <= max(2, min(MOST_CATEGORIES, len(cells) // 2)):
            return column
    return None


def find_group(table: pd.DataFrame, taken: set[str]) -> tuple[str | None, dict[str, str]]:
    """The first column with a group's name whose values repeat, and why earlier ones were passed over."""
    passed = {}
    for column in named_like(table.columns, GROUPS):
        cells = table[column].dropna()
        if column in taken or cells.nunique() < 2:
            continue
        if cells.is_unique:
            passed[column] = _("every case has its own, so it groups nothing")
            continue
        return column, passed
    return None, passed


def infer(
    table: pd.DataFrame, folder: Path, *, taken: dict[str, str], target: np.ndarray, group: str | None
) -> Inferred:
    """Inputs from the columns that are not `taken` (column -> its role: id, target, group, ignored).

    target: [N] class index or float, to find columns that alone settle it (see leaks).
    """
    found, rest = Inferred(), []
    for column in table.columns:
        if column in taken:
            continue
        kind = path_kind(table[column], folder)
        reason = None if kind else useless(table[column], column) or _repeats(table, column, group)
        if kind is not None:
            _enter_path(found, table, column, kind)
        elif reason:
            found.ignored[column] = reason
        elif looks_like_paths(table[column]):
            found.ignored[column] = _("names files that are not there")
            found.problems.append(
                _("Column '{column}' looks like paths, but no such files lie below {folder}.").format(
                    column=column, folder=folder.name
                )
            )
        elif settles(table[column], target):
            found.ignored[column] = LEAK
            found.problems.append(
                _(
                    "Column '{column}' alone determines the target; it is left out as a likely leak. "
                    "Name it in --input to use it."
                ).format(column=column)
            )
        elif is_prose(table[column]):
            found.inputs[column] = InputSpec(name=column, kind=Kind.TEXT, columns=(column,))
        elif too_many_values(table[column]):
            found.ignored[column] = _("{count} different short values: neither a category nor free text").format(
                count=table[column].nunique()
            )
        else:
            rest.append(column)
    if rest:
        name = TABLE if TABLE not in found.inputs else f"{TABLE}_"
        found.inputs[name] = InputSpec(name=name, kind=Kind.TABLE, columns=tuple(rest), table=column_specs(table, rest))
    return found


def _repeats(table: pd.DataFrame, column: str, group: str | None) -> str | None:
    if group is None or table[column].isna().any():
        return None
    pairs = table[[group, column]].drop_duplicates()
    return _("says the same as the group") if len(pairs) == table[group].nunique() == table[column].nunique() else None


def _enter_path(found: Inferred, table: pd.DataFrame, column: str, kind: Kind) -> None:
    twin = next(
        (
            spec.columns[0]
            for spec in found.inputs.values()
            if spec.kind is kind and _same_record(table, spec.columns[0], column)
        ),
        None,
    )
    if twin:
        found.ignored[column] = _("the same recordings as '{column}', in another format").format(column=twin)
    else:
        found.inputs[column] = InputSpec(name=column, kind=kind, columns=(column,))


def _same_record(table: pd.DataFrame, one: str, other: str) -> bool:
    """Files of two formats whose names begin alike: 00001.npy and 00001_lr.hea."""
    pairs = table[[one, other]].dropna().head(LOOK)
    paths = [(Path(a), Path(b)) for a, b in zip(pairs[one], pairs[other], strict=True)]
    return bool(paths) and all(
        a.suffix.lower() != b.suffix.lower() and (a.stem.startswith(b.stem) or b.stem.startswith(a.stem))
        for a, b in paths
    )
