"""What is to be predicted, out of what a person says, what cohort.toml says, and what the columns suggest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from mmcore.base.errors import BadInput, RolesNeeded
from mmcore.base.name_lists import all_of, first_of
from mmcore.base.settings import _
from mmcore.cohorts import roles as role
from mmcore.cohorts.followup import FollowUp, follow_up
from mmcore.cohorts.infer import find_target, likely_target, same_labels
from mmcore.cohorts.names import class_name, column_named
from mmcore.cohorts.roles import Roles
from mmcore.cohorts.several_labels import (
    LEAST,
    SeveralLabels,
    canonical,
    learnable,
    of_columns,
    several_labels,
)
from mmcore.cohorts.target import Target, target_of
from mmcore.cohorts.time_to_event import horizons_of, time_to_event
from mmcore.cohorts.toml import CohortFile


class TargetSteps:
    """The steps of an `Assembly` that settle its target."""

    path: Path
    table: pd.DataFrame
    id_column: str | None
    file: CohortFile
    roles: Roles
    problems: list[str]
    ignored: dict[str, str]
    without_target: BadInput | None = None
    follow_up: FollowUp | None = None
    target_column: str | None = None
    group_column: str | None = None
    target_columns: tuple[str, ...] = ()  # what the target was made from, and what follows a case up
    joined_target: str | None = None  # the column that several columns of labels were joined in
    label_counts: Mapping[str, int] = MappingProxyType({})  # of a target with several labels, all that occur
    survival_target: str | None = None  # the column that was made of a flag and a time
    horizons: tuple[str, ...] = ()
    labels_target: str | None = None  # the column that was made of a target with several labels in a cell

    def _target(self) -> str | None:
        named = first_given(self.roles.target, self.file.target)
        if named is not None:
            return named or None
        taken = self._named()
        followed = follow_up(self.table, self.roles.event, self.roles.time, taken)  # that has a target of its own
        return find_target(self.table, taken) if followed else likely_target(self.table, taken, self.problems)

    def _follow_up(self, target: str | None) -> str | None:
        """A flag and a time become one target, the time to an event, unless something else is to be learnt.

        Follow-up is known only afterwards, so both are left out of the inputs.
        """
        event, time = first_given(self.roles.event, self.file.event), first_given(self.roles.time, self.file.time)
        pair = follow_up(self.table, event, time, self._named())
        if pair is None:
            return target
        self.follow_up = pair
        self.target_columns += tuple(column for column in (pair.event, pair.time, pair.until) if column)
        for column in {pair.event, pair.time, pair.until} - {"", target}:
            self.ignored[column] = _("part of follow-up, which is known only afterwards")
        declared = self.file.task if target is not None and target == self.file.target else None
        if pair.event and pair.time and target in (None, pair.event, pair.time) and declared in (None, "survival"):
            return self._time_to_event(pair)
        target = target or pair.event or None
        note = _("Columns {columns} are follow-up: whether something happened, and when.").format(
            columns=all_of([f"'{column}'" for column in (pair.event, pair.time) if column])
        )
        if target == pair.event:
            note += " " + _(
                "The target is whether '{event}' happened; the time is left out. Cases followed only briefly "
                "count as without the event. To predict the time to the event, name the time column as well."
            ).format(event=pair.event)
        if declared != "survival":
            self.problems.append(note)
        return target

    def _time_to_event(self, pair: FollowUp) -> str | None:
        made = time_to_event(self.table, pair, self.roles.positive or self.file.positive)
        self.table[made.name] = made.cells
        made_from = [column for column in (pair.event, pair.time, pair.until) if column]
        self.ignored |= dict.fromkeys(made_from, _("the target was derived from this column"))
        self.problems += made.problems
        self.problems.append(
            _("To predict only whether the event happened, leave out the column '{time}'.").format(time=pair.time)
        )
        self.survival_target, self.horizons = made.name, made.horizons
        return made.name

    def _named(self) -> set[str]:
        """Columns that have a role already."""
        entries = (
            [entry.columns for entry in self.file.inputs.values()]
            if not self.roles.inputs
            else [role.parse(text)[1] for text in self.roles.inputs.values()]
        )
        named = {
            self.id_column,
            first_given(self.roles.group, self.file.group),
            self.roles.event,
            self.roles.time,
            *self.roles.columns,
            *self.roles.ignore,
            *self.file.ignore,
            *(column for columns in entries for column in columns),
        }
        return {name for name in named if name}

    def _task(self, target: str | None) -> Target:
        if target is None:
            self.without_target = RolesNeeded(
                _("{file} has no column that looks like a target.").format(file=self.path.name),
                _("Choose the target column from: {columns}.").format(
                    columns=first_of([*map(str, self.table.columns)], 20)
                ),
            )
            return Target(None)
        if target == self.survival_target:
            return Target("survival", self.horizons)
        if (labels := self._labels(target)) is not None:
            return labels if self.labels_target is None else self._task(self.labels_target)
        declared = self.file if target == self.file.target else CohortFile()
        positive = (
            self.roles.positive or declared.positive or (declared.classes[1] if len(declared.classes) == 2 else None)
        )
        try:
            if declared.task == "survival":
                return Target("survival", declared.classes or horizons_of(self.table[target]))
            task = target_of(self.table[target], task=declared.task, classes=declared.classes, positive=positive)
        except BadInput as error:
            self.without_target = error
            self.problems.append(str(error))
            return Target(None)
        if task.task != "regression":
            self.problems += same_labels(self.table[target])
        strange = {name for cell in self.table[target] if (name := class_name(cell)) is not None} - set(task.classes)
        if declared.classes and strange:
            self.problems.append(
                _(
                    "Target column '{target}' holds {names}, which cohort.toml does not list as classes; "
                    "those cases count as unlabelled."
                ).format(target=target, names=first_of([f"'{name}'" for name in sorted(strange)], 5))
            )
        return task

    def _one_target(self, roles: Roles) -> Roles:
        """Several columns named as the target, one a label, become one column that holds the labels of each case."""
        columns = [column_named(part.strip(), self.table.columns) for part in (roles.target or "").split(",")]
        if len(columns) < 2 or roles.target in self.table or not {*columns} <= {*self.table}:
            return roles
        name = next(name for name in ("labels", *(f"labels {i}" for i in range(2, 99))) if name not in self.table)
        self.table[name] = of_columns(self.table, columns)
        self.joined_target, self.target_columns = name, tuple(columns)
        self.ignored |= dict.fromkeys(columns, _("the target was derived from this column"))
        return roles.model_copy(update={"target": name})

    def _labels(self, target: str) -> Target | None:
        """The task of a target that holds several labels a case; None where it does not. All labels that are frequent
        enough are learnt, or the one that was asked for against all others."""
        declared = self.file if target == self.file.target else CohortFile()
        if declared.task == "survival":
            return None
        if declared.task == "multilabel" and declared.classes:
            return Target("multilabel", declared.classes)
        many = declared.task == "multilabel" or target == self.joined_target
        several = several_labels(self.table[target], surely=many) if not declared.classes else None
        label = several.label(self.roles.positive or "") if several else None
        self.label_counts = several.counts if several else {}
        if several is None or (label is None and class_name(self.roles.positive) in several.cells):
            return None
        if label is not None:
            self._one_label(target, several, label)
            return Target(None)
        names, rare = learnable(several)
        if len(names) < 2:
            self.without_target = RolesNeeded(
                _("Target column '{target}' holds several labels in a cell, such as '{cell}'. A label can be learnt "
                  "only if at least {least} cases have it and at least {least} others do not; fewer than two labels "
                  "meet this.").format(
                    target=target, cell=several.example[:60], least=LEAST
                ),
                _("Choose one as the positive class, to be learnt against all others: {labels}.").format(
                    labels=_counted(several.counts)
                ),
            )  # fmt: skip
            self.problems.append(str(self.without_target))
            return Target(None)
        if rare:
            self.problems.append(
                _("Labels of '{target}' that occur in, or are absent from, fewer than {least} cases are not learnt: "
                  "{labels}.").format(target=target, least=LEAST, labels=_counted(rare))
            )  # fmt: skip
        self.table[target] = canonical(self.table[target], several.cells, names)
        return Target("multilabel", tuple(names))

    def _one_label(self, target: str, several: SeveralLabels, label: str) -> None:
        """One of several labels becomes a column of its own, the target."""
        self.labels_target = f"{target}: {label}"
        names = [class_name(cell) for cell in self.table[target]]
        cells = [None if name is None else label if label in several.cells[name] else f"no {label}" for name in names]
        self.table[self.labels_target] = pd.Series(cells, index=self.table.index, dtype=object)
        self.ignored[target] = _("the target was derived from this column")
        self.target_columns += (target,)
        self.problems.append(
            _("Column '{target}' holds several labels in a cell; '{label}' is learnt against all others.").format(
                target=target, label=label
            )
        )


def first_given(*given: str | None) -> str | None:
    """The first that was said at all; "" says that there is none."""
    return next((name for name in given if name is not None), None)


def _counted(counts: Mapping[str, int]) -> str:
    """Labels and how often they occur, after one another."""
    return first_of([f"'{name}' ({count})" for name, count in counts.items()], 12)
