"""Opening a cohort whose inputs are settled already: new cases for a finished run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from mmcore.base.errors import BadInput
from mmcore.base.name_lists import first_of
from mmcore.base.settings import _, counted
from mmcore.base.values import ColumnSpec, InputSpec, Kind
from mmcore.cohorts.assembly import Assembly
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.cells import numbers_of
from mmcore.cohorts.cohort_table import RepeatedIds
from mmcore.cohorts.names import class_name, column_named, plain
from mmcore.cohorts.opening import file_beside, table_of
from mmcore.cohorts.roles import Roles
from mmcore.cohorts.samples import build_sample, samples
from mmcore.cohorts.synonyms import meant_by, truth_of
from mmcore.cohorts.target import Target
from mmcore.cohorts.toml import CohortFile
from mmcore.cohorts.units import without_unit

_LISTED = 8  # categories and columns that are named one by one


def open_settled(
    source: str | Path, inputs: Mapping[str, InputSpec], *, target: str | None = None, group: str | None = None
) -> Cohort:
    """A cohort read with exactly these inputs, whatever its table suggests.

    A column that is not there is missing for every case; an input with no column at all is left out, and so are target
    and group. A built-in cohort comes with its own inputs. Raises NotFound for an unknown name, BadInput for a table
    that cannot be used or that has none of the columns.
    """
    if str(source) in samples:
        return build_sample(str(source))
    path = table_of(Path(source).expanduser())
    return _Settled(path, file_beside(path), Roles(target=target, group=group), inputs).cohort()


def _folded(name: str) -> str:
    return "".join(name.casefold().split())


class _Settled(Assembly):
    def __init__(self, path: Path, file: CohortFile, roles: Roles, inputs: Mapping[str, InputSpec]) -> None:
        try:
            super().__init__(path, file, roles)
        except RepeatedIds as error:
            raise BadInput(
                error.message,
                _("A prediction needs an id for each row: number those that repeat, such as {id}-1 and {id}-2.").format(
                    id=error.id
                ),
            ) from error
        self._spell_as(inputs)
        self.settled = {name: spec for name, spec in inputs.items() if set(spec.columns) & set(self.table.columns)}
        if not self.settled:
            raise BadInput(
                _("{file} holds none of the columns {columns}.").format(
                    file=path.name,
                    columns=first_of([f"'{column}'" for spec in inputs.values() for column in spec.columns], _LISTED),
                ),
                _("Give a table with the columns the run was trained on."),
            )
        self.problems += [
            _("Input '{name}' is missing in every case: the table has none of its columns ({columns}).").format(
                name=name, columns=first_of([f"'{column}'" for column in spec.columns], _LISTED)
            )
            for name, spec in inputs.items()
            if name not in self.settled
        ]
        for name in {name: None for spec in self.settled.values() for name in spec.columns}:
            if name not in self.table:
                self.table[name] = None
                self.problems.append(_("Column '{column}' is absent and counts as missing.").format(column=name))
        for spec in self.settled.values():
            for column in spec.table:
                self._fit(column)

    def _spell_as(self, inputs: Mapping[str, InputSpec]) -> None:
        """Columns that differ from those of the run by case, spaces, underscores or a unit behind the name only are
        called as the run does; a unit is told, for the numbers are taken as they are."""
        there = list(self.table.columns)
        wanted = [column for spec in inputs.values() for column in spec.columns if column not in there]
        spelt = {column_named(column, there): column for column in wanted}
        bare = {here: name for here in there if (name := without_unit(here)) != here}
        for column in [column for column in wanted if column_named(column, there) not in there]:
            meant = [here for here in there if plain(bare.get(here, here)) == plain(without_unit(column))]
            if len(meant) == 1 and meant[0] not in spelt:
                spelt[meant[0]] = column
                self.problems.append(
                    _("Column '{here}' is used as column '{column}' of the run; its numbers are not converted.").format(
                        here=meant[0], column=column
                    )
                )
        self.table = self.table.rename(columns={here: column for here, column in spelt.items() if here in there})

    def _fit(self, column: ColumnSpec) -> None:
        """Bring a column to what the run was trained on; what does not fit counts as missing and is told."""
        cells = self.table[column.name]
        if column.type == "number":
            self.table[column.name] = numbers_of(cells, self.problems)
            self._hint_at_truth(column.name, cells)
            return
        names = self._as_the_run_spells(column, [class_name(cell) for cell in cells])
        unseen = Counter(name for name in names if name is not None and name not in column.categories)
        if unseen:
            listed = first_of([f"'{name}' ({count})" for name, count in unseen.most_common()], _LISTED)
            self.problems.append(
                counted(
                    unseen.total(),
                    "Column '{column}': {count} cell holds a value that did not occur in training, {names}; those "
                    "that did are {categories}.",
                    "Column '{column}': {count} cells hold values that did not occur in training, {names}; those "
                    "that did are {categories}.",
                    column=column.name,
                    names=listed,
                    categories=first_of([f"'{name}'" for name in column.categories], _LISTED),
                )
                + self._likely(unseen, column.categories)
            )

    def _hint_at_truth(self, name: str, cells: pd.Series) -> None:
        """Words that say yes and no in a column that the run knows as 1 and 0."""
        lost = cells[self.table[name].isna() & cells.notna()].astype(str)
        meant = {cell: number for cell in lost.unique() if (number := truth_of(cell)) is not None}
        if meant:
            listed = first_of([_instead(number, cell) for cell, number in meant.items()], _LISTED)
            self.problems.append(
                _("Column '{column}': write {numbers}, as in the table the run was trained on.").format(
                    column=name, numbers=listed
                )
            )

    def _likely(self, unseen: Iterable[str], categories: Sequence[str]) -> str:
        """A hint at what unseen values most likely stand for."""
        meant = {name: category for name in unseen if (category := meant_by(name, categories)) is not None}
        if not meant:
            return ""
        listed = first_of([_instead(f"'{category}'", name) for name, category in meant.items()], _LISTED)
        return " " + _("If they mean the same, write {values}.").format(values=listed)

    def _as_the_run_spells(self, column: ColumnSpec, names: list[str | None]) -> list[str | None]:
        """Categories that differ from one of the run by letter case or spaces only are that one, and told."""
        plainly = Counter(_folded(name) for name in column.categories)
        meant = {_folded(name): name for name in column.categories if plainly[_folded(name)] == 1}
        mended = [
            name if name is None or name in column.categories else meant.get(_folded(name), name) for name in names
        ]
        changed = [(old, new) for old, new in zip(names, mended, strict=True) if old != new]
        if changed:
            self.table[column.name] = pd.Series(mended, self.table.index, dtype=object)
            self.problems.append(
                counted(
                    len(changed),
                    "Column '{column}': {count} cell differs from a value of the run only in letter case or spaces "
                    "and is treated as the same: '{cell}' for '{value}'.",
                    "Column '{column}': {count} cells differ from the values of the run only in letter case or "
                    "spaces and are treated as the same, such as '{cell}' for '{value}'.",
                    column=column.name,
                    cell=changed[0][0],
                    value=changed[0][1],
                )
            )
        return mended

    def _check_names(self) -> None:
        return None

    def _target(self) -> str | None:
        return self.roles.target if self.roles.target in self.table else None

    def _group(self) -> str | None:
        return self.roles.group if self.roles.group in self.table else None

    def _inputs(self, target: str | None, group: str | None, task: Target) -> dict[str, InputSpec]:
        return {name: self._clocked(spec) for name, spec in self.settled.items()}

    def _clocked(self, spec: InputSpec) -> InputSpec:
        """A rate that cohort.toml gives is that of these recordings, whatever those of the run's training had."""
        entry = self.file.inputs.get(spec.name)
        rate = entry.rate_hz if entry is not None and spec.kind is Kind.SIGNAL else None
        return spec.model_copy(update={"rate_hz": rate}) if rate else spec


def _instead(new: object, old: str) -> str:
    return _("{new} for '{old}'").format(new=new, old=old)
