"""Roles: what a person says the columns of a table are."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd
from pydantic import BaseModel, ConfigDict

from mmcore.base.errors import BadInput, MMError, several, unknown
from mmcore.base.settings import _
from mmcore.base.values import ColumnSpec, InputSpec, Kind
from mmcore.cohorts.names import column_named
from mmcore.readers.signals import MAX_RATE

_HINT = "NAME=KIND:COL[,COL...]"
MASK = "mask"  # a column that outlines what the pictures of an input show
MEMBERS = ("number", "category", "text", "image", "signal")  # what a column may be in an input


class Roles(BaseModel):
    """What a person says of a table's columns; what is not said is inferred or comes from cohort.toml.

    inputs: name -> "KIND:COL[,COL...]"; when any are given, they are all the inputs. A column whose name holds a comma
    or a colon is quoted, and `*` stands for any letters. columns: column -> "KIND:INPUT", single columns that join an
    input, whatever they would be else (see `chosen`), or "mask:INPUT", masks of its pictures. rates: input -> samples
    a second, for files that do not say. units: column -> unit. positive: the class a binary task asks for; of a target
    with several labels in a cell, the label that is learnt against all others. id: the column that names the cases.
    event, time: whether and when something happened in follow-up. split: the column that says which part or fold of a
    published split a case belongs to, which studies then follow. target, group, id and split may be "": there is none.
    deidentify: texts are read without names, dates and numbers of persons.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    target: str | None = None
    group: str | None = None
    inputs: dict[str, str] = {}
    ignore: tuple[str, ...] = ()
    rates: dict[str, float] = {}
    positive: str | None = None
    id: str | None = None
    columns: dict[str, str] = {}
    units: dict[str, str] = {}
    deidentify: bool = False
    event: str | None = None
    time: str | None = None
    split: str | None = None


NO_ROLES = Roles()


def resolved(roles: Roles, columns: Iterable[str], taken: Iterable[str | None] = ()) -> Roles:
    """The roles with columns named as the table does, and `*` replaced by the columns it stands for.

    Names are compared without case, spaces and underscores. taken: columns that `*` does not stand for (target, group
    and id never are). What names no column stays as it is, for `check` to tell.
    """
    columns = list(columns)

    def named(name: str | None) -> str | None:
        return column_named(name, columns) if name else name

    target, group, id = named(roles.target), named(roles.group), named(roles.id)
    event, time, split = named(roles.event), named(roles.time), named(roles.split)
    beside = [column for column in columns if column not in {target, group, id, event, time, split, *taken}]
    inputs = {
        name: written(kind, _expanded(pieces, columns, beside))
        for name, text in roles.inputs.items()
        for kind, pieces in [_pieces(text)]
    }
    return roles.model_copy(
        update={
            "target": target,
            "group": group,
            "id": id,
            "event": event,
            "time": time,
            "split": split,
            "inputs": inputs,
            "columns": {column_named(name, columns): text for name, text in roles.columns.items()},
            "units": {column_named(name, columns): unit for name, unit in roles.units.items()},
            "ignore": tuple(_expanded([(name, True) for name in roles.ignore], columns, beside)),
        }
    )


def _expanded(pieces: Iterable[tuple[str, bool]], columns: list[str], beside: list[str]) -> list[str]:
    result: list[str] = []
    for name, may_be_pattern in pieces:
        meant = column_named(name, columns)
        if meant not in columns and may_be_pattern and "*" in name:
            pattern = re.compile(".*".join(map(re.escape, name.split("*"))), re.IGNORECASE)
            result += [column for column in beside if pattern.fullmatch(column)] or [name]
        else:
            result.append(meant)
    return list(dict.fromkeys(result))


def written(kind: str, columns: Iterable[str]) -> str:
    """The text that `parse` reads as this kind and these columns."""
    return f"{kind}:" + ",".join(
        '"' + column.replace('"', '""') + '"' if re.search(r'[,:"*]|^\s|\s$', column) else column for column in columns
    )


def check(roles: Roles, columns: Iterable[str]) -> None:
    """Raises one error with every role that names a column which is not there, or is not well formed."""
    columns = list(columns)
    wrong: list[MMError] = []
    single = [roles.target, roles.group, roles.id, roles.event, roles.time, roles.split]
    for column in [*single, *roles.ignore, *roles.columns, *roles.units]:
        if column and column not in columns:
            wrong.append(unknown(_("column"), column, columns))
    for name, role in roles.inputs.items():
        wrong += _wrong_with(name, role, columns)
    for text in roles.columns.values():
        if text.partition(":")[0] not in (*MEMBERS, MASK):
            wrong.append(unknown(_("kind of column"), text.partition(":")[0], (*MEMBERS, MASK)))
    for name, rate in roles.rates.items():
        if not 0 < rate <= MAX_RATE:
            wrong.append(
                BadInput(
                    _("The rate {rate} of '{name}' is not possible.").format(rate=rate, name=name),
                    _("Give a rate in Hz, such as 100."),
                )
            )
    if wrong:
        raise several(wrong)


def _wrong_with(name: str, role: str, columns: list[str]) -> list[MMError]:
    kind, named = parse(role)
    wrong: list[MMError] = []
    if kind not in [*Kind]:
        wrong.append(unknown(_("kind of input"), kind, [*Kind]))
    if not named:
        wrong.append(
            BadInput(_("Input '{name}' names no column.").format(name=name), _("Write {form}.").format(form=_HINT))
        )
    elif kind in [*Kind] and kind != Kind.TABLE and len(named) > 1:
        wrong.append(
            BadInput(
                _("The {kind} input '{name}' names {count} columns.").format(kind=kind, name=name, count=len(named)),
                _("Only a table input takes several columns."),
            )
        )
    wrong += [unknown(_("column"), column, columns) for column in named if column not in columns]
    return wrong


def parse(role: str) -> tuple[str, tuple[str, ...]]:
    """ "table:age,sex" -> ("table", ("age", "sex")). What is wrong with it, `check` says."""
    kind, pieces = _pieces(role)
    return kind, tuple(dict.fromkeys(name for name, _quoted in pieces))


def _pieces(role: str) -> tuple[str, list[tuple[str, bool]]]:
    """The kind, and the names between the commas, each with whether `*` stands for any letters in it."""
    kind, _colon, named = role.partition(":")
    pieces = [
        (quoted.replace('""', '"'), False) if quoted else (bare.strip(), True)
        for quoted, bare in re.findall(r'\s*"((?:[^"]|"")+)"\s*(?:,|$)|([^,]+)', named)
    ]
    return kind.strip().lower(), [piece for piece in pieces if piece[0]]


def input_of(name: str, role: str, table: pd.DataFrame) -> InputSpec:
    """The input a checked role describes."""
    kind, named = parse(role)
    described = column_specs(table, named) if kind == Kind.TABLE else ()
    return InputSpec(name=name, kind=Kind(kind), columns=named, table=described)


def column_specs(table: pd.DataFrame, columns: Iterable[str]) -> tuple[ColumnSpec, ...]:
    """Numbers where a column holds numbers only, else categories in order."""
    return tuple(column_spec(cells) for _name, cells in table[list(columns)].items())


def column_spec(column: pd.Series) -> ColumnSpec:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return ColumnSpec(name=str(column.name))
    return ColumnSpec(
        name=str(column.name), type="category", categories=tuple(sorted(column.dropna().astype(str).unique()))
    )
