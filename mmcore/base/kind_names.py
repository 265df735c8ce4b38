"""What the kinds of values are called where a reader meets them."""

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
