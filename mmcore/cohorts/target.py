"""What is to be predicted: the task, its classes in order, and which of two is the positive one."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput, unknown
from mmcore.base.settings import _
from mmcore.cohorts.names import class_name

_NEGATIVE = re.compile(
    r"^(normal|norm|no|none|healthy|negative|neg|controls?|absent|benign|0|false|alive|survived"
    r"|(no|non|not|without)[ _-].*)$",
    re.IGNORECASE,
)
_MANY = 20  # whole numbers with more different values than this are quantities
_FEW = 5
_MOST = 100  # classes


def task_and_classes(
    column: pd.Series, *, task: str | None = None, classes: tuple[str, ...] = (), positive: str | None = None
) -> tuple[str, tuple[str, ...]]:
    """Task and classes of a target column; what is given is kept, the rest inferred.

    Raises BadInput for a column that cannot be a target (empty, one class, too many), NotFound for a positive class
    that is none of the classes.
    """
    name, cells = column.name, column.dropna()
    if cells.empty and not classes:
        raise BadInput(
            _("Target column '{name}' is empty.").format(name=name),
            _("Fill it in, or name another column with --target COL."),
        )
    if task == "regression" or (task is None and not classes and _is_quantity(cells)):
        return "regression", _checked_quantity(cells)
    found = classes or _in_order({class_name(cell) for cell in cells})
    if len(found) < 2:
        raise BadInput(
            _("Target column '{name}' has one class only, '{only}'.").format(name=name, only=found[0]),
            _("Add cases of another class."),
        )
    if len(found) > _MOST or (not classes and len(found) > max(2, len(cells) / 2)):
        raise BadInput(
            _("Target column '{name}' has {count} different values in {cases} cases, too many for classes.").format(
                name=name, count=len(found), cases=len(cells)
            ),
            _("Name the right column with --target COL."),
        )
    if len(found) > 2:
        return "multiclass", found
    return "binary", _positive_last(found, cells, positive)


def _is_quantity(cells: pd.Series) -> bool:
    """Numbers that measure. Codes of classes are few whole numbers and, unless very few, begin at 0 or 1."""
    if not pd.api.types.is_numeric_dtype(cells):
        return False
    different = cells.nunique()
    if not (cells == cells.round()).all() or different > min(_MANY, max(2, len(cells) / 2)):
        return True
    return different > _FEW and cells.min() not in (0, 1)


def _checked_quantity(cells: pd.Series) -> tuple[str, ...]:
    numbers = pd.to_numeric(cells, errors="coerce")
    if numbers.isna().any():
        cell = cells[numbers.isna()].iloc[0]
        raise BadInput(
            _("Target '{name}' holds '{cell}', which is not a number.").format(name=cells.name, cell=cell),
            _("A regression needs numbers."),
        )
    if numbers.nunique() < 2:
        raise BadInput(
            _("Target column '{name}' has the same value in every case.").format(name=cells.name),
            _("Name another column with --target COL."),
        )
    return ()


def _in_order(names: set[str]) -> tuple[str, ...]:
    """Numbers by value, words by alphabet."""
    numbers = pd.to_numeric(pd.Series(sorted(names), dtype=object), errors="coerce")
    order = np.argsort(numbers, kind="stable") if numbers.notna().all() else range(len(numbers))
    return tuple(sorted(names)[i] for i in order)


def _positive_last(classes: tuple[str, ...], cells: pd.Series, positive: str | None) -> tuple[str, str]:
    """The class asked for; else the one that does not say "normal"; else the rarer one."""
    if positive is not None:
        if class_name(positive) not in classes:
            raise unknown(_("class"), positive, classes)
        chosen = class_name(positive)
    else:
        speaking = [name for name in classes if not _NEGATIVE.match(name)]
        counts = Counter(class_name(cell) for cell in cells)
        chosen = speaking[0] if len(speaking) == 1 else min(reversed(classes), key=lambda name: counts[name])
    return next(name for name in classes if name != chosen), chosen
