"""Which one change flips the prediction? A search over single edits of a case.

Edits are ranked by how far they move the score of the predicted class against it. Where an encoder is slow, taking
tokens away stands in for the edit at first; the strongest of every input are then made in earnest and encoded again.
After Wachter, Mittelstadt & Russell 2018, "Counterfactual Explanations Without Opening the Black Box", here with edits
a person can name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mmcore.base.number_text import cell_text
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.base.values import Box, Case, Column, Evidence, Place, Row, Seconds, Segment, Signal, Value
from mmcore.explain import edits
from mmcore.explain.case_edits import InputEdits, SegmentEdit, text_edits
from mmcore.explain.tests.pointing import overlaps
from mmcore.explain.what_if import WhatIf, WhatIfAnswer

CONFIRMED = 3  # edits of each input that are made in earnest
_GRID = 7  # cells of an image whose encoder has no grid of its own, each way
_CELLS = 100  # cells an encoder's own grid may have

Alternatives = Mapping[str, Mapping[str, Sequence[float | str | None]]]  # input -> column -> values to try


class ChangeKind(StrEnum):
    """What is changed."""

    REMOVE = "remove"  # the whole input
    SET = "set"  # a column
    WORD = "word"
    SENTENCE = "sentence"
    REGION = "region"
    SECONDS = "seconds"
    SEGMENT = "segment"


@dataclass(frozen=True, eq=False)
class Change:
    """One edit and what it does.

    place: where, None for a whole input. what: in words. value: the edited value, None where the input is taken away.
    answer: to the edited case. effect: change of the probability of the class predicted before (regression: of the
    value). flips: another class is predicted now, or other labels are called.
    """

    input: str
    kind: ChangeKind
    what: str
    place: Place | None
    value: Value | None
    answer: WhatIfAnswer
    effect: float
    flips: bool

    def as_edits(self, case: Case) -> InputEdits:
        """The same change as data, to be made of the case it was found for."""
        before = case.values.get(self.input)
        if self.kind is ChangeKind.REMOVE or self.value is None:
            return InputEdits(away=True)
        if isinstance(before, str):
            return InputEdits(text=text_edits(before, str(self.value)))
        if isinstance(self.place, Box):
            return InputEdits(erase=(self.place.top, self.place.left, self.place.bottom, self.place.right))
        if isinstance(self.place, Segment):
            wave = SegmentEdit.model_validate({"segment": self.place.kind, "leads": (self.place.channel,), "times": 0})
            return InputEdits(wave=wave)
        if isinstance(self.place, Seconds):
            return InputEdits(flatten=(self.place.start, self.place.end))
        column = self.place.name if isinstance(self.place, Column) else ""
        return InputEdits(set={column: self.value[column]} if isinstance(self.value, dict) else {})


def counterfactuals(
    session: WhatIf,
    alternatives: Alternatives | None = None,
    *,
    confirmed: int = CONFIRMED,
    progress: Progress = silent,
) -> list[Change]:
    """Single edits of the case, those that flip the prediction first, then by how far they move it.

    alternatives: values to try for columns of table inputs (see mmcore.studies.alternatives); without them each column
    is only set to "not known". For regression the largest moves come first.
    """
    changes: list[Change] = []
    inputs = [name for name in session.inputs if name in session.case.values]
    for i, name in enumerate(inputs):
        progress(Step(_("Trying changes of {input}").format(input=name), i, len(inputs)))
        value = session.case.values[name]
        changes.append(
            _change(
                session,
                name,
                ChangeKind.REMOVE,
                _("{input} taken away").format(input=name),
                None,
                None,
                session.ask({name: None}),
            )
        )
        if isinstance(value, str):
            changes += _likely(session, name, _of_text(value), confirmed)
        elif isinstance(value, Signal):
            changes += _likely(session, name, _of_signal(value, session.encoders[name].places(value)), confirmed)
        elif isinstance(value, np.ndarray):
            changes += _likely(session, name, _of_image(value, session.encoders[name].places(value)), confirmed)
        else:
            changes += _rows(session, name, value, (alternatives or {}).get(name, {}))
    progress(Step(_("Trying changes"), len(inputs), len(inputs)))
    return sorted(changes, key=lambda change: (not change.flips, -abs(change.effect)))


@dataclass(frozen=True, eq=False)
class _Edit:
    kind: ChangeKind
    what: str
    place: Place
    value: Value


def _of_text(text: str) -> list[_Edit]:
    sentences, words = edits.sentences(text), edits.words(text)
    whole = [(ChangeKind.SENTENCE, span) for span in sentences if len(sentences) > 1]
    return [
        _Edit(
            kind,
            _("without “{words}”").format(words=text[span.start : span.end]),
            span,
            edits.replace_words(text, span),
        )
        for kind, span in [*whole, *((ChangeKind.WORD, span) for span in words if len(words) > 1)]
    ]


def _of_signal(signal: Signal, places: Sequence[Place]) -> list[_Edit]:
    """Each named segment flattened where the encoder names them, else each stretch of time."""
    named = [place for place in places if isinstance(place, Segment) and place.kind and place.again]
    if named:
        return [
            _Edit(
                ChangeKind.SEGMENT,
                _("{segment} flattened").format(segment=place.name),
                place,
                edits.reshape(signal, place.again, [place.channel or 0], times=0.0),
            )
            for place in named
        ]
    unit = signal.time_unit
    return [
        _Edit(
            ChangeKind.SECONDS,
            _("{start:.3g} to {end:.3g} {unit} flattened").format(start=part.start, end=part.end, unit=unit),
            part,
            edits.mask_seconds(signal, part.start, part.end),
        )
        for part in edits.stretches(signal)
    ]


def _of_image(image: np.ndarray, places: Sequence[Place]) -> list[_Edit]:
    boxes = [place for place in places if isinstance(place, Box)]
    if not 1 < len(boxes) <= _CELLS:
        cells = np.linspace(0, 1, _GRID + 1)
        boxes = [
            Box(float(cells[r]), float(cells[c]), float(cells[r + 1]), float(cells[c + 1]))
            for r in range(_GRID)
            for c in range(_GRID)
        ]
    return [
        _Edit(
            ChangeKind.REGION,
            _("region erased, {top:.0%} from the top and {left:.0%} from the left").format(
                top=(box.top + box.bottom) / 2, left=(box.left + box.right) / 2
            ),
            box,
            edits.erase(image, box),
        )
        for box in boxes
    ]


def _likely(session: WhatIf, name: str, candidates: Sequence[_Edit], confirmed: int) -> list[Change]:
    """The edits that matter most by taking tokens away, made in earnest."""
    if not candidates:
        return []
    mask = session.reading.masks[name][0]
    places = session.encoders[name].places(session.case.values[name])
    touched = np.zeros((len(candidates), len(mask)), bool)
    at = np.flatnonzero(mask)[: len(places)]
    for row, edit in zip(touched, candidates, strict=True):
        spot = Evidence("", (edit.place,))
        row[at] = [overlaps(place, spot) for place in places[: len(at)]]
    share = touched.sum(1) / max(mask.sum(), 1)
    effect = session.effects({name: ~touched})
    if session.panel.task.name in ("regression", "survival"):
        effect = -np.abs(effect)
    # A token that stands for the whole value cannot tell edits apart: they are then tried from the first on.
    order = np.lexsort((share, effect))
    best: list[_Edit] = []
    for kind in dict.fromkeys(edit.kind for edit in candidates):
        of_kind = [candidates[i] for i in order if candidates[i].kind == kind]
        best += [*of_kind[:confirmed], *of_kind[confirmed:][-1:]]  # the last one speaks for the prediction most
    answers = session.ask_each(name, [edit.value for edit in best])
    return [
        _change(session, name, edit.kind, edit.what, edit.place, edit.value, answer)
        for edit, answer in zip(best, answers, strict=True)
    ]


def _rows(session: WhatIf, name: str, row: Row, tried: Mapping[str, Sequence[float | str | None]]) -> list[Change]:
    """Every column set to its alternatives and to "not known"; rows are quick to encode."""
    made = []
    for column, own in row.items():
        others: list[float | str | None] = [
            other for other in tried.get(column, ()) if other != own and other is not None
        ]
        if own is not None:
            others.append(None)
        for other in others:
            shown = cell_text(other, _("not known"))
            made.append(
                _Edit(
                    ChangeKind.SET,
                    _("{column} = {value}").format(column=column, value=shown),
                    Column(column),
                    edits.set_value(row, column, other),
                )
            )
    answers = session.ask_each(name, [edit.value for edit in made])
    return [_change(session, name, e.kind, e.what, e.place, e.value, a) for e, a in zip(made, answers, strict=True)]


def _change(
    session: WhatIf,
    name: str,
    kind: ChangeKind,
    what: str,
    place: Place | None,
    value: Value | None,
    answer: WhatIfAnswer,
) -> Change:
    before = session.start
    effect = float(answer.probabilities[before.chosen] - before.probabilities[before.chosen])
    return Change(name, kind, what, place, value, answer, effect, answer.decision != before.decision)
