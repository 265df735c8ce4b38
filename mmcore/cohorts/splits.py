"""Folds and validation parts: patients stay together, classes stay balanced, the same seed gives the same parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmcore.base.errors import CannotSplit, MMError, several, unknown
from mmcore.base.settings import _, counted
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.published_folds import FoldPlan, check_training, published
from mmcore.cohorts.validation import validation_split

__all__ = ["SPLITS", "FoldPlan", "folds_of", "keeps_groups", "resolve", "validation_split"]

SPLITS = ("auto", "random", "group", "leave-one-group-out")
COLUMN = "column:"  # before the name of a column that says the folds
_LEAST = 10  # labelled cases a study needs
_FEW_GROUPS, _LARGE_GROUP = 12, 10  # up to so many groups, each of so many cases: sites, speakers, devices


def folds_of(
    cohort: Cohort, split: str = "auto", folds: int = 5, seed: int = 0, strata: np.ndarray | None = None
) -> FoldPlan:
    """How a cohort is divided for cross-validation.

    auto: as the split column of the cohort says, if it has one; else leave-one-group-out when groups are few and large,
    else by group when cases share groups, else at random; classes are balanced over the folds, and cases of identical
    content stay together. column:NAME: as a column says, train and test or a fold for each of its values. `folds` does
    not apply to the last and to leave-one-group-out.
    Cases without target are in no fold. strata: [N] class of each case (-1: in no fold) where there is no target.
    Raises BadInput with every reason why the cohort cannot be divided so.
    """
    if split == "auto" and cohort.schema.split:
        split = COLUMN + cohort.schema.split
    column = split[len(COLUMN) :] if split.startswith(COLUMN) else None
    if column is None and split not in SPLITS:
        raise unknown(_("split"), split, [*SPLITS, f"{COLUMN}NAME"])
    if strata is None:
        cohort.require_target()
    cases = _Labelled.of(cohort) if strata is None else _Labelled.divided(cohort, strata)
    if column is not None:
        return published(cohort, column, cases.rows, cases.target, cases.classes)
    kind = resolve(split, cases.groups)
    if kind != "random" and cases.groups is None:
        raise CannotSplit(
            _("Cohort '{name}' has no groups to split by.").format(name=cohort.name),
            _("Name the group column, or split at random."),
        )
    wrong = _too_small(cases, kind, folds)
    if wrong:
        raise several(wrong)
    copies = cohort.copies if kind == "random" else None  # on both sides of a split they would be learnt by heart
    parts, names = _divide(cases, None if copies is None else copies[cases.rows], kind, folds, seed)
    check_training(parts, names, cases.target, cases.classes)
    return FoldPlan(kind, [(cases.rows[train], cases.rows[test]) for train, test in parts], names)


def resolve(split: str, groups: np.ndarray | None) -> str:
    """What "auto" means for these groups [N] (None: no grouping)."""
    if split != "auto":
        return split
    if groups is None:
        return "random"
    sizes = np.unique(groups, return_counts=True)[1]
    if sizes.max(initial=1) == 1:
        return "random"
    return "leave-one-group-out" if 2 <= len(sizes) <= _FEW_GROUPS and sizes.min() >= _LARGE_GROUP else "group"


def keeps_groups(split: str) -> bool:
    """Whether cases of a group are never on both sides of a split, by its kind; a column may part them."""
    return split in ("group", "leave-one-group-out")


@dataclass(frozen=True, eq=False)
class _Labelled:
    """The labelled cases of a cohort. rows [N]: their places in it. target, groups: [N], groups None without.

    classes: that every fold must have. balanced: whether targets are classes (of several labels the rarest of a case),
    each of which is to be divided evenly.
    """

    rows: np.ndarray
    target: np.ndarray
    groups: np.ndarray | None
    classes: tuple[str, ...]
    balanced: bool

    @classmethod
    def of(cls, cohort: Cohort) -> _Labelled:
        rows = np.flatnonzero(cohort.labelled)
        return cls(
            rows,
            cohort.strata[rows],
            None if cohort.groups is None else cohort.groups[rows],
            () if cohort.schema.task in ("regression", "multilabel", "survival") else cohort.schema.classes,
            cohort.schema.task != "regression",
        )

    @classmethod
    def divided(cls, cohort: Cohort, strata: np.ndarray) -> _Labelled:
        """By classes other than those of the target."""
        rows = np.flatnonzero(strata >= 0)
        return cls(rows, strata[rows], None if cohort.groups is None else cohort.groups[rows], (), True)


def _too_small(cases: _Labelled, kind: str, folds: int) -> list[MMError]:
    """What stands in the way before any division is tried."""
    wrong: list[MMError] = []
    if len(cases.target) < _LEAST:
        wrong.append(
            CannotSplit(
                counted(
                    len(cases.target),
                    "There is {count} case with a target; a study needs {least} or more.",
                    "There are {count} cases with a target; a study needs {least} or more.",
                    least=_LEAST,
                ),
                _("Add cases."),
            )
        )
    if kind != "leave-one-group-out":
        wrong += _too_few_cases(cases, folds)
    if kind != "random" and cases.groups is not None:
        wrong += _too_few_groups(cases, cases.groups, kind, folds)
    return wrong


def _too_few_cases(cases: _Labelled, folds: int) -> list[MMError]:
    wrong: list[MMError] = []
    if folds < 2:
        wrong.append(
            CannotSplit(
                _("Cross-validation needs at least two folds, not {folds}.").format(folds=folds),
                _("Use 2 folds or more."),
            )
        )
    counts = np.bincount(cases.target, minlength=len(cases.classes)) if cases.classes else ()
    wrong += [
        CannotSplit(
            counted(
                count,
                "Class '{name}' has {count} case, fewer than the {folds} folds.",
                "Class '{name}' has {count} cases, fewer than the {folds} folds.",
                name=name,
                folds=folds,
            ),
            _("Use fewer folds, merge classes, or add cases."),
        )
        for name, count in zip(cases.classes, counts, strict=True)
        if count < folds
    ]
    if not cases.classes and len(cases.target) < folds:
        wrong.append(
            CannotSplit(
                counted(
                    len(cases.target),
                    "{count} case is fewer than the {folds} folds.",
                    "{count} cases are fewer than the {folds} folds.",
                    folds=folds,
                ),
                _("Use fewer folds."),
            )
        )
    return wrong


def _too_few_groups(cases: _Labelled, groups: np.ndarray, kind: str, folds: int) -> list[MMError]:
    wrong: list[MMError] = []
    count = len(np.unique(groups))
    if kind == "leave-one-group-out":
        if count < 2:
            wrong.append(
                CannotSplit(
                    _("All cases belong to one group: without it nothing is left to learn from."),
                    _("Split at random if cases of a group may be separated."),
                )
            )
    elif count < folds:
        wrong.append(
            CannotSplit(
                counted(
                    count,
                    "There is {count} group, fewer than the {folds} folds.",
                    "There are {count} groups, fewer than the {folds} folds.",
                    folds=folds,
                ),
                _("Use fewer folds, leave out one group at a time, or split at random if a group may be divided."),
            )
        )
    for index, name in enumerate(cases.classes):
        own = groups[cases.target == index]
        if len(np.unique(own)) == 1:
            wrong.append(
                CannotSplit(
                    _(
                        "Class '{name}' occurs in one group only, '{group}': when that group is held out, the "
                        "class cannot be learnt."
                    ).format(name=name, group=own[0]),
                    _("Merge classes, add cases, or split at random if cases of a group may be separated."),
                )
            )
    return wrong


def _merged(target: np.ndarray, folds: int) -> np.ndarray:
    """Classes of fewer cases than there are folds become one with the most frequent."""
    names, position, counts = np.unique(target, return_inverse=True, return_counts=True)
    merged: np.ndarray = np.where(counts[position] < folds, names[counts.argmax()], target)
    return merged


def _divide(
    cases: _Labelled, copies: np.ndarray | None, kind: str, folds: int, seed: int
) -> tuple[list[tuple[np.ndarray, np.ndarray]], list[str]]:
    target, groups, classify = cases.target, cases.groups, cases.balanced
    if classify and not cases.classes:  # labels too rare to lie in every fold are divided as they come
        target = _merged(target, folds)
    if kind == "leave-one-group-out" and groups is not None:
        names = sorted(np.unique(groups).tolist())
        return [(np.flatnonzero(groups != name), np.flatnonzero(groups == name)) for name in names], names
    if kind == "random":
        groups = copies if copies is not None and len(np.unique(copies)) >= folds else None
    from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

    maker = {
        (True, True): StratifiedGroupKFold,
        (True, False): StratifiedKFold,
        (False, True): GroupKFold,
        (False, False): KFold,
    }
    grouped = groups is not None
    blank = np.zeros(len(target))
    for attempt in range(20):  # rare classes can fall into one fold together; another shuffle mends it
        divide = maker[classify, grouped](n_splits=folds, shuffle=True, random_state=seed + 10_007 * attempt)
        parts = list(divide.split(blank, target, groups) if grouped else divide.split(blank, target))
        if all(len(test) for _train, test in parts) and (
            not classify or all(len(np.unique(target[train])) == len(np.unique(target)) for train, _test in parts)
        ):
            break
    return parts, [_("fold {number}").format(number=i) for i in range(1, folds + 1)]
