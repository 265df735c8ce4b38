"""Selections of cases: as text that fits into an address, and kept by name in the home folder.

A selection belongs to the cases of a cohort, whatever their inputs are read as: the same ids in the same order.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mmcore.base import json_files
from mmcore.base.errors import BadInput
from mmcore.base.settings import _, room, write_whole
from mmcore.cohorts.base import Cohort

LISTED = 12  # ids up to which a selection is written out, so that a person can read it
_PACKED = "~"  # begins the text of a longer one
_SIGNED = 8  # characters by which the cases of a cohort are known again


@dataclass(frozen=True)
class Selection:
    """Cases under a name, in the order of the cohort."""

    name: str
    ids: tuple[str, ...]


def as_text(cohort: Cohort, ids: Iterable[str]) -> str:
    """Ids as text that `from_text` reads: a list of few, else one bit a case; "" for none.

    Raises NotFound for an unknown id.
    """
    rows = sorted({cohort.position(id) for id in ids})
    if not rows:
        return ""
    names = [cohort.ids[row] for row in rows]
    if len(names) <= LISTED and not any("," in name for name in names) and not names[0].startswith(_PACKED):
        return ",".join(names)
    bits = np.zeros(len(cohort), bool)
    bits[rows] = True
    packed = base64.urlsafe_b64encode(zlib.compress(np.packbits(bits).tobytes(), 9)).decode("ascii").rstrip("=")
    return f"{_PACKED}{_signature(cohort)}.{packed}"


def from_text(cohort: Cohort, text: str) -> list[str]:
    """The ids that `as_text` wrote. Raises BadInput where it tells of other cases, or is damaged; NotFound for an id.

    Ids of a plain list that this cohort does not have are an error, too: a part of a selection is another selection.
    """
    if not text.startswith(_PACKED):
        return [cohort.ids[row] for row in sorted({cohort.position(id) for id in text.split(",") if id})]
    signature, dot, packed = text[1:].partition(".")
    if signature != _signature(cohort) or not dot:
        raise BadInput(
            _("The selection of this link belongs to other cases than those of '{name}'.").format(name=cohort.name),
            _("Open the cohort the selection was made on, or select the cases again."),
        )
    try:
        content = zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        bits = np.unpackbits(np.frombuffer(content, np.uint8), count=len(cohort)).astype(bool)
    except (zlib.error, binascii.Error, ValueError) as error:
        raise BadInput(
            _("The selection of this link is damaged."), _("Copy the whole link, or select the cases again.")
        ) from error
    return [id for id, chosen in zip(cohort.ids, bits, strict=True) if chosen]


def saved(cohort: Cohort) -> list[Selection]:
    """Selections kept for these cases, by name. What cannot be read is left out."""
    selections = []
    for path in sorted(_folder(cohort).glob("*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            selections.append(Selection(str(document["name"]), tuple(from_text(cohort, document["cases"]))))
        except (OSError, ValueError, KeyError, TypeError, BadInput):
            continue
    return sorted(selections, key=lambda selection: selection.name.lower())


def save(cohort: Cohort, name: str, ids: Sequence[str]) -> Selection:
    """Keep cases under a name; one of the same name is replaced. Raises BadInput for no name or no case."""
    name = name.strip()
    if not name or not ids:
        raise BadInput(_("A selection needs a name and at least one case."), _("Select cases, then give them a name."))
    text = as_text(cohort, ids)
    write_whole(_file(cohort, name), json_files.dumps({"name": name, "cases": text}).encode())
    return Selection(name, tuple(from_text(cohort, text)))


def delete(cohort: Cohort, name: str) -> None:
    """Forget a selection; nothing where there is none of this name."""
    _file(cohort, name).unlink(missing_ok=True)


def _folder(cohort: Cohort) -> Path:
    folder = room("cohorts") / "selections" / _signature(cohort)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _file(cohort: Cohort, name: str) -> Path:
    return _folder(cohort) / f"{hashlib.sha256(name.strip().encode()).hexdigest()[:16]}.json"


def _signature(cohort: Cohort) -> str:
    return hashlib.sha256("\n".join(cohort.ids).encode()).hexdigest()[:_SIGNED]
