"""From a table and what is said of it to a cohort: roles checked, target settled, inputs found, files located."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput, NotFound, several, unknown
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind
from mmcore.cohorts import roles as role
from mmcore.cohorts.base import Cohort, Schema
from mmcore.cohorts.columns import path_of, paths_in
from mmcore.cohorts.infer import find_group, find_target, infer
from mmcore.cohorts.media import Files, rows_of
from mmcore.cohorts.names import class_name
from mmcore.cohorts.roles import Roles
from mmcore.cohorts.table import read_table
from mmcore.cohorts.target import task_and_classes
from mmcore.cohorts.toml import CohortFile, InputEntry

_LISTED = 10  # missing files of one input that are listed one by one


class Assembly:
    """The steps from a table to a cohort, each using what the earlier ones found."""

    def __init__(self, path: Path, file: CohortFile, roles: Roles) -> None:
        self.path, self.folder, self.file, self.roles = path, path.parent, file, roles
        self.table, self.id_column, self.problems = read_table(path, file.id)
        self.ignored: dict[str, str] = {}
        self.without_target: BadInput | None = None

    def cohort(self) -> Cohort:
        self._check_names()
        target, group = self._target(), self._group()
        task, classes = self._task(target)
        inputs = self._inputs(target, group, classes if task != "regression" else None)
        paths, cells, rows = self._media(inputs)
        name = self.file.name or (self.path.parent.resolve().name if self.path.stem == "cases" else self.path.stem)
        schema = Schema(
            name=name, title=self.file.title, description=self.file.description, inputs=inputs,
            task=task, target=target, classes=classes, group=group, ignored=self.ignored,
            licence=self.file.licence, citation=self.file.citation, synthetic=self.file.synthetic,
        )  # fmt: skip
        ceiling = None
        if self.file.ceiling in self.table:
            ceiling = pd.to_numeric(self.table[self.file.ceiling], errors="coerce").to_numpy(dtype=float)
        return Cohort(
            schema, self.table, Files(paths, cells, rows), problems=self.problems, ceiling_probability=ceiling,
            source=str(self.path.resolve()), without_target=self.without_target,
        )  # fmt: skip

    def _check_names(self) -> None:
        """Every role, of the command line and of cohort.toml, names a column that is there."""
        file, given = self.file, self.roles
        of_file = Roles(
            target=None if given.target else file.target,
            group=None if given.group else file.group,
            inputs={}
            if given.inputs
            else {name: f"{entry.kind}:{','.join(entry.columns)}" for name, entry in file.inputs.items()},
            ignore=tuple(name for name in [file.id, file.ceiling] if name),
        )
        wrong = []
        for roles in (given, of_file):
            try:
                role.check(roles, self.table.columns)
            except (BadInput, NotFound) as error:
                wrong.append(error)
        target = given.target or file.target
        wrong += [
            BadInput(
                _("Input '{name}' holds the target, column '{target}'.").format(name=name, target=target),
                _("Leave the target out of the inputs."),
            )
            for name, text in (given.inputs or of_file.inputs).items()
            if target in role.parse(text)[1]
        ]
        if wrong:
            raise several(wrong)

    def _target(self) -> str | None:
        return self.roles.target or self.file.target or find_target(self.table, self._named())

    def _named(self) -> set[str]:
        """Columns that have a role already."""
        entries = (
            [entry.columns for entry in self.file.inputs.values()]
            if not self.roles.inputs
            else [role.parse(r)[1] for r in self.roles.inputs.values()]
        )
        named = {
            self.id_column,
            self.roles.group or self.file.group,
            *self.roles.ignore,
            *self.file.ignore,
            *(c for columns in entries for c in columns),
        }
        return {name for name in named if name}

    def _group(self) -> str | None:
        given = self.roles.group or self.file.group
        if given is None:
            taken = self._named() | {self.roles.target or self.file.target or ""}
            group, passed = find_group(self.table, taken)
            self.ignored |= passed
            return group
        if self.table[given].dropna().is_unique:
            self.ignored[given] = _("every case has its own, so it groups nothing")
            return None
        return given

    def _task(self, target: str | None) -> tuple[str | None, tuple[str, ...]]:
        if target is None:
            self.without_target = BadInput(
                _("{file} has no column that looks like a target.").format(file=self.path.name),
                _("Name it with --target COL, or in cohort.toml; there is: {columns}.").format(
                    columns=", ".join(self.table.columns)
                ),
            )
            return None, ()
        declared = self.file if target == self.file.target else CohortFile()
        positive = (
            self.roles.positive or declared.positive or (declared.classes[1] if len(declared.classes) == 2 else None)
        )
        try:
            task, classes = task_and_classes(
                self.table[target], task=declared.task, classes=declared.classes, positive=positive
            )
        except BadInput as error:
            self.without_target = error
            self.problems.append(str(error))
            return None, ()
        strange = {name for cell in self.table[target] if (name := class_name(cell)) is not None} - set(classes)
        if declared.classes and strange:
            self.problems.append(
                _(
                    "Target column '{target}' holds {names}, which cohort.toml does not list as classes; "
                    "those cases count as unlabelled."
                ).format(target=target, names=", ".join(f"'{name}'" for name in sorted(strange)[:5]))
            )
        return task, classes

    def _inputs(self, target: str | None, group: str | None, classes: tuple[str, ...] | None) -> dict[str, InputSpec]:
        self.ignored |= {
            column: _("left out on request")
            for column in (*self.roles.ignore, *self.file.ignore)
            if column in self.table
        }
        if self.roles.inputs:
            inputs = {name: self._given(name, text) for name, text in self.roles.inputs.items()}
        elif self.file.inputs:
            inputs = {name: _of_file(name, entry, self.table) for name, entry in self.file.inputs.items()}
        else:
            roles = {self.id_column: "id", target: "target", group: "group", self.file.ceiling: "ceiling"}
            taken = {
                column: role for column, role in {**dict.fromkeys(self.ignored, "ignored"), **roles}.items() if column
            }
            found = infer(self.table, self.folder, taken=taken, target=self._codes(target, classes), group=group)
            self.ignored |= found.ignored
            self.problems += found.problems
            inputs = found.inputs
        if not inputs:
            raise BadInput(
                _("No column of {file} can be an input.").format(file=self.path.name),
                _("Name inputs with --input NAME=KIND:COL[,COL...]."),
            )
        return {name: self._with_rate(spec) for name, spec in self._check_rates(inputs).items()}

    def _given(self, name: str, text: str) -> InputSpec:
        kind, columns = role.parse(text)
        entry = self.file.inputs.get(name)
        if entry and entry.kind == kind and entry.columns == columns:
            return _of_file(name, entry, self.table)
        return role.input_of(name, text, self.table)

    def _codes(self, target: str | None, classes: tuple[str, ...] | None) -> np.ndarray:
        if target is None or (classes is not None and not classes):
            return np.full(len(self.table), -1)
        if classes is None:
            return pd.to_numeric(self.table[target], errors="coerce").to_numpy(dtype=float)
        place = {name: i for i, name in enumerate(classes)}
        return np.array([place.get(class_name(cell), -1) for cell in self.table[target]])

    def _check_rates(self, inputs: dict[str, InputSpec]) -> dict[str, InputSpec]:
        signals = [name for name, spec in inputs.items() if spec.kind is Kind.SIGNAL]
        wrong = [unknown(_("signal input"), name, signals) for name in self.roles.rates if name not in signals]
        if wrong:
            raise several(wrong)
        return inputs

    def _with_rate(self, spec: InputSpec) -> InputSpec:
        return (
            spec.model_copy(update={"rate_hz": self.roles.rates[spec.name]}) if spec.name in self.roles.rates else spec
        )

    def _media(self, inputs: dict[str, InputSpec]) -> tuple[dict, dict, dict]:
        """Where each value is: files, cells and rows, by input and case id."""
        paths, cells, rows = {}, {}, {}
        for name, spec in inputs.items():
            column = self.table[spec.columns[0]]
            if spec.kind is Kind.TABLE:
                rows[name] = rows_of(self.table, spec)
            elif spec.kind is Kind.TEXT and not paths_in(column, self.folder):
                cells[name] = {id: str(cell) for id, cell in column.dropna().items()}
            else:
                paths[name] = self._paths(name, column)
        return paths, cells, rows

    def _paths(self, name: str, column: pd.Series) -> dict[str, Path]:
        named = {id: str(cell) for id, cell in column.dropna().items()}
        there = {id: path for id, cell in named.items() if (path := path_of(cell, self.folder))}
        if named and not there:
            raise BadInput(
                _(
                    "Input '{name}': none of the {count} cells of column '{column}' names a file below {folder}; "
                    "the first is '{cell}'."
                ).format(
                    name=name,
                    count=len(named),
                    column=column.name,
                    folder=self.folder.name or self.folder,
                    cell=next(iter(named.values()))[:80],
                ),
                _("Paths are relative to the folder of the table."),
            )
        absent = [id for id in named if id not in there]
        self.problems += [
            _("Case {id}: {input} is missing, for {file} does not exist.").format(id=id, input=name, file=named[id])
            for id in absent[:_LISTED]
        ]
        if len(absent) > _LISTED:
            self.problems.append(
                _("{count} more files of {input} do not exist.").format(count=len(absent) - _LISTED, input=name)
            )
        return there


def _of_file(name: str, entry: InputEntry, table: pd.DataFrame) -> InputSpec:
    """The input an entry of cohort.toml describes."""
    columns = role.column_specs(table, entry.columns) if entry.kind is Kind.TABLE else ()
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
