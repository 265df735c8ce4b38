"""Folds that a column of the table says: a published split is honoured as it was published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput, unknown
from mmcore.base.name_lists import any_of, first_of
from mmcore.base.settings import _, counted
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.column_content import is_numbers
from mmcore.cohorts.names import class_name, column_named
from mmcore.cohorts.split_words import TEST, TRAIN, VALIDATION, marks_a_split, part_of, says_parts

Parts = list[tuple[np.ndarray, np.ndarray]]

_MOST = 50  # folds
_LISTED = 4  # values of a split that are named


@dataclass(frozen=True, eq=False)
class FoldPlan:
    """How labelled cases are divided.

    kind: "random", "group", "leave-one-group-out" or "column:NAME". folds: (training rows, test rows). names: one for
    each fold.
    """

    kind: str
    folds: Parts
    names: list[str]

    def __len__(self) -> int:
        return len(self.folds)


def published(cohort: Cohort, column: str, rows: np.ndarray, target: np.ndarray, classes: Sequence[str]) -> FoldPlan:
    """The folds of a column: train and test (a validation part is trained on), or a fold for each of its values.

    rows: [N] labelled cases; cases of which the column says nothing are in no fold. Raises NotFound for an unknown
    column, BadInput for one that gives no folds.
    """
    name = column_named(column, cohort.table.columns)
    if name not in cohort.table.columns:
        raise unknown(_("column"), column, cohort.table.columns)
    says = np.array([class_name(cell) or "" for cell in cohort.table[name].iloc[rows]], dtype=object)
    parts, names = _parts(says, name)
    check_training(parts, names, target, classes)
    return FoldPlan(f"column:{name}", [(rows[train], rows[test]) for train, test in parts], names)


def offered(table: pd.DataFrame, taken: Container[str | None]) -> list[str]:
    """A sentence for each column that looks like a published split and that nobody made the split."""
    sentences = []
    for name in table.columns:
        if name in taken or not (marks_a_split(name) or _may_say_parts(table[name])):
            continue
        counts = Counter(text for cell in table[name] if (text := class_name(cell)))
        if 2 <= len(counts) <= _MOST:
            values = first_of([f"{text} ({counts[text]})" for text in sorted(counts, key=_in_order)], _LISTED)
            sentences.append(
                _(
                    "Column '{column}' looks like a published split: {values}. Make it the split to follow it; "
                    "otherwise cases are divided without it, and scores cannot be compared with published ones."
                ).format(column=name, values=values)
            )
    return sentences


def _in_order(text: str) -> tuple[int, str]:
    """Numbers of folds as numbers, 2 before 10."""
    return (int(text) if text.isdecimal() else 0, text)


def _may_say_parts(column: pd.Series) -> bool:
    return not is_numbers(column) and says_parts(str(cell) for cell in column.dropna().unique()[:_MOST])


def _parts(says: np.ndarray, name: str) -> tuple[Parts, list[str]]:
    plain = np.array([part_of(text) for text in says], dtype=object)
    values = sorted(set(plain) - {""})
    flag = {"istrain": ("1", "true"), "istest": ("0", "false")}.get(name.casefold().replace("_", "").replace(" ", ""))
    if flag and set(values) <= {"0", "1", "true", "false"}:
        plain = np.array(["" if not text else "train" if text in flag else "test" for text in plain], dtype=object)
        values = sorted(set(plain) - {""})
    if set(values) <= TRAIN | VALIDATION | TEST and set(values) & TEST:
        test = np.isin(plain, sorted(TEST))
        return [(np.flatnonzero(~test & (plain != "")), np.flatnonzero(test))], [_("test part")]
    if not 2 <= len(values) <= _MOST:
        raise BadInput(
            counted(
                len(values),
                "Column '{column}' gives no folds: it holds {count} value.",
                "Column '{column}' gives no folds: it holds {count} different values.",
                column=name,
            ),
            _("Such a column says “train” or “test” for each case, or gives the number of the case's fold."),
        )
    there = plain != ""
    folds = [(np.flatnonzero(there & (plain != value)), np.flatnonzero(plain == value)) for value in values]
    return folds, [f"{name} {value}" for value in values]


def check_training(parts: Parts, names: Sequence[str], target: np.ndarray, classes: Sequence[str]) -> None:
    """Raises BadInput for a fold without a class to learn from, or without cases to test."""
    for (train, test), fold in zip(parts, names, strict=True):
        lacking = [name for index, name in enumerate(classes) if not (target[train] == index).any()]
        if lacking or not len(test) or not len(train):
            raise BadInput(
                (
                    _("With '{fold}' held out, no case of class {classes} is left to learn from.")
                    if lacking
                    else _("With '{fold}' held out, no case is left to learn from or to test on.")
                ).format(fold=fold, classes=any_of([f"'{n}'" for n in lacking])),
                _("Merge classes, add cases, or divide the cases in another way."),
            )
