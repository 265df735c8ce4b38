"""Changes of a case as data: what they are, how they read in an address, and the values they lead to.

    edits = {"note": InputEdits(text=((10, 15, "no pain"),)), "labs": InputEdits(set={"age": 70.0})}
    as_text(edits)  ->  '{"note":{"text":[[10,15,"no pain"]]},"labs":{"set":{"age":70.0}}}'

They are always changes of the case as it is, so any of them can be taken back alone.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import Box, Case, Signal, Value
from mmcore.encoders.signal import wave_network
from mmcore.encoders.signal.delineation import delineate
from mmcore.explain import edits as made

_WORDS = re.compile(r"\s+|[㐀-鿿]|[^\s㐀-鿿]+")


class SegmentEdit(BaseModel):
    """A named segment of an ECG changed in every beat: see `edits.reshape`.

    segment: P, PR, QRS, ST or T. leads: channels by position, none for all. by: in the signal's unit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    segment: Literal["P", "PR", "QRS", "ST", "T"] = "ST"
    leads: tuple[int, ...] = ()
    by: float = 0.0
    times: float = 1.0

    @property
    def nothing(self) -> bool:
        return self.by == 0 and self.times == 1


class InputEdits(BaseModel):
    """What is changed of one input. A part that does not suit its kind is left out.

    away: taken out altogether. donor: id of the case whose value it has instead. text: characters from, to, and what
    stands there instead, of the text as it was. erase: top, left, bottom, right of a region, as fractions. flatten:
    start and end of a stretch, shift: by how much it comes later, both in the signal's `time_unit`. wave: a
    segment of an ECG, changed before all else. noise: see `edits.noise`. set: column -> value, None for not known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    away: bool = False
    donor: str | None = None
    text: tuple[tuple[int, int, str], ...] = ()
    erase: tuple[float, float, float, float] | None = None
    flatten: tuple[float, float] | None = None
    shift: float = 0.0
    wave: SegmentEdit | None = None
    noise: float = Field(0.0, ge=0)
    set: dict[str, float | str | None] = {}

    @property
    def nothing(self) -> bool:
        return not self.model_dump(exclude_defaults=True)


Edits = Mapping[str, InputEdits]


def as_text(edits: Edits) -> str:
    """Edits as compact JSON, the same whatever order they were made in; "" for none."""
    document = {name: own.model_dump(exclude_defaults=True) for name, own in edits.items() if not own.nothing}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True) if document else ""


def from_text(text: str) -> dict[str, InputEdits]:
    """What `as_text` wrote. Raises BadInput."""
    try:
        document = json.loads(text or "{}")
        edits = {str(name): InputEdits.model_validate(own) for name, own in document.items()}
    except (ValueError, ValidationError, AttributeError, TypeError) as error:
        raise BadInput(
            _("The changes in this link cannot be read."), _("Make them again, or copy the whole link.")
        ) from error
    return {name: own for name, own in edits.items() if not own.nothing}


def changed_values(
    case: Case,
    edits: Edits,
    donor: Callable[[str, str], Value | None],
    spreads: Callable[[str], Mapping[str, float]],
) -> dict[str, Value | None]:
    """The inputs that differ from the case, for `WhatIf.ask`; None for one that is taken away.

    donor: (id, input) -> the value of another case. spreads: input -> standard deviation of its columns in the cohort.
    Raises BadInput for a region or stretch outside the value, NotFound for an unknown donor.
    """
    values: dict[str, Value | None] = {}
    for name, own in edits.items():
        before = case.values.get(name)
        if own.away:
            if before is not None:
                values[name] = None
            continue
        value = before if own.donor is None else donor(own.donor, name)
        if value is None:
            continue
        after = edited(value, own, spreads(name) if own.noise else {})
        if after is not before:
            values[name] = after
    return values


def edited(value: Value, edits: InputEdits, spread: Mapping[str, float]) -> Value:
    """A value with these changes; the value itself where none applies."""
    if isinstance(value, str):
        value = _rewritten(value, edits)
    elif isinstance(value, Signal):
        if edits.wave is not None and not edits.wave.nothing:
            value = _reshaped(value, edits.wave)
        if edits.flatten is not None:
            value = made.mask_seconds(value, *edits.flatten)
        if edits.shift:
            value = made.shift(value, edits.shift)
    elif isinstance(value, np.ndarray):
        if edits.erase is not None:
            value = made.erase(value, Box(*edits.erase))
    else:
        for column, cell in edits.set.items():
            if column in value and value[column] != cell:
                value = made.set_value(value, column, cell)
    return made.noise(value, edits.noise, spread=spread) if edits.noise else value


def _reshaped(signal: Signal, edit: SegmentEdit) -> Signal:
    """Raises BadInput where the waves cannot be told, or for a lead that is not there."""
    if missing := wave_network.unavailable():
        raise BadInput(_("No wave or segment can be changed. {reason}").format(reason=missing), _("Undo this change."))
    marked = delineate(signal)
    if marked.reason:
        raise BadInput(
            _("No wave or segment can be changed. {reason}").format(reason=marked.reason), _("Undo this change.")
        )
    leads = edit.leads or tuple(range(len(signal.samples)))
    if not all(0 <= lead < len(signal.samples) for lead in leads):
        raise BadInput(_("One change refers to a lead that this ECG lacks."), _("Undo this change."))
    stretches = [stretch for stretch in marked.segments(edit.segment) if stretch is not None]
    return made.reshape(signal, stretches, leads, edit.by, edit.times)


def text_edits(before: str, after: str) -> tuple[tuple[int, int, str], ...]:
    """What to replace in one text to get the other, word by word."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    starts = np.cumsum([0, *map(len, old)])
    return tuple(
        (int(starts[i]), int(starts[j]), "".join(new[k:m]))
        for way, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if way != "equal"
    )


def _rewritten(text: str, edits: InputEdits) -> str:
    for start, end, other in sorted(edits.text, reverse=True):
        if not 0 <= start <= end <= len(text):
            raise BadInput(
                _("A change of the text lies outside the text."),
                _("The text is no longer the one that was changed; change it again."),
            )
        text = text[:start] + other + text[end:]
    return text
