"""From a table and what is said of it to a cohort: roles checked, target settled, inputs described, files located."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput, MMError, NotFound, RolesNeeded, several, unknown
from mmcore.base.label_sets import memberships
from mmcore.base.name_lists import first_of
from mmcore.base.settings import _
from mmcore.base.survival_times import events, followed
from mmcore.base.values import InputSpec, Kind
from mmcore.cohorts import odd_rows
from mmcore.cohorts import roles as role
from mmcore.cohorts.assembly_masks import MaskSteps
from mmcore.cohorts.assembly_target import TargetSteps, first_given
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.bids import with_files_of_subjects
from mmcore.cohorts.chosen import with_columns
from mmcore.cohorts.coded_columns import with_codes
from mmcore.cohorts.cohort_table import ARRAYS, read_table
from mmcore.cohorts.dates import order_sentences
from mmcore.cohorts.described import input_of_file, resolved_file
from mmcore.cohorts.folder import Folder
from mmcore.cohorts.grouping import find_group, repeated_identifiers
from mmcore.cohorts.infer import infer, same_labels
from mmcore.cohorts.locating import Located, locate
from mmcore.cohorts.mask_columns import recognised_columns
from mmcore.cohorts.media import Files
from mmcore.cohorts.missing_codes import code_sentences
from mmcore.cohorts.names import class_name
from mmcore.cohorts.personal_columns import without_persons
from mmcore.cohorts.published_folds import offered
from mmcore.cohorts.rate_columns import named_as_rates, rate_columns
from mmcore.cohorts.roles import Roles
from mmcore.cohorts.schema import Schema
from mmcore.cohorts.several_labels import codes_in
from mmcore.cohorts.stacked import Stack, arrays_beside
from mmcore.cohorts.target import Target
from mmcore.cohorts.time_to_event import codes_in as times_in
from mmcore.cohorts.toml import CohortFile
from mmcore.deidentification import deidentified, stated


class Assembly(TargetSteps, MaskSteps):
    """The steps from a table to a cohort, each using what the earlier ones settled."""

    def __init__(self, path: Path, file: CohortFile, roles: Roles) -> None:
        self.path, self.folder = path, Folder(path if path.is_dir() else path.parent)
        self.given = read_table(path, first_given(roles.id, file.id), first_given(roles.group, file.group))
        self.table, self.id_column = with_files_of_subjects(self.given, path), self.given.id_column
        self.problems, self.blobs, self.masks = self.given.problems, dict(self.given.blobs), {}
        self.ignored: dict[str, str] = {}
        self._add_stacks()
        self.file = resolved_file(file, self.table)
        roles = self._one_target(roles)
        self.roles = role.resolved(roles, self.table.columns, [self.id_column, self.file.target, self.file.group])
        self.leaks: tuple[str, ...] = ()
        self.deidentify = roles.deidentify or file.deidentify
        self.split_column = first_given(self.roles.split, self.file.split) or None

    def cohort(self) -> Cohort:
        self._check_names()
        target = self._follow_up(self._target())
        task = self._task(target)
        target = self.labels_target or target
        group = self._group()
        self.target_column, self.group_column = target, group
        inputs, rates = self._with_rates(self._inputs(target, group, task))
        located = self._media(inputs)
        inputs, outlines = located.inputs, self._outlines(located)
        numbers = [column.name for spec in inputs.values() for column in spec.table if column.type == "number"]
        self.problems += code_sentences(self.table[numbers].select_dtypes("number"))
        words = self.table.select_dtypes(exclude="number")
        self.problems += [sentence for column in words for sentence in order_sentences(words[column])]
        of_file = self.path.stem != "cases" and not self.path.is_dir()
        name = self.file.name or (self.path.stem if of_file else self.folder.name)
        schema = Schema(
            name=name, title=self.file.title, description=self.file.description, inputs=inputs, task=task.task,
            target=target, classes=task.classes, group=group, split=self.split_column,
            ignored=self.ignored, leaks=self.leaks,
            target_columns=self._target_columns(target), masks=self.masks,
            licence=self.file.licence, citation=self.file.citation, synthetic=self.file.synthetic,
        )  # fmt: skip
        ceiling = None
        columns = self.file.ceiling_columns if target == self.file.target else ()  # it is true of one target only
        if columns and {*columns} <= {*self.table}:
            numbers = self.table[list(columns)].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
            ceiling = numbers if len(columns) > 1 else numbers[:, 0]
        table = self.table.drop(columns=[*self.mask_columns]) if self.masks else self.table
        named = {target, group, self.id_column, self.split_column, *schema.target_columns, *columns}
        if self.deidentify or any(spec.deidentified for spec in inputs.values()):
            table = without_persons(table, inputs.values(), named, group, self.problems)
        return Cohort(
            schema, table, Files(located.paths, located.cells, located.rows, located.blobs, rates),
            problems=self.problems, ceiling_probability=ceiling, source=str(self.path.resolve()),
            without_target=self.without_target, outlines=outlines,
        )  # fmt: skip

    def _target_columns(self, target: str | None) -> tuple[str, ...]:
        declared = self.file.target_columns if target == self.file.target else ()
        names = {*declared, *self.target_columns} - {target}
        return tuple(str(column) for column in self.table.columns if column in names)

    def _add_stacks(self) -> None:
        """Arrays with a value for each row are columns, too."""
        ids = list(self.table.index)
        stacks = {name: Stack(ids, array, name) for name, array in self.given.stacks.items()}
        if not self.path.is_dir() and self.path.suffix.lower() != ARRAYS:
            words = self.table.select_dtypes(exclude="number")
            cells = (cell for column in words for cell in words[column] if isinstance(cell, str))
            named = {Path(cell).name for cell in cells if cell.endswith((".npy", ".npz"))} | {*ids}
            beside = arrays_beside(self.folder.path, ids, list(self.table.columns), self.problems, named)
            stacks |= beside.stacks
            if beside.columns:
                self.table = self.table.join(pd.DataFrame(beside.columns, self.table.index))
        for column, stack in stacks.items():
            self.table[column] = pd.Series([f"{column} [{i}]" for i in range(len(ids))], self.table.index, dtype=object)
            self.blobs[column] = stack

    def _check_names(self) -> None:
        """Every role, of the command line and of cohort.toml, names a column that is there."""
        file, given = self.file, self.roles
        masks = [column for entry in file.inputs.values() for column in entry.masks]
        of_file = Roles(
            target=None if given.target is not None else file.target,
            group=None if given.group is not None else file.group,
            split=None if given.split is not None else file.split,
            inputs={}
            if given.inputs
            else {name: role.written(entry.kind, entry.columns) for name, entry in file.inputs.items()},
            ignore=tuple(name for name in [file.id, *file.ceiling_columns, *masks] if name),
        )
        wrong: list[MMError] = []
        for roles in (given, of_file):
            try:
                role.check(roles, self.table.columns)
            except (BadInput, NotFound) as error:
                wrong.append(error)
        target = first_given(given.target, file.target)
        wrong += [
            BadInput(
                _("Input '{name}' holds the target, column '{target}'.").format(name=name, target=target),
                _("Leave the target out of the inputs."),
            )
            for name, text in (given.inputs or of_file.inputs).items()
            if target and target in role.parse(text)[1]
            if given.inputs or given.target is None  # a column that somebody made the target is taken out of inputs
        ]
        if wrong:
            raise several(wrong)

    def _group(self) -> str | None:
        given = first_given(self.roles.group, self.file.group)
        taken = self._named() | {first_given(self.roles.target, self.file.target) or "", *self.blobs}
        group = given or None
        if given is None:
            group, passed, remarks = find_group(self.table, taken, self.id_column)
            self.ignored |= passed
            self.problems += remarks
        elif given and self.table[given].dropna().is_unique:
            self.ignored[given] = _("every case has its own value, so it groups nothing")
            group = None
        self.problems += repeated_identifiers(self.table, group, taken)
        self.problems += odd_rows.sentences(list(self.table.index), grouped=group is not None)
        if group is not None and not pd.api.types.is_numeric_dtype(self.table[group]):
            self.problems += same_labels(self.table[group])
        return group

    def _inputs(self, target: str | None, group: str | None, task: Target) -> dict[str, InputSpec]:
        self.ignored |= {
            column: _("left out on request")
            for column in (*self.roles.ignore, *self.file.ignore)
            if column in self.table
        }
        if self.split_column is not None and self.split_column in self.table:
            self.ignored[self.split_column] = _(
                "says which part of the published split each case belongs to; studies follow it"
            )
        self.ignored = {name: why for name, why in self.file.left_out.items() if name in self.table} | self.ignored
        if self.roles.inputs:
            inputs = {name: self._given(name, text) for name, text in self.roles.inputs.items()}
        elif self.file.inputs:
            inputs = {name: input_of_file(name, entry, self.table) for name, entry in self.file.inputs.items()}
            self.leaks = tuple(column for column in self.file.leaks if column in self.table)
        else:
            inputs = self._inferred(target, group, task)
            self.masks = recognised_columns(inputs, self.problems)
        self._settle_masks(inputs)
        inputs = {name: spec for name, spec in inputs.items() if not {*spec.columns} & {*self.mask_columns}}
        out = {*self.roles.ignore, *self.ignored, target, group, self.id_column} - {*self.roles.columns}
        inputs = with_columns(inputs, self.roles, self.table, self.problems, out if not self.roles.inputs else ())
        inputs = with_codes(inputs, self.table, self.roles, self.file, self.problems)
        self._say_what_is_left(inputs, target, group)
        if not self.roles.inputs and not self.path.is_dir() and {spec.kind for spec in inputs.values()} == {Kind.TABLE}:
            self.problems += self.folder.unused(len(self.table))
        if self.split_column is None and not self.roles.inputs:
            used: set[str | None] = {column for spec in inputs.values() for column in spec.columns}
            self.problems += offered(self.table, {*used, target, group, self.id_column, *self.roles.ignore})
        if not inputs:
            why = first_of([f"{column}: {reason}" for column, reason in self.ignored.items()], 6, between="; ")
            raise RolesNeeded(
                _("No column of {file} can be an input.").format(file=self.path.name) + (f" ({why})" if why else ""),
                _("Say which columns are inputs."),
            )
        return {name: self._with_rate(spec) for name, spec in self._check_rates(inputs).items()}

    def _say_what_is_left(self, inputs: dict[str, InputSpec], target: str | None, group: str | None) -> None:
        used = {column for spec in inputs.values() for column in spec.columns}
        beside = {self.id_column, target, group, *self.file.ceiling_columns, *self.mask_columns}
        self.ignored = {column: why for column, why in self.ignored.items() if column not in used}
        for column in self.table.columns:
            if column not in used and column not in beside:
                self.ignored.setdefault(column, _("not part of any input"))

    def _inferred(self, target: str | None, group: str | None, task: Target) -> dict[str, InputSpec]:
        roles = {self.id_column: "id", target: "target", group: "group"}
        roles |= dict.fromkeys(self.file.ceiling_columns, "ceiling")
        taken = dict.fromkeys([*self.ignored, *self.roles.columns], "settled")
        taken |= {column: name for column, name in roles.items() if column}
        rates = dict.fromkeys(named_as_rates(self.table, taken), "rate")
        codes = self._codes(target, task)
        for settled in ({**taken, **rates}, taken) if rates else (taken,):
            inferred = infer(self.table, self.folder, taken=settled, target=codes, group=group, blobs=self.blobs)
            if any(spec.kind is Kind.SIGNAL for spec in inferred.inputs.values()):
                break  # without a recording a column called fs is one like others
        self.ignored |= inferred.ignored
        self.leaks = tuple(inferred.leaks)
        self.problems += inferred.problems
        return inferred.inputs

    def _given(self, name: str, text: str) -> InputSpec:
        entry = self.file.inputs.get(name)
        if entry and (entry.kind, entry.columns) == role.parse(text):
            return input_of_file(name, entry, self.table)
        return role.input_of(name, text, self.table)

    def _codes(self, target: str | None, task: Target) -> np.ndarray:
        """[N] class index (-1 unlabelled) or number (NaN unlabelled); [N, L] whether each of several labels is true."""
        if target is None or task.task is None:
            return np.full(len(self.table), -1)
        if task.task == "regression":
            return pd.to_numeric(self.table[target], errors="coerce").to_numpy(dtype=float)
        if task.task == "survival":
            own = times_in(self.table[target])
            return np.where(followed(own), events(own), -1)
        if task.task == "multilabel":
            codes = codes_in(self.table[target], task.classes)
            return np.where(codes[:, None] < 0, -1, memberships(codes, len(task.classes)))
        place = {name: i for i, name in enumerate(task.classes)}
        return np.array([place.get(class_name(cell) or "", -1) for cell in self.table[target]])

    def _check_rates(self, inputs: dict[str, InputSpec]) -> dict[str, InputSpec]:
        signals = [name for name, spec in inputs.items() if spec.kind is Kind.SIGNAL]
        wrong = [unknown(_("signal input"), name, signals) for name in self.roles.rates if name not in signals]
        if wrong:
            raise several(wrong)
        return inputs

    def _with_rate(self, spec: InputSpec) -> InputSpec:
        units = {**self.given.units, **self.roles.units}
        update: dict[str, object] = {}
        if spec.kind is Kind.TEXT and self.deidentify:
            update["deidentified"] = True
        if (rate := self.roles.rates.get(spec.name)) is not None:
            update["rate_hz"] = rate
        if spec.kind is Kind.SIGNAL and (unit := units.get(spec.columns[0])) is not None:
            update["unit"] = unit
        if spec.kind is Kind.TABLE and units.keys() & set(spec.columns):
            update["table"] = tuple(
                column.model_copy(update={"unit": units.get(column.name, column.unit)}) for column in spec.table
            )
        return spec.model_copy(update=update) if update else spec

    def _with_rates(self, inputs: dict[str, InputSpec]) -> tuple[dict[str, InputSpec], dict[str, dict[str, float]]]:
        """The inputs with the rate that a column gives to all cases; and input -> id -> Hz where they differ."""
        explicit = {*self.roles.rates, *(name for name, entry in self.file.inputs.items() if entry.rate_hz)}
        signals = [name for name, spec in inputs.items() if spec.kind is Kind.SIGNAL and name not in explicit]
        used = {column for spec in inputs.values() for column in spec.columns}
        taken = {*used, self.target_column, self.group_column, self.id_column, *self.roles.ignore, *self.file.ignore}
        given = rate_columns(self.table, signals, taken, self.problems) if signals else {}
        for name, column in given.items():
            self.ignored[column.column] = _("gives the sampling rate of '{input}'").format(input=name)
            inputs[name] = inputs[name].model_copy(update={"rate_hz": column.common})
        return inputs, {name: column.rates for name, column in given.items() if column.common is None}

    def _media(self, inputs: dict[str, InputSpec]) -> Located:
        located = locate(inputs, self.table, self.folder, self.blobs)
        self.problems += located.problems
        for spec in located.inputs.values():
            if spec.deidentified and spec.name in located.cells:  # pages show the table too
                cells = self.table[spec.columns[0]].dropna()
                self.table[spec.columns[0]] = pd.Series(
                    {id: deidentified(str(cell)).text for id, cell in cells.items()}, dtype=object
                ).reindex(self.table.index)
        self.problems += [stated()] if any(spec.deidentified for spec in located.inputs.values()) else []
        return located
