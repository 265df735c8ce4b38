"""Folds that a column of the table says: a published split is honoured as it was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.base.errors import BadInput, unknown
from mmcore.base.settings import _
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.names import class_name, column_named

Parts = list[tuple[np.ndarray, np.ndarray]]

_TRAIN = {"train", "training", "trn", "tr", "dev", "development", "derivation", "训练", "训练集"}
_VALIDATION = {"val", "valid", "validation", "tune", "tuning", "验证", "验证集"}
_TEST = {"test", "testing", "tst", "te", "holdout", "hold-out", "heldout", "external", "测试", "测试集"}
_MOST = 50  # folds


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


def _parts(says: np.ndarray, name: str) -> tuple[Parts, list[str]]:
    plain = np.array([text.casefold().strip() for text in says], dtype=object)
    values = sorted(set(plain) - {""})
    flag = {"istrain": ("1", "true"), "istest": ("0", "false")}.get(name.casefold().replace("_", "").replace(" ", ""))
    if flag and set(values) <= {"0", "1", "true", "false"}:
        plain = np.array(["" if not text else "train" if text in flag else "test" for text in plain], dtype=object)
        values = sorted(set(plain) - {""})
    if set(values) <= _TRAIN | _VALIDATION | _TEST and set(values) & _TEST:
        test = np.isin(plain, sorted(_TEST))
        return [(np.flatnonzero(~test & (plain != "")), np.flatnonzero(test))], [_("test part")]
    if not 2 <= len(values) <= _MOST:
        raise BadInput(
            _("Column '{column}' gives no folds: it holds {count} different values.").format(
                column=name, count=len(values)
            ),
            _("It may say train and test, or number the folds."),
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
                _("With {fold} held out, no case of class {classes} is left to learn from.").format(
                    fold=fold, classes=", ".join(f"'{n}'" for n in lacking)
                ),
                _("Use fewer folds, merge classes, or add cases."),
            )
