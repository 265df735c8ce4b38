"""What the kinds of values and of answers are called where a reader meets them."""

from __future__ import annotations

from mmcore.base.settings import _
from mmcore.base.values import Kind


def kind_name(kind: Kind) -> str:
    """A kind as a reader sees it."""
    return {
        Kind.IMAGE: _("image"),
        Kind.TEXT: _("text"),
        Kind.SIGNAL: _("signal"),
        Kind.TABLE: _("table of values"),
    }[kind]


def task_name(task: str) -> str:
    """A kind of answer ("binary", "multiclass", "multilabel", "regression" or "survival") as a reader sees it."""
    return {
        "binary": _("one of two classes"),
        "multiclass": _("one of several classes"),
        "multilabel": _("several labels, each there or not"),
        "regression": _("a number"),
        "survival": _("the time to an event"),
    }[task]
