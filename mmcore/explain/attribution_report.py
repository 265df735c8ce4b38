"""What the prediction of one case rests on by one attribution, how far to trust it, and if attention says the same.

N tokens of an input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from mmcore.base.score_digits import effect_digits
from mmcore.base.settings import _
from mmcore.base.signed_numbers import signed
from mmcore.explain.attribution import COMPLETE, HARDLY, Attribution, attribute, attributors
from mmcore.explain.tests.agreement import agreement, rank_correlation
from mmcore.explain.token_weights import token_weights
from mmcore.training.panel import PanelReading

AT_ONCE = 4_000_000  # numbers that nobody need be asked to wait for: about 0.3 s on one core
_FAR = 0.05  # share of the score left unexplained from which values are to be read with care
_RANKED = 5  # tokens of one input below which their order is a matter of chance


@dataclass(frozen=True, eq=False)
class AttributionReport:
    """An attribution of one case beside the attention of the same replicates.

    agreement: rank correlation of attention with the size of the attribution, over all tokens or, of a method that
    weighs only inputs, over inputs (`level`); nan where there is nothing to rank, level None without attention.
    within: input -> the same within one input, for methods that weigh tokens, where it has several. unit: what the
    values are counted in.
    """

    attribution: Attribution
    unit: str
    level: str | None = None
    agreement: float = float("nan")
    within: Mapping[str, float] = field(default_factory=dict)


def report_attribution(reading: PanelReading, by: str) -> AttributionReport:
    """What the first case rests on. Raises NotFound or Unavailable for the way."""
    attribution = attribute(reading[0:1], [by])[by][0]
    units = {"regression": _("in the target's unit"), "survival": _("log-hazard")}
    unit = units.get(reading.panel.task.name, _("log-odds"))
    weights = token_weights(reading[0:1])
    if weights is None:
        return AttributionReport(attribution, unit)
    attention = weights[0]
    compares = attributors[by].signed  # else values compare within one input only
    overall = agreement(attention, {by: attribution})[by] if compares else float("nan")
    within = {}
    if attention.level == "tokens":
        ranked = [name for name, values in attribution.values.items() if len(values) >= _RANKED]
        within = {name: rank_correlation(attention.values[name], np.abs(attribution.values[name])) for name in ranked}
    return AttributionReport(attribution, unit, attention.level, overall, within)


def effort(reading: PanelReading, by: str) -> int:
    """Numbers that the model reads to attribute one case this way; compare with `AT_ONCE`."""
    return reading.size * attributors.usable(by)().passes(reading)


def trust(report: AttributionReport) -> str:
    """How far an attribution accounts for the score, in plain words."""
    attribution, unit = report.attribution, report.unit
    if np.isnan(attribution.delta):
        return _(
            "This explanation shows only what counts for the answer, not what counts against it. It compares places "
            "within one input only."
        )
    digits = effect_digits(attribution.total)
    total, added = signed(attribution.total, digits), signed(sum(attribution.inputs.values()), digits)
    if not attributors[attribution.by].adds_up:
        return _(
            "These values need not add up: together they come to {added}, while all inputs together "
            "change the score by {total} {unit}. Read their order, not their sum; tokens with the same "
            "content stand in for each other."
        ).format(added=added, total=total, unit=unit)
    delta = signed(attribution.delta) if abs(attribution.delta) >= 0.001 else _("less than 0.001")
    gap = f"{attribution.gap:.1%}" if attribution.gap >= 0.001 else _("less than 0.1%")
    if abs(attribution.total) < HARDLY:
        return _(
            "The score hardly differs from that of an average case ({total} {unit}), so the values cancel "
            "out. What they leave unexplained (convergence delta): {delta}."
        ).format(total=total, unit=unit, delta=delta)
    sentence = _(
        "From an average case to this one, the score changes by {total} {unit}; the values add up to "
        "{added}. What they leave unexplained (convergence delta, {delta}) is {gap} of the change: {verdict}"
    )
    verdict = (
        _("next to nothing.")
        if attribution.gap < COMPLETE
        else _("close enough.")
        if attribution.gap < _FAR
        else _(
            "read the values with care. The model reacts so abruptly that even {steps} steps between the two "
            "cases are too few."
        ).format(steps=attribution.steps)
    )
    return sentence.format(total=total, unit=unit, added=added, delta=delta, gap=gap, verdict=verdict)
