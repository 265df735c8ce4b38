"""What `methods` prints: every encoder and fusion method, what it is, and whether it can be used here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

_ENCODER = ("licence", "trained_on", "learns", "fits")
_FUSION = ("standard", "formula", "can", "cannot", "cost")


def methods(arguments: argparse.Namespace) -> tuple[dict[str, Any], Callable[[dict[str, Any]], None]]:
    from mmcore.commands.show import show_methods
    from mmcore.encoders import encoders
    from mmcore.fusion import fusions

    return {
        "encoders": [{"name": name, "kind": part.kind, **_told(part, _ENCODER)} for name, part in encoders.items()],
        "fusion": [{"name": name, **_told(part, _FUSION)} for name, part in fusions.items()],
    }, show_methods


def _told(part: type, more: tuple[str, ...]) -> dict[str, Any]:
    from mmcore.registry import label, parameters

    reason = part.unavailable()
    return {
        "available": reason is None,
        "reason": reason,
        "citation": part.citation,
        "label": label(part),
        **{name: getattr(part, name) for name in more},
        "parameters": [
            {"name": p.name, "type": p.type.__name__, "default": p.default, "help": p.help} for p in parameters(part)
        ],
    }
