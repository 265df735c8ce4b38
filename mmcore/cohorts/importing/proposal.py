"""What every column of a table is taken for, and why; what cannot be used, row by row; what has to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

import pandas as pd

from mmcore.base.errors import BadInput, MMError
from mmcore.base.number_text import cell_text
from mmcore.base.settings import _
from mmcore.base.values import ColumnSpec, InputSpec, Kind
from mmcore.cohorts.assembly import Assembly
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.cohort_table import IDS
from mmcore.cohorts.column_content import looks_like_paths
from mmcore.cohorts.folder import Folder
from mmcore.cohorts.grouping import names_persons
from mmcore.cohorts.importing.open_questions import OpenQuestion, open_questions
from mmcore.cohorts.importing.reasons import reason_of
from mmcore.cohorts.infer import named_like
from mmcore.cohorts.names import class_name
from mmcore.cohorts.opening import file_beside, folder_of, table_of, tables_in
from mmcore.cohorts.personal_columns import named_personal
from mmcore.cohorts.roles import NO_ROLES, Roles
from mmcore.cohorts.samples import samples
from mmcore.cohorts.table_files import Blob
from mmcore.cohorts.units import first_cells, unit_of

Role = Literal["input", "target", "group", "id", "event", "time", "split", "mask", "left out"]
COLUMN_ROLES: tuple[Role, ...] = get_args(Role)
_EXAMPLES, _LETTERS = 3, 40
_ROWS = 200  # rows of one kind of trouble that are named one by one


@dataclass(frozen=True)
class ProposedColumn:
    """One column of the table. input: the input it belongs to, or whose pictures it outlines, "" if none. kind: number,
    category, text, image or signal; of the target its task; "" for others. missing: cases without a value. reason: why,
    in plain words."""

    name: str
    role: Role
    input: str
    kind: str
    unit: str
    missing: int
    examples: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class RowProblem:
    """One cell that cannot be used. row: of the table, from 1. cell: as it is written."""

    row: int
    id: str
    column: str
    cell: str
    problem: str


@dataclass
class Proposal:
    """table, folder, blobs: as an assembly has them. cohort: as it would be opened, None where nothing can be (`error`
    says why). roles: what was said so far. labels: of a target with several in a cell, and how often each occurs.
    tables: other tables of the folder that may be meant. more_rows: how many row problems are not listed.
    """

    path: Path
    roles: Roles
    table: pd.DataFrame
    folder: Folder
    blobs: Mapping[str, Mapping[str, Blob]]
    cohort: Cohort | None
    columns: list[ProposedColumn]
    rows: list[RowProblem] = field(default_factory=list)
    more_rows: int = 0
    questions: list[OpenQuestion] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    error: MMError | None = None
    tables: tuple[str, ...] = ()
    id_column: str | None = None
    repeated_id: str | None = None  # the column of ids that cannot be, for it repeats or has gaps

    @property
    def left_out(self) -> dict[str, list[str]]:
        """Why -> the columns that are left out for it."""
        reasons: dict[str, list[str]] = {}
        for column in self.columns:
            if column.role == "left out":
                reasons.setdefault(column.reason, []).append(column.name)
        return reasons


def propose(source: str | Path, roles: Roles = NO_ROLES, table: str | None = None) -> Proposal:
    """What a folder, zip or table would be opened as. table: which of several tables of the folder.

    Ids that repeat, or roles that do not go together, are an `error` of the proposal: the columns are listed all the
    same, so that it can be mended. Raises NotFound for a path that is not there, BadInput for what holds no table.
    """
    if str(source) in samples or str(source) in samples.broken:
        raise BadInput(
            _("'{name}' is a built-in cohort; its roles are fixed.").format(name=source),
            _("Write it to a folder first, and import that."),
        )
    place = Path(source).expanduser()
    path = folder_of(place) / table if table else table_of(place)
    file = file_beside(path)
    error: MMError | None = None
    numbered = False
    try:
        assembly = Assembly(path, file, roles)
    except BadInput as mistake:
        if roles.id == "":
            raise
        assembly, error = Assembly(path, file, roles.model_copy(update={"id": ""})), mistake
        numbered = True
    try:
        cohort = assembly.cohort()
    except MMError as mistake:
        cohort, error = None, error or mistake
    proposal = _proposal(assembly, cohort, error)
    if error is not None:  # the ids that were asked for are still what was said, though rows are numbered meanwhile
        proposal.roles = proposal.roles.model_copy(update={"id": roles.id})
    if numbered:
        named = [name for name in (roles.id, file.id) if name in assembly.table]
        proposal.repeated_id = next(iter(named or named_like(assembly.table.columns, IDS)), None)
    if not folder_of(place).is_dir():
        proposal.tables = ()  # one of them was named
    return proposal


def _proposal(assembly: Assembly, cohort: Cohort | None, error: MMError | None) -> Proposal:
    inputs = cohort.inputs if cohort else {}
    where = {column: spec for spec in inputs.values() for column in spec.columns}
    members = {member.name: member for spec in inputs.values() for member in spec.table}
    media = [name for name, spec in inputs.items() if spec.kind is not Kind.TABLE]
    present = {name: cohort.present(name) for name in media} if cohort else {}
    empty = assembly.table.isna().sum()
    columns = []
    for name in assembly.table.columns:
        spec, cells, member = where.get(name), _shown(name, assembly, cohort), members.get(name)
        outlined = assembly.mask_columns.get(name, ("", ""))[0]
        missing = int((~present[spec.name]).sum()) if spec and spec.name in present else int(empty[name])
        role = _role(name, spec, assembly)
        if _identifies(name, role, spec, assembly):
            cells = cells.iloc[:0]
        columns.append(
            ProposedColumn(
                name=name, role=role, input=spec.name if spec else outlined, kind=_kind(spec, member, role, cohort),
                unit=_unit(name, spec, member, assembly), missing=missing, examples=_examples(cells),
                reason=reason_of(name, role, spec, member, assembly, cohort),
            )
        )  # fmt: skip
    rows, more = _row_problems(assembly, cohort, present)
    folder = assembly.folder.path
    return Proposal(
        path=assembly.path, roles=assembly.roles, table=assembly.table, folder=assembly.folder, blobs=assembly.blobs,
        cohort=None if error else cohort, columns=columns, rows=rows, more_rows=more,
        questions=open_questions(cohort) if cohort else [], problems=cohort.problems if cohort else assembly.problems,
        labels=dict(assembly.label_counts), error=error,
        tables=tuple(path.name for path in tables_in(folder)), id_column=assembly.id_column,
    )  # fmt: skip


def _role(name: str, spec: InputSpec | None, assembly: Assembly) -> Role:
    pair = assembly.follow_up
    roles: dict[Role, bool] = {
        "target": name == assembly.target_column,
        "group": name == assembly.group_column,  # before the id: one that repeats may be both
        "id": name == assembly.id_column,
        "input": spec is not None,
        "event": pair is not None and name == pair.event,
        "time": pair is not None and name == pair.time,
        "split": name == assembly.split_column,
        "mask": name in assembly.mask_columns,
    }
    return next((role for role, holds in roles.items() if holds), "left out")


def _kind(spec: InputSpec | None, member: ColumnSpec | None, role: Role, cohort: Cohort | None) -> str:
    if spec is not None:
        return member.type if member is not None else str(spec.kind)
    return (cohort.schema.task or "") if cohort and role == "target" else ""


def _unit(name: str, spec: InputSpec | None, member: ColumnSpec | None, assembly: Assembly) -> str:
    """What was said, else what the file beside the table says, else what name and cells suggest."""
    unit = assembly.roles.units.get(name)
    if unit is not None:
        return unit
    if spec is not None and spec.kind is Kind.SIGNAL:
        return spec.unit
    if member is None or member.type != "number":
        return ""
    return member.unit or unit_of(name, assembly.given.written.get(name, ()))


def _shown(name: str, assembly: Assembly, cohort: Cohort | None) -> pd.Series:
    """The cells as they are kept: nothing of those that name persons where they were to be taken out."""
    if not assembly.deidentify or cohort is None:
        return assembly.table[name]
    return cohort.table[name] if name in cohort.table else assembly.table[name].iloc[:0]


def _identifies(name: str, role: Role, spec: InputSpec | None, assembly: Assembly) -> bool:
    """Whether cells may tell who a person is, and nobody needs to see them: of columns that are left out, and of names
    of files, ids and groups where persons are to be taken out."""
    if role == "left out":
        return named_personal(name) or names_persons(name)
    of_files = spec is not None and (spec.kind in (Kind.IMAGE, Kind.SIGNAL) or looks_like_paths(assembly.table[name]))
    return assembly.deidentify and (role in ("id", "group") or of_files)


def _examples(cells: pd.Series) -> tuple[str, ...]:
    some = first_cells(cells, 20)
    numbers = pd.api.types.is_numeric_dtype(cells)
    names = [cell_text(cell, digits=6) if numbers else class_name(cell) or "" for cell in some]
    shown = [name if len(name) <= _LETTERS else name[: _LETTERS - 1] + "…" for name in dict.fromkeys(names)]
    return tuple(shown[:_EXAMPLES])


def _row_problems(assembly: Assembly, cohort: Cohort | None, present: dict) -> tuple[list[RowProblem], int]:
    """Cells of numbers that are none, files that are not there, cases without a target: the first of each column."""
    rows: list[RowProblem] = []
    more = 0
    places = {id: row for row, id in enumerate(assembly.table.index, 1)}

    def enter(column: str, ids: list[str], cells: list[str], problem: str) -> None:
        nonlocal more
        rows.extend(
            RowProblem(places[id], id, column, cell[:_LETTERS], problem)
            for id, cell in zip(ids[:_ROWS], cells, strict=False)
        )
        more += max(0, len(ids) - _ROWS)

    for column, odd in assembly.given.unread.items():
        enter(column, list(odd.index), list(map(str, odd)), _("not a number: counts as missing"))
    if cohort is None:
        return rows, more
    for name, there in present.items():
        cells = assembly.table[cohort.inputs[name].columns[0]]
        absent = cells[~there & cells.notna().to_numpy()]
        enter(
            str(cells.name), list(absent.index), list(map(str, absent)), _("names a file that does not exist: missing")
        )
    if cohort.schema.task is not None:
        unlabelled = [id for id, labelled in zip(cohort.ids, cohort.labelled, strict=True) if not labelled]
        cells = assembly.table[cohort.schema.target]
        enter(
            str(cohort.schema.target),
            unlabelled,
            [class_name(cells[id]) or "" for id in unlabelled[:_ROWS]],
            _("no target: not used for training"),
        )
    return sorted(rows, key=lambda row: row.row), more
