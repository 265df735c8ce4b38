"""What a run says of one case, in a sentence, and what each input has to do with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.base.label_sets import BETWEEN
from mmcore.base.name_lists import any_of, list_of
from mmcore.base.number_text import number_text
from mmcore.base.score_digits import written
from mmcore.base.settings import _
from mmcore.explain.shapley import EXACT, shapley
from mmcore.explain.what_if import WhatIf

_LITTLE = 0.03  # of a probability: an input that adds less hardly matters


@dataclass(frozen=True)
class InputEffect:
    """What one present input has to do with the prediction.

    adds: its Shapley value, in probability of the predicted class (regression: in the target's unit), nan where there
    are too many inputs to work it out at once; spread: its sd over the models. without: the score of the same class if
    the input were missing. flips: another class would then be predicted,
    or other labels called.
    """

    input: str
    adds: float
    spread: float
    without: float
    flips: bool


@dataclass(frozen=True)
class CaseAnswer:
    """The prediction of one case.

    chosen: number of the predicted class (0 for regression). score: its probability, or the predicted value; low, high:
    the least and the most that one of the models says. effects: by input, the strongest first. models: how many were
    asked. classes: empty for regression. called: of several labels those whose probability reaches their threshold, and
    `chosen` is the likeliest of all.
    """

    chosen: int
    score: float
    low: float
    high: float
    effects: tuple[InputEffect, ...]
    missing: tuple[str, ...]
    models: int
    classes: tuple[str, ...]
    target: str
    called: tuple[str, ...] | None = None
    over_time: bool = False  # classes are horizons, and the score is the probability of the event by the chosen one

    @property
    def label(self) -> str:
        """The predicted class, or the value."""
        return self.classes[self.chosen] if self.classes else self.amount(self.score)

    @property
    def decided(self) -> str:
        """What is decided for: the predicted class, or the labels that are called, as a case's target is written."""
        if self.over_time:
            return _("{probability} by {horizon}").format(probability=self.amount(self.score), horizon=self.label)
        return self.label if self.called is None else BETWEEN.join(self.called) or _("none")

    def amount(self, score: float) -> str:
        """A score as it is read: a probability, or a value with as many digits as the prediction."""
        return f"{score:.0%}" if self.classes else written(score, self.score)

    def change(self, adds: float) -> str:
        """What an input adds as it is read: in points of a probability, or in the target's unit."""
        text = f"{100 * adds:+.0f}" if self.classes else number_text(adds, 2, signed=True)
        return "0" if text in ("+0", "-0") else text.replace("-", "−")

    def sentence(self) -> str:
        """The prediction with its range, then what it rests on; plain text."""
        return f"{self._predicted()} {self._rests_on()}".strip()

    def _predicted(self) -> str:
        ranged = self.models > 1 and self.amount(self.low) != self.amount(self.high)  # as they are read
        if self.called is not None and not ranged:
            sentence = (
                _("The model predicts {called}. The likeliest label is {label}: {value}.")
                if self.called
                else _("The model predicts no label. The likeliest is {label}: {value}.")
            )
        elif self.called is not None:
            sentence = (
                _(
                    "The model predicts {called}. The likeliest label is {label}: {value}; the {models} models "
                    "averaged here say {low} to {high}."
                )
                if self.called
                else _(
                    "The model predicts no label. The likeliest is {label}: {value}; the {models} models averaged "
                    "here say {low} to {high}."
                )
            )
        elif self.over_time:
            sentence = (
                _(
                    "The probability of the event by {label} is {value}; the {models} models averaged "
                    "here say {low} to {high}."
                )
                if ranged
                else _("The probability of the event by {label} is {value}.")
            )
        elif len(self.classes) == 2 and self.low < 0.5:
            sentence = _(
                "The models disagree: {label} at {value} on average; the {models} models averaged here "
                "say {low} to {high}."
            )
        elif not self.classes and ranged:
            sentence = _("Predicted {target}: {value}; the {models} models averaged here say {low} to {high}.")
        elif not self.classes:
            sentence = _("Predicted {target}: {value}.")
        elif ranged:
            sentence = _(
                "The model expects {label}: {value} likely; the {models} models averaged here say {low} to {high}."
            )
        else:
            sentence = _("The model expects {label}: {value} likely.")
        return sentence.format(
            target=self.target,
            label=self.label if self.over_time else _worded(self.label),
            value=self.amount(self.score),
            low=self.amount(self.low),
            high=self.amount(self.high),
            models=self.models,
            called=list_of(map(_worded, self.called or ())),
        )

    def _moves(self, effect: InputEffect) -> float:
        """By how much an input moves the score: its fair share, or what taking it away does where that is more."""
        return float(np.nanmax([abs(effect.adds), abs(effect.without - self.score)]))

    def _rests_on(self) -> str:
        flipping = [effect.input for effect in self.effects if effect.flips]
        if flipping:
            sentence = _("The answer rests on {inputs}: without this input, it would change.")
            more = _("The answer needs several inputs: without {inputs}, it would change.")
            return (sentence if len(flipping) == 1 else more).format(inputs=any_of(flipping))
        if not self.effects:
            return ""
        first = self.effects[0]
        if len(self.effects) == 1:
            return _("The answer rests on {input} alone.").format(input=first.input)
        if self.classes and max(map(self._moves, self.effects)) < _LITTLE:
            return _("No input alone changes the answer much.")
        unshared = bool(self.classes) and math.isnan(first.adds)  # for or against is open
        missed = max(self.effects, key=lambda effect: abs(effect.without - self.score))
        if (self.over_time or not self.classes) and self.amount(missed.without) != self.amount(first.without):
            return _(
                "Of the inputs, {input} has the largest fair share in this answer; taking {other} away would change it "
                "most, to {without}."
            ).format(input=first.input, other=missed.input, without=self.amount(missed.without))
        if not math.isnan(first.adds) and self.amount(first.without) == self.amount(self.score):
            return _(
                "Of the inputs, {input} has the largest fair share in this answer, and yet the answer would be the "
                "same if {input} alone were missing."
            ).format(input=first.input)
        uncalled = self.called is not None and self.label not in self.called  # what speaks for it, speaks against both
        if self.over_time or unshared or uncalled:
            sentence = _("The answer depends most on {input}; without it the probability would be {without}.")
        elif not self.classes:  # a value has a usual level before any input is read: no input makes most of it
            sentence = _("The answer depends most on {input}; without it the answer would be {without}.")
        elif first.adds < 0:
            sentence = _(
                "The strongest input, {input}, counts against this answer: without it the "
                "probability would be {without}."
            )
        else:
            sentence = _(
                "The largest part of this comes from {input}; without it the answer would be the same, "
                "but with a probability of {without}."
            )
        return sentence.format(input=first.input, without=self.amount(first.without))


def case_answer(session: WhatIf, classes: Sequence[str], target: str) -> CaseAnswer:
    """The answer for the case of a session. classes: of the run, empty for regression."""
    start = session.start
    present = [name for name in session.inputs if name not in start.missing]
    shares = shapley(session.reading[0:1], "probability")[0] if 1 < len(session.inputs) <= EXACT else None
    effects = []
    for name in present:
        without = session.ask({name: None})
        effects.append(
            InputEffect(
                input=name,
                adds=shares.values[name] if shares else float("nan"),
                spread=shares.spread[name] if shares else float("nan"),
                without=float(without.probabilities[start.chosen]),
                flips=bool(classes) and len(present) > 1 and without.decision != start.decision,
            )
        )
    score = float(start.probabilities[start.chosen])

    def strength(effect: InputEffect) -> float:
        return abs(effect.adds) if shares else abs(effect.without - score)

    return CaseAnswer(
        chosen=start.chosen,
        score=score,
        low=float(start.low[start.chosen]),
        high=float(start.high[start.chosen]),
        effects=tuple(sorted(effects, key=strength, reverse=True)),
        missing=start.missing,
        models=len(session.panel),
        classes=tuple(classes),
        target=target,
        over_time=session.panel.task.name == "survival",
        called=None if start.called is None else tuple(classes[k] for k in sorted(start.called)),
    )


def _worded(label: str) -> str:
    """A class as people write it."""
    return f"“{label.replace('_', ' ')}”"
