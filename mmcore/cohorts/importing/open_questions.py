"""What only a person can say: rates that no file gives or that cannot be, and which of several labels is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mmcore.base.errors import MMError
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind, Signal
from mmcore.cohorts.base import Cohort
from mmcore.readers.plausible import implausible_rate

_LOOKED = 3  # recordings of an input that are read


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
        if spec.kind is Kind.SIGNAL and (question := _question(cohort, name, spec)):
            questions.append(OpenQuestion("rate", name, question))
    return questions


def _question(cohort: Cohort, name: str, spec: InputSpec) -> str | None:
    there = [id for id, present in zip(cohort.ids, cohort.present(name), strict=True) if present]
    for id in there[:: max(1, len(there) // _LOOKED)][:_LOOKED]:
        try:
            value = cohort.value(id, name)
        except MMError:
            continue
        if not isinstance(value, Signal):
            continue
        if value.rate_hz is None:
            return _(
                "The recordings of '{input}' do not state their sampling rate ({samples} samples each). "
                "Without it, time is counted in samples."
            ).format(input=name, samples=value.samples.shape[1])
        if reason := implausible_rate(value, name):
            return reason
    return None
