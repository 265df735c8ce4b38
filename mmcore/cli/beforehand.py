"""What is told on stderr before work begins: encoders that hardly suit an input, and what a run will cost."""

from __future__ import annotations

from collections.abc import Mapping

from mmcore import runs, studies
from mmcore.base.settings import _
from mmcore.cli.output import note
from mmcore.cohorts import Cohort
from mmcore.runs import EncoderChoice, RunSpec


def warn(cohort: Cohort, encoders: Mapping[str, EncoderChoice | str]) -> None:
    """A line for each thing that speaks against an encoder, chosen or default."""
    for name, encoder in studies.encoders_of(cohort, encoders).items():
        for check in studies.unsuited(cohort, name, encoder):
            note(
                _("Does {encoder} suit {input}? {reason} {where}").format(
                    encoder=encoder.name, input=name, reason=check.sentence, where=check.where
                )
            )


def announce(cohort: Cohort, specs: Mapping[str, RunSpec]) -> None:
    """A line for each run that trains an encoder and takes long or much memory.

    Raises BadInput where not even one replicate fits into memory.
    """
    for method, spec in specs.items():
        price = None if runs.store().find(spec.key) else studies.cost(cohort, spec)
        if price is None:
            continue
        if price.memory.refusal:
            raise price.memory.refusal
        if price.notable:
            note(_("{method} trains an encoder. {cost}").format(method=method, cost=price.sentence()))
