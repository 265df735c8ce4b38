"""Which encoder reads each input of a cohort: what can be used here, what is the default, what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from mmcore.base.errors import MMError, Unavailable, several, unknown
from mmcore.base.kind_names import kind_name
from mmcore.base.registry import why_unavailable
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort
from mmcore.encoders import DEFAULTS, Encoder, encoders, make
from mmcore.runs import EncoderChoice

Choices: TypeAlias = Mapping[str, EncoderChoice | str]  # by input


def usable_inputs(cohort: Cohort) -> list[str]:
    """Inputs that at least one case has."""
    return [name for name in cohort.inputs if cohort.present(name).any()]


def suitable_encoders(kind: Kind) -> list[str]:
    """Encoders of a kind that can be used here, the default first."""
    usable = [name for name, part in encoders.items() if part.kind is kind and why_unavailable(part) is None]
    return sorted(usable, key=lambda name: (name != DEFAULTS[kind], encoders[name].trains_in_run, name))


def default_encoders(cohort: Cohort) -> dict[str, EncoderChoice]:
    """The encoder a new user gets for each input. Raises Unavailable if nothing can encode one of them."""
    chosen = {}
    for name, spec in cohort.inputs.items():
        try:
            encoders.usable(DEFAULTS[spec.kind])
        except MMError as error:  # its file may be broken, and then bears another name
            suitable = suitable_encoders(spec.kind)
            if not suitable:
                refused = _("No encoder for inputs of this kind ({kind}) can be used here.").format(
                    kind=kind_name(spec.kind)
                )
                raise Unavailable(refused, error.hint) from error
            chosen[name] = EncoderChoice(name=suitable[0])
        else:  # the others need not be asked, some of which would ask the network
            chosen[name] = EncoderChoice(name=DEFAULTS[spec.kind])
    return chosen


def encoder_choices(cohort: Cohort, chosen: Choices | None = None) -> dict[str, EncoderChoice]:
    """The default encoder of every input, unless `chosen` names another. Raises one error with all wrong names."""
    choices, wrong = default_encoders(cohort), list[MMError]()
    for name, choice in (chosen or {}).items():
        choice = EncoderChoice(name=choice) if isinstance(choice, str) else choice
        if name not in cohort.inputs:
            wrong.append(unknown(_("input"), name, cohort.inputs))
            continue
        try:
            make(choice.name, cohort.inputs[name], **choice.options)
        except MMError as error:
            wrong.append(error)
        choices[name] = choice
    if wrong:
        raise several(wrong)
    return choices


def make_encoder(cohort: Cohort, input: str, choice: EncoderChoice) -> Encoder:
    """The chosen encoder, for this input of the cohort."""
    return make(choice.name, cohort.inputs[input], **choice.options)
