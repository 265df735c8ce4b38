"""Folds and validation parts: patients stay together, classes stay balanced, the same seed gives the same parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmcore.base.errors import BadInput, MMError, several, unknown
from mmcore.base.settings import _
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.validation import validation_split

__all__ = ["SPLITS", "FoldPlan", "folds_of", "resolve", "validation_split"]

SPLITS = ("auto", "random", "group", "leave-one-group-out")
_LEAST = 10  # labelled cases a study needs
_FEW_GROUPS, _LARGE_GROUP = 12, 10  # up to so many groups, each of so many cases: sites, speakers, devices


@dataclass(frozen=True, eq=False)
class FoldPlan:
    """How labelled cases are divided.

    kind: "random", "group" or "leave-one-group-out". folds: (training rows, test rows). names: one for each fold.
    """

    kind: str
    folds: list[tuple[np.ndarray, np.ndarray]]
    names: list[str]

    def __len__(self) -> int:
        return len(self.folds)


def folds_of(cohort: Cohort, split: str = "auto", folds: int = 5, seed: int = 0) -> FoldPlan:
    """How a cohort is divided for cross-validation.

    auto: leave-one-group-out when groups are few and large, else by group when cases share groups, else at random;
    classes are balanced over the folds. `folds` does not apply to leave-one-group-out. Cases without target are in no
    fold.
    Raises BadInput with every reason why the cohort cannot be divided so.
    """
    if split not in SPLITS:
        raise unknown(_("split"), split, SPLITS)
    cohort.require_target()
    rows = np.flatnonzero(cohort.labelled)
    target = cohort.target[rows]
    groups = None if cohort.groups is None else cohort.groups[rows]
    classes = () if cohort.schema.task == "regression" else cohort.schema.classes
    kind = resolve(split, groups)
    if kind != "random" and groups is None:
        raise BadInput(
            _("Cohort '{name}' has no groups to split by.").format(name=cohort.name),
            _("Name the group column with --group COL, or use --split random."),
        )
    wrong = _too_small(target, groups, classes, kind, folds)
    if wrong:
        raise several(wrong)
    parts, names = _divide(target, groups, bool(classes), kind, folds, seed)
    _check_training(parts, names, target, classes)
    return FoldPlan(kind, [(rows[train], rows[test]) for train, test in parts], names)


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


def _too_small(
    target: np.ndarray, groups: np.ndarray | None, classes: tuple[str, ...], kind: str, folds: int
) -> list[MMError]:
    """What stands in the way before any division is tried."""
    wrong: list[MMError] = []
    if len(target) < _LEAST:
        wrong.append(
            BadInput(
                _("There are {count} cases with a target; a study needs {least} or more.").format(
                    count=len(target), least=_LEAST
                ),
                _("Add cases."),
            )
        )
    if kind != "leave-one-group-out" and folds < 2:
        wrong.append(
            BadInput(_("{folds} folds cannot be cross-validated.").format(folds=folds), _("Use 2 folds or more."))
        )
    if kind != "leave-one-group-out":
        for name, count in zip(classes, np.bincount(target, minlength=len(classes)) if classes else (), strict=True):
            if count < folds:
                wrong.append(
                    BadInput(
                        _("Class '{name}' has {count} cases, fewer than the {folds} folds.").format(
                            name=name, count=count, folds=folds
                        ),
                        _("Use fewer folds (--folds), merge classes, or add cases."),
                    )
                )
        if not classes and len(target) < folds:
            wrong.append(
                BadInput(
                    _("{count} cases are fewer than the {folds} folds.").format(count=len(target), folds=folds),
                    _("Use fewer folds."),
                )
            )
    if kind == "random":
        return wrong
    count = len(np.unique(groups))
    if count < (2 if kind == "leave-one-group-out" else folds):
        wrong.append(
            BadInput(
                _("There are {count} groups, fewer than the {folds} folds.").format(
                    count=count, folds=2 if kind == "leave-one-group-out" else folds
                ),
                _(
                    "Use fewer folds (--folds), --split leave-one-group-out, "
                    "or --split random if cases of a group may be apart."
                ),
            )
        )
    for index, name in enumerate(classes):
        if len(np.unique(groups[target == index])) == 1:
            wrong.append(
                BadInput(
                    _(
                        "Class '{name}' occurs in one group only, '{group}': "
                        "held out with it, the class cannot be learnt."
                    ).format(name=name, group=groups[target == index][0]),
                    _("Merge classes, add cases, or use --split random if cases of a group may be apart."),
                )
            )
    return wrong


def _divide(
    target: np.ndarray, groups: np.ndarray | None, classify: bool, kind: str, folds: int, seed: int
) -> tuple[list, list[str]]:
    if kind == "leave-one-group-out":
        names = sorted(np.unique(groups).tolist())
        return [(np.flatnonzero(groups != name), np.flatnonzero(groups == name)) for name in names], names
    from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

    maker = {
        (True, True): StratifiedGroupKFold,
        (True, False): StratifiedKFold,
        (False, True): GroupKFold,
        (False, False): KFold,
    }
    grouped = kind == "group"
    blank = np.zeros(len(target))
    for attempt in range(20):  # rare classes can fall into one fold together; another shuffle mends it
        divide = maker[classify, grouped](n_splits=folds, shuffle=True, random_state=seed + 10_007 * attempt)
        parts = list(divide.split(blank, target, groups) if grouped else divide.split(blank, target))
        if all(len(test) for _train, test in parts) and (
            not classify or all(len(np.unique(target[train])) == len(np.unique(target)) for train, _test in parts)
        ):
            break
    return parts, [_("fold {number}").format(number=i) for i in range(1, folds + 1)]


def _check_training(parts: list, names: list[str], target: np.ndarray, classes: tuple[str, ...]) -> None:
    for (train, test), fold in zip(parts, names, strict=True):
        lacking = [name for index, name in enumerate(classes) if not (target[train] == index).any()]
        if lacking or not len(test):
            raise BadInput(
                _("With {fold} held out, no case of class {classes} is left to learn from.").format(
                    fold=fold, classes=", ".join(f"'{n}'" for n in lacking)
                ),
                _("Use fewer folds, merge classes, or add cases."),
            )
