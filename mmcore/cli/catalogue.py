"""What `methods` prints: every encoder and fusion method, what it is, and whether it can be used here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mmcore.encoders import Encoder

_ENCODER = {"licence": "licence", "trained_on": "trained_on", "learns": "trains_in_run", "fits": "fits_on_fold"}
_FUSION = {name: name for name in ("standard", "formula", "can", "cannot", "cost")}


def methods(arguments: argparse.Namespace) -> tuple[dict[str, Any], Callable[[dict[str, Any]], None]]:
    from mmcore.cli.show import show_methods
    from mmcore.encoders import encoders
    from mmcore.fusion import fusions

    return {
        "encoders": [_encoder(name, part) for name, part in encoders.items()],
        "fusion": [{"name": name, **_told(part, _FUSION)} for name, part in fusions.items()],
    }, show_methods


def _encoder(name: str, part: type[Encoder]) -> dict[str, Any]:
    told = _told(part, _ENCODER)
    dims, weights = _size(part) if told["available"] else (None, None)
    return {"name": name, "kind": part.kind, **told, "dims": dims, "weights": weights}


def _size(part: type[Encoder]) -> tuple[int | None, int | None]:
    """Width of a token and weights of the fixed part, with the usual options; None where training decides (both), or
    the columns of a table (width)."""
    from mmcore.base.errors import MMError
    from mmcore.base.values import InputSpec

    if part.trains_in_run or part.fits_on_fold:
        return None, None
    try:
        encoder = part(InputSpec(name="input", kind=part.kind, columns=()))
        return encoder.dims, encoder.parameter_count()
    except MMError:  # without columns there is no table
        return None, 0 if part.kind == "table" else None


def _told(part: type, more: dict[str, str]) -> dict[str, Any]:
    from mmcore.base.registry import label, parameters

    reason = part.unavailable()
    return {
        "available": reason is None,
        "reason": reason,
        "citation": part.citation,
        "label": label(part),
        **{key: getattr(part, attribute) for key, attribute in more.items()},
        "parameters": [
            {"name": p.name, "type": p.type.__name__, "default": p.default, "help": p.help} for p in parameters(part)
        ],
    }
