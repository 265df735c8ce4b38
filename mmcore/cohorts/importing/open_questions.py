"""What only a person can say: rates that no file gives or that cannot be, and which of several labels is meant."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from mmcore.base.errors import MMError
from mmcore.base.settings import _
from mmcore.base.values import Kind, Signal, Value
from mmcore.cohorts.base import Cohort
from mmcore.readers.plausible import implausible_rate

LOOKED = 3  # values of an input that are read


@dataclass(frozen=True)
class OpenQuestion:
    """A question: what of (a rate, a label), of which input or column, and the sentence to ask it with."""

    what: Literal["rate", "label"]
    name: str
    question: str


def open_questions(cohort: Cohort) -> list[OpenQuestion]:
    """A question for every signal input whose recordings give no rate, or one that cannot be."""
    questions = []
    for name, spec in cohort.inputs.items():
        if spec.kind is Kind.SIGNAL and (question := _question(cohort, name)):
            questions.append(OpenQuestion("rate", name, question))
    return questions


def _question(cohort: Cohort, name: str) -> str | None:
    questions = [_rate_question(value, name) for value in some_values(cohort, name) if isinstance(value, Signal)]
    return next((question for question in questions if question), None)


def some_values(cohort: Cohort, name: str) -> list[Value]:
    """A few values of an input, from cases all over the cohort; what cannot be read is a problem of it from then on."""
    there = [id for id, present in zip(cohort.ids, cohort.present(name), strict=True) if present]
    values: list[Value] = []
    for id in there[:: max(1, len(there) // LOOKED)][:LOOKED]:
        with suppress(MMError):
            if (value := cohort.value(id, name)) is not None:
                values.append(value)
    return values


def _rate_question(signal: Signal, name: str) -> str | None:
    if signal.rate_hz is None:
        return _(
            "The recordings of '{input}' do not state their sampling rate ({samples} samples each). "
            "Without it, time is counted in samples."
        ).format(input=name, samples=signal.samples.shape[1])
    return implausible_rate(signal, name)
