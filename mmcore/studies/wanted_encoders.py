"""Which encoders of which inputs a study of features scores: those that were named, or all that are quick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from mmcore.base.errors import BadInput, MMError, several, unknown
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder, make
from mmcore.runs import EncoderChoice
from mmcore.studies.encoder_choice import default_encoders, suitable_encoders, usable_inputs
from mmcore.studies.encoder_views import identity_of

ALL = "all"  # stands for every encoder of an input that is at hand, does not learn in a run, and is quick
Wanted: TypeAlias = Mapping[str, EncoderChoice | str | Sequence[EncoderChoice | str]]  # by input


@dataclass(frozen=True, eq=False)
class WantedEncoder:
    """An encoder of an input; named: rather than meant by "all"."""

    input: str
    encoder: Encoder
    named: bool


def wanted_encoders(
    cohort: Cohort, named: Wanted, inputs: Sequence[str] | None
) -> tuple[list[WantedEncoder], list[tuple[str, str, str]]]:
    """The encoders to score, in the order of the cohort's inputs, each once; and (input, encoder, reason) of what "all"
    cannot make. Raises one error for all wrong names."""
    defaults, order = default_encoders(cohort), list(cohort.inputs)
    left_out: list[tuple[str, str, str]] = []
    usable, wrong = _usable(cohort, named, inputs)
    wanted: dict[tuple[str, str], WantedEncoder] = {}
    for input in usable:
        wish = named.get(input, defaults[input])
        choices = [wish] if isinstance(wish, (str, EncoderChoice)) else wish
        for choice, by_name in (pair for given in choices for pair in _meant(cohort, input, given)):
            try:
                encoder = make(choice.name, cohort.inputs[input], **choice.options)
            except MMError as error:
                if by_name:
                    wrong.append(error)
                else:
                    left_out.append((input, choice.name, str(error)))
                continue
            wanted.setdefault((input, identity_of(encoder)), WantedEncoder(input, encoder, by_name))
    if wrong:
        raise several(wrong)
    return sorted(wanted.values(), key=lambda encoder: order.index(encoder.input)), left_out


def _usable(cohort: Cohort, named: Wanted, inputs: Sequence[str] | None) -> tuple[list[str], list[MMError]]:
    """The inputs asked for that some case has, and what is wrong with the others."""
    wrong: list[MMError] = [unknown(_("input"), name, cohort.inputs) for name in named if name not in cohort.inputs]
    usable = usable_inputs(cohort)
    if inputs is None:
        inputs = [*usable, *(name for name in named if name in cohort.inputs and name not in usable)]
    wrong += [unknown(_("input"), name, cohort.inputs) for name in inputs if name not in cohort.inputs]
    wrong += [
        BadInput(_("No case has the input '{name}'.").format(name=name), _("Check its column and files."))
        for name in inputs
        if name in cohort.inputs and name not in usable
    ]
    return [name for name in inputs if name in usable], wrong


def _meant(cohort: Cohort, input: str, choice: EncoderChoice | str) -> list[tuple[EncoderChoice, bool]]:
    """What a choice stands for, and whether it was named."""
    if choice == ALL:
        return [(EncoderChoice(name=name), False) for name in suitable_encoders(cohort.inputs[input].kind)]
    return [(EncoderChoice(name=choice) if isinstance(choice, str) else choice, True)]
