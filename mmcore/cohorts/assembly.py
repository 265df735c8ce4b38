"""From a table and what is said of it to a cohort: roles checked, target settled, inputs described, files located."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput, MMError, NotFound, several, unknown
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind
from mmcore.cohorts import roles as role
from mmcore.cohorts.base import Cohort, Schema
from mmcore.cohorts.cohort_table import read_table
from mmcore.cohorts.folder import Folder
from mmcore.cohorts.grouping import find_group, repeated_identifiers
from mmcore.cohorts.infer import alike_labels, find_target, infer
from mmcore.cohorts.locating import Located, locate
from mmcore.cohorts.media import Files
from mmcore.cohorts.names import class_name
from mmcore.cohorts.roles import Roles
from mmcore.cohorts.target import Target, target_of
from mmcore.cohorts.toml import CohortFile, InputEntry


class Assembly:
    """The steps from a table to a cohort, each using what the earlier ones settled."""

    def __init__(self, path: Path, file: CohortFile, roles: Roles) -> None:
        self.path, self.folder = path, Folder(path.parent)
        read = read_table(path, roles.id or file.id, roles.group or file.group)
        self.table, self.id_column, self.problems, self.blobs = read.table, read.id_column, read.problems, read.blobs
        self.file = _resolved_file(file, self.table)
        self.roles = role.resolved(roles, self.table.columns, [self.id_column, self.file.target, self.file.group])
        self.ignored: dict[str, str] = {}
        self.leaks: tuple[str, ...] = ()
        self.without_target: BadInput | None = None

    def cohort(self) -> Cohort:
        self._check_names()
        target, group = self._target(), self._group()
        task = self._task(target)
        inputs = self._inputs(target, group, task)
        located = self._media(inputs)
        inputs = located.inputs
        name = self.file.name or (self.path.parent.resolve().name if self.path.stem == "cases" else self.path.stem)
        schema = Schema(
            name=name, title=self.file.title, description=self.file.description, inputs=inputs, task=task.task,
            target=target, classes=task.classes, group=group, ignored=self.ignored, leaks=self.leaks,
            licence=self.file.licence, citation=self.file.citation, synthetic=self.file.synthetic,
        )  # fmt: skip
        ceiling = None
        if (columns := self.file.ceiling_columns) and {*columns} <= {*self.table}:
            numbers = self.table[list(columns)].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
            ceiling = numbers if len(columns) > 1 else numbers[:, 0]
        return Cohort(
            schema, self.table, Files(located.paths, located.cells, located.rows, located.blobs),
            problems=self.problems, ceiling_probability=ceiling, source=str(self.path.resolve()),
            without_target=self.without_target,
        )  # fmt: skip

    def _check_names(self) -> None:
        """Every role, of the command line and of cohort.toml, names a column that is there."""
        file, given = self.file, self.roles
        of_file = Roles(
            target=None if given.target else file.target,
            group=None if given.group else file.group,
            inputs={}
            if given.inputs
            else {name: role.written(entry.kind, entry.columns) for name, entry in file.inputs.items()},
            ignore=tuple(name for name in [file.id, *file.ceiling_columns] if name),
        )
        wrong: list[MMError] = []
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
            else [role.parse(text)[1] for text in self.roles.inputs.values()]
        )
        named = {
            self.id_column,
            self.roles.group or self.file.group,
            *self.roles.ignore,
            *self.file.ignore,
            *(column for columns in entries for column in columns),
        }
        return {name for name in named if name}

    def _group(self) -> str | None:
        given = self.roles.group or self.file.group
        taken = self._named() | {self.roles.target or self.file.target or ""}
        group = given
        if given is None:
            group, passed = find_group(self.table, taken)
            self.ignored |= passed
        elif self.table[given].dropna().is_unique:
            self.ignored[given] = _("every case has its own, so it groups nothing")
            group = None
        self.problems += repeated_identifiers(self.table, group, taken)
        if group is not None and not pd.api.types.is_numeric_dtype(self.table[group]):
            self.problems += alike_labels(self.table[group])
        return group

    def _task(self, target: str | None) -> Target:
        if target is None:
            self.without_target = BadInput(
                _("{file} has no column that looks like a target.").format(file=self.path.name),
                _("Name it with --target COL, or in cohort.toml; there is: {columns}.").format(
                    columns=_listed(self.table.columns)
                ),
            )
            return Target(None)
        declared = self.file if target == self.file.target else CohortFile()
        positive = (
            self.roles.positive or declared.positive or (declared.classes[1] if len(declared.classes) == 2 else None)
        )
        try:
            task = target_of(self.table[target], task=declared.task, classes=declared.classes, positive=positive)
        except BadInput as error:
            self.without_target = error
            self.problems.append(str(error))
            return Target(None)
        if task.task != "regression":
            self.problems += alike_labels(self.table[target])
        strange = {name for cell in self.table[target] if (name := class_name(cell)) is not None} - set(task.classes)
        if declared.classes and strange:
            self.problems.append(
                _(
                    "Target column '{target}' holds {names}, which cohort.toml does not list as classes; "
                    "those cases count as unlabelled."
                ).format(target=target, names=", ".join(f"'{name}'" for name in sorted(strange)[:5]))
            )
        return task

    def _inputs(self, target: str | None, group: str | None, task: Target) -> dict[str, InputSpec]:
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
            inputs = self._inferred(target, group, task)
        if not inputs:
            why = "; ".join(f"{column}: {reason}" for column, reason in list(self.ignored.items())[:6])
            raise BadInput(
                _("No column of {file} can be an input.").format(file=self.path.name) + (f" ({why})" if why else ""),
                _("Name inputs with --input NAME=KIND:COL[,COL...]."),
            )
        return {name: self._with_rate(spec) for name, spec in self._check_rates(inputs).items()}

    def _inferred(self, target: str | None, group: str | None, task: Target) -> dict[str, InputSpec]:
        roles = {self.id_column: "id", target: "target", group: "group"}
        roles |= dict.fromkeys(self.file.ceiling_columns, "ceiling")
        taken = dict.fromkeys(self.ignored, "ignored") | {column: name for column, name in roles.items() if column}
        inferred = infer(
            self.table, self.folder, taken=taken, target=self._codes(target, task), group=group, blobs=self.blobs
        )
        self.ignored |= inferred.ignored
        self.leaks = tuple(inferred.leaks)
        self.problems += inferred.problems
        return inferred.inputs

    def _given(self, name: str, text: str) -> InputSpec:
        kind, columns = role.parse(text)
        entry = self.file.inputs.get(name)
        if entry and entry.kind == kind and entry.columns == columns:
            return _of_file(name, entry, self.table)
        return role.input_of(name, text, self.table)

    def _codes(self, target: str | None, task: Target) -> np.ndarray:
        """[N] class index (-1 unlabelled) or number (NaN unlabelled)."""
        if target is None or task.task is None:
            return np.full(len(self.table), -1)
        if task.task == "regression":
            return pd.to_numeric(self.table[target], errors="coerce").to_numpy(dtype=float)
        place = {name: i for i, name in enumerate(task.classes)}
        return np.array([place.get(class_name(cell) or "", -1) for cell in self.table[target]])

    def _check_rates(self, inputs: dict[str, InputSpec]) -> dict[str, InputSpec]:
        signals = [name for name, spec in inputs.items() if spec.kind is Kind.SIGNAL]
        wrong = [unknown(_("signal input"), name, signals) for name in self.roles.rates if name not in signals]
        if wrong:
            raise several(wrong)
        return inputs

    def _with_rate(self, spec: InputSpec) -> InputSpec:
        rate = self.roles.rates.get(spec.name)
        return spec if rate is None else spec.model_copy(update={"rate_hz": rate})

    def _media(self, inputs: dict[str, InputSpec]) -> Located:
        located = locate(inputs, self.table, self.folder, self.blobs)
        self.problems += located.problems
        return located


def _listed(names: pd.Index, most: int = 20) -> str:
    """Names after one another; of many the first ones and how many more there are."""
    listed = ", ".join(map(str, names[:most]))
    return listed if len(names) <= most else _("{names} and {count} more").format(names=listed, count=len(names) - most)


def _resolved_file(file: CohortFile, table: pd.DataFrame) -> CohortFile:
    """cohort.toml with columns named as the table does."""
    from mmcore.cohorts.names import column_named

    def named(name: str | None) -> str | None:
        return None if name is None else column_named(name, table.columns)

    return file.model_copy(
        update={
            "target": named(file.target), "group": named(file.group), "id": named(file.id),
            "ceiling": tuple(column_named(name, table.columns) for name in file.ceiling_columns),
            "ignore": tuple(column_named(name, table.columns) for name in file.ignore),
        }
    )  # fmt: skip


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
