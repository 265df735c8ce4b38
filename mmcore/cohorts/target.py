"""What is to be predicted: the task, its classes in order, and which of two is the positive one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from mmcore.base.errors import RolesNeeded, unknown
from mmcore.base.settings import _
from mmcore.cohorts.names import class_name

_NEGATIVE = re.compile(
    r"^((all )?normal(ity)?|norm|no?|none|nein|non|negativ[eo]?|neg|healthy|health|well|gesund|sano|controls?|ctrl|ctl"
    r"|cn|hc|nc|absent|absence|benign|0|false|alive|survived|survivor|sinus( rhythm)?|sr|nsr|normal sinus rhythm"
    r"|low|unremarkable|unaffected|wild[ -]?type|wt|reference|stable|(no|non|not|without|un)[ _-].*|-|−|<.*|≤.*"
    r"|sain|bon|good|clear|euploid|(full[ -]?)?term|td|typical|typically developing|placebo|smci|clean|favou?rable"
    r"|quiet|ohne|sans|sin|senza|niedrig|gering|basso?|bas|bajo|baja|нет|без|низк\w*|норма|здоров\w*|отрицательн\w*"
    r"|正常|阴性|陰性|无|無|否|健康|良性|对照组?|對照組?|存活|生存|未|なし|健常|정상|음성|없음|(无|無|非|未).*)\.?$",
    re.IGNORECASE,
)
_POSITIVE = re.compile(
    r"^(y|yes|ja|oui|true|pos|positiv[eo]?|abnormal(ity)?|present|presence|cases?|disease[d]?|patients?|sick|malignant|ill|high|severe"
    r"|ad|asd|pmci|poor|bad|malade|atteint|mit|avec|con|hoch|alto|alta|élevée?|высок\w*|wheeze|да|патология|болен|положительн\w*|\+|dead|died|death|deceased|events?|affected"
    r"|异常|異常|阳性|陽性|是|有|恶性|惡性|死亡|病例|患者|已|あり|비정상|양성|있음)\.?$",
    re.IGNORECASE,
)
# Signs and letters that mean something only beside each other: negative first.
_PAIRS = (("f", "t"), ("n", "y"), ("n", "p"), ("-", "+"), ("b", "m"), ("c", "p"), ("h", "d"))
_MANY = 20  # whole numbers with more different values than this are quantities
_FEW = 5
_MOST = 100  # classes


TaskName = Literal["binary", "multiclass", "multilabel", "regression", "survival"]


@dataclass(frozen=True)
class Target:
    """task: None where nothing can be learnt. classes: in order, the positive one of two last."""

    task: TaskName | None
    classes: tuple[str, ...] = ()


def target_of(
    column: pd.Series, *, task: TaskName | None = None, classes: tuple[str, ...] = (), positive: str | None = None
) -> Target:
    """Task and classes of a target column; what is given is kept, the rest inferred.

    Raises RolesNeeded for a column that cannot be a target (empty, one class, too many), NotFound for a positive class
    that is none of the classes.
    """
    name, cells = column.name, column.dropna()
    if cells.empty and not classes:
        raise RolesNeeded(
            _("Target column '{name}' is empty.").format(name=name),
            _("Fill it in, or choose another column."),
        )
    if task == "regression" or (task is None and not classes and _is_quantity(cells)):
        _check_quantity(cells)
        return Target("regression")
    names = classes or _in_order({name for cell in cells if (name := class_name(cell)) is not None})
    if len(names) < 2:
        raise RolesNeeded(
            _("Target column '{name}' has one class only, '{only}'.").format(name=name, only=names[0]),
            _("Add cases of another class; if an empty cell means no, write no."),
        )
    if len(names) > _MOST or (not classes and len(names) > max(2, len(cells) / 2)):
        raise RolesNeeded(
            _("Target column '{name}' has {count} different values in {cases} cases, too many for classes.").format(
                name=name, count=len(names), cases=len(cells)
            ),
            _("Choose the column that is to be predicted."),
        )
    if len(names) > 2:
        return Target("multiclass", names)
    return Target("binary", _positive_last(names, cells, positive))


def _is_quantity(cells: pd.Series) -> bool:
    """Numbers that measure. Codes of classes are few whole numbers and, unless very few, begin at 0 or 1."""
    if not pd.api.types.is_numeric_dtype(cells):
        return False
    different = cells.nunique()
    if not (cells == cells.round()).all() or different > min(_MANY, max(2, len(cells) / 2)):
        return True
    return different > _FEW and cells.min() not in (0, 1)


def _check_quantity(cells: pd.Series) -> None:
    numbers = pd.to_numeric(cells, errors="coerce")
    if numbers.isna().any():
        cell = cells[numbers.isna()].iloc[0]
        raise RolesNeeded(
            _("Target '{name}' holds '{cell}', which is not a number.").format(name=cells.name, cell=cell),
            _("A regression needs numbers."),
        )
    if numbers.nunique() < 2:
        raise RolesNeeded(
            _("Target column '{name}' has the same value in every case.").format(name=cells.name),
            _("Choose another column."),
        )


def _in_order(names: set[str]) -> tuple[str, ...]:
    """Numbers by value, words by alphabet."""
    numbers = pd.to_numeric(pd.Series(sorted(names), dtype=object), errors="coerce")
    order = np.argsort(numbers, kind="stable") if numbers.notna().all() else range(len(numbers))
    return tuple(sorted(names)[i] for i in order)


def positive_of(column: pd.Series, positive: str | None = None) -> str:
    """The flag that says "yes" among those of a column: the one asked for, else as for classes."""
    cells = column.dropna()
    return _chosen(_in_order({name for cell in cells if (name := class_name(cell)) is not None}), cells, positive)


def _positive_last(classes: tuple[str, ...], cells: pd.Series, positive: str | None) -> tuple[str, str]:
    chosen = _chosen(classes, cells, positive)
    return next(name for name in classes if name != chosen), chosen


def _chosen(classes: tuple[str, ...], cells: pd.Series, positive: str | None) -> str:
    """The class asked for; else the one whose name says so; else the greater of two numbers or the rarer word."""
    if positive is not None:
        meant = [name for name in classes if name == class_name(positive)] or [
            name for name in classes if name.casefold() == positive.strip().casefold()
        ]
        if not meant:
            raise unknown(_("class"), positive, classes)
        return meant[0]
    return _speaking(classes) or _greater(classes) or _rarer(classes, cells)


def _speaking(classes: tuple[str, ...]) -> str | None:
    """The only class that does not say "normal", or the only one that says "yes"; of two letters, that of a pair."""
    by_letter = {name.casefold(): name for name in classes}
    for negative, other in _PAIRS:
        if {negative, other} == {*by_letter}:
            return by_letter[other]
    not_negative = [name for name in classes if not _NEGATIVE.match(name)]
    positive = [name for name in classes if _POSITIVE.match(name)]
    if len(positive) == 1:
        return positive[0]
    if len(not_negative) == 1:
        return not_negative[0]
    return _denied(classes)


def _denied(classes: tuple[str, ...]) -> str | None:
    """Of "Demented" and "NonDemented", or "R" and "NR", the one that the other denies; M of B and M."""
    if {name.casefold() for name in classes} == {"b", "m"}:
        return next(name for name in classes if name.casefold() == "m")
    for name in classes:
        other = next(o for o in classes if o != name)
        if re.fullmatch(rf"(n|non?|not|un|in)[ _-]?{re.escape(name)}", other, re.IGNORECASE):
            return name
    return None


def _greater(classes: tuple[str, ...]) -> str | None:
    numbers = pd.to_numeric(pd.Series(classes, dtype=object), errors="coerce")
    return classes[int(numbers.argmax())] if numbers.notna().all() else None


def _rarer(classes: tuple[str, ...], cells: pd.Series) -> str:
    counts = Counter(class_name(cell) for cell in cells)
    return min(reversed(classes), key=lambda name: counts[name])
