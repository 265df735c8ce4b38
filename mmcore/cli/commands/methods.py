"""`methods`: every encoder and fusion method, what it is, and whether it can be used here."""

from __future__ import annotations

import argparse
from typing import Any

from mmcore.base.errors import MMError
from mmcore.base.modules import Broken
from mmcore.base.registry import label, parameters, why_unavailable
from mmcore.base.settings import _
from mmcore.base.values import InputSpec
from mmcore.cli.output import Document, Shown, put, table
from mmcore.encoders import Encoder, encoders
from mmcore.encoders.base import folder_kind
from mmcore.fusion import Fusion, fusions
from mmcore.training.plain_models import about, baselines

_ENCODER = {"licence": "licence", "trained_on": "trained_on", "learns": "trains_in_run", "fits": "fits_on_fold"}
_FUSION = {name: name for name in ("standard", "formula", "can", "cannot", "cost", "grows_with")}


def run(arguments: argparse.Namespace) -> Shown:
    return {
        "encoders": [_encoder(name, part) for name, part in encoders.items()]
        + [
            {"name": name, "kind": folder_kind(fault), **_broken(fault, _ENCODER), "dims": None, "weights": None}
            for name, fault in encoders.broken.items()
        ],
        "fusion": [{"name": name, **_described(part, _FUSION)} for name, part in fusions.items()]
        + [{"name": name, **_broken(fault, _FUSION)} for name, fault in fusions.broken.items()],
        "plain": [dict(zip(("name", "label", "citation"), (name, *about(name)), strict=True)) for name in baselines],
    }, show


def _broken(fault: Broken, more: dict[str, str]) -> dict[str, Any]:
    """As `_described`, of a part whose file tells nothing."""
    described = {"available": False, "reason": fault.reason, "citation": "", "label": fault.module}
    return {**described, **dict.fromkeys(more), "parameters": []}


def _encoder(name: str, part: type[Encoder]) -> dict[str, Any]:
    described = _described(part, _ENCODER)
    dims, weights = _size(part) if described["available"] else (None, None)
    return {"name": name, "kind": part.kind, **described, "dims": dims, "weights": weights}


def _size(part: type[Encoder]) -> tuple[int | None, int | None]:
    """Width of a token and weights of the fixed part, with the usual options; None where training decides (both), or
    the columns of a table (width)."""
    if part.trains_in_run or part.fits_on_fold:
        return None, None
    try:
        encoder = part(InputSpec(name="input", kind=part.kind, columns=()))
        return encoder.dims, encoder.parameter_count()
    except MMError:  # without columns there is no table
        return None, 0 if part.kind == "table" else None


def _described(part: type[Encoder] | type[Fusion], more: dict[str, str]) -> dict[str, Any]:
    reason = why_unavailable(part)
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


def show(document: Document) -> None:
    last = (_("available"), _("options"))
    rows = table(_("Encoders"), _("name"), _("kind"), _("what it is"), _("width"), _("parameters"), *last)
    for row in document["encoders"]:
        sizes = ("" if row[key] is None else f"{row[key]:,}" for key in ("dims", "weights"))
        rows.add_row(row["name"], row["kind"], row["label"], *sizes, *_offered(row))
    put(rows)
    rows = table(_("Fusion methods"), _("name"), _("what it is"), *last)
    for row in document["fusion"]:
        rows.add_row(row["name"], row["label"], *_offered(row))
    put(rows)
    rows = table(_("Plain baselines, beside every comparison"), _("name"), _("what it is"), _("citation"))
    for row in document["plain"]:
        rows.add_row(row["name"], row["label"], row["citation"])
    put(rows)


def _offered(row: dict[str, Any]) -> tuple[str, str]:
    here = _("yes") if row["available"] else row["reason"]
    return here, ", ".join(f"{p['name']}={p['default']}" for p in row["parameters"])
