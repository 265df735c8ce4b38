"""Why a column is taken for what it is, in plain words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.base.name_lists import list_of
from mmcore.base.number_text import number_text
from mmcore.base.settings import _, counted
from mmcore.base.values import ColumnSpec, InputSpec, Kind
from mmcore.cohorts.assembly import Assembly
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.column_content import is_numbers
from mmcore.cohorts.split_words import marks_a_split

_CLASSES = 4  # that are named one by one


def reason_of(
    name: str, role: str, spec: InputSpec | None, member: ColumnSpec | None, assembly: Assembly, cohort: Cohort | None
) -> str:
    """One short sentence."""
    source = _source(name, role, spec, assembly)
    if role == "target" and assembly.labels_target:
        made = _("made from '{column}'").format(column=assembly.labels_target.rpartition(": ")[0])
        return _joined(made, _task(cohort))
    if role == "target":
        return _joined(source or _("its name is usual for a target"), _task(cohort))
    if role == "group":
        groups = assembly.table[name].nunique()
        return _joined(
            source or _("its name is usual for a group, and its values repeat"),
            counted(
                groups,
                "{count} group; cases of a group stay together",
                "{count} groups; cases of a group stay together",
            ),
        )
    if role == "id":
        return source or _("every case has its own value, and the name is that of an id")
    if role in ("event", "time") and assembly.survival_target is not None:
        return _("the target was derived from this column")
    if role == "mask":
        input, finding = assembly.mask_columns[name]
        return _joined(source, _("outlines '{finding}' in {input}").format(finding=finding, input=input))
    if role == "event":
        return _("whether something happened in follow-up")
    if role == "time":
        return _("when it happened, or how long the case was followed: known only afterwards, so it is left out")
    if role == "split":
        return _joined(source, _("a published split; studies divide the cases as it says"))
    if spec is not None:
        return _joined(source, _content(assembly.table[name], spec, member))
    if assembly.labels_target is not None and name == assembly.labels_target.rpartition(": ")[0]:
        return _("the target was derived from this column")
    if marks_a_split(name) and name not in assembly.roles.ignore:
        return _("named like a split; make it the split to divide the cases by it")
    return assembly.ignored.get(name, _("not part of any input"))


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _source(name: str, role: str, spec: InputSpec | None, assembly: Assembly) -> str:
    """Who said so, "" where it was inferred."""
    roles, file = assembly.roles, assembly.file
    given = {"target": roles.target, "group": roles.group, "id": roles.id, "split": roles.split}
    if given.get(role) == name or (spec and (name in roles.columns or roles.inputs)):
        return _("as you chose")
    declared = {"target": file.target, "group": file.group, "id": file.id, "split": file.split}
    if role == "mask" and name in roles.columns:
        return _("as you chose")
    in_file = spec.name in file.inputs if spec else any(name in entry.masks for entry in file.inputs.values())
    if declared.get(role) == name or in_file:
        return _("cohort.toml says so")
    return ""


def _task(cohort: Cohort | None) -> str:
    if cohort is None or cohort.schema.task is None:
        return _("cannot be used as it is")
    if cohort.schema.task == "regression":
        return _("a number to be predicted")
    if cohort.schema.task == "survival":
        return _("the time to an event, which {count} of {cases} cases had").format(
            count=int((cohort.strata == 1).sum()), cases=int(cohort.labelled.sum())
        )
    counts = [int(cohort.has_class(number).sum()) for number in range(len(cohort.schema.classes))]
    named = [f"{name} ({count})" for name, count in zip(cohort.schema.classes, counts, strict=True)]
    shown = list_of(named[:_CLASSES]) + (" …" if len(named) > _CLASSES else "")
    if cohort.positive is None:
        return counted(len(named), "{count} class: {classes}", "{count} classes: {classes}", classes=shown)
    return _("2 classes: {classes}; positive is '{positive}'").format(classes=shown, positive=cohort.positive)


def _content(column: pd.Series, spec: InputSpec, member: ColumnSpec | None) -> str:
    if spec.kind is Kind.IMAGE:
        return _("holds pictures, or the names of pictures that exist")
    if spec.kind is Kind.SIGNAL:
        return _("holds recordings, or the names of recordings that exist")
    if spec.kind is Kind.TEXT or member is None:
        return _("texts that seldom repeat")
    if member.type == "number":
        numbers = column.to_numpy(dtype=float) if is_numbers(column) else np.full(1, np.nan)
        if np.isnan(numbers).all():
            return _("numbers")
        low, high = number_text(np.nanmin(numbers), 6), number_text(np.nanmax(numbers), 6)
        return _("numbers from {low} to {high}").format(low=low, high=high)
    names = member.categories
    shown = list_of(names[:_CLASSES]) + (" …" if len(names) > _CLASSES else "")
    return counted(len(names), "{count} category: {names}", "{count} categories: {names}", names=shown)
