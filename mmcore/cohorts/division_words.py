"""How a division of the cases into folds is put to a reader."""

from __future__ import annotations

from mmcore.base.settings import _
from mmcore.cohorts.splits import COLUMN


def division_in_words(kind: str) -> str:
    """The kind of a FoldPlan in words, such as "one group left out at a time"."""
    if kind.startswith(COLUMN):
        return _("by the column {name}").format(name=kind.removeprefix(COLUMN))
    words = {
        "random": _("at random"),
        "group": _("whole groups together"),
        "leave-one-group-out": _("one group left out at a time"),
    }
    return words.get(kind, kind)
