"""What the prediction of one case rests on by one attribution, how far to trust it, and if attention says the same.

N tokens of an input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from mmcore.base.settings import _
from mmcore.explain.attribution import Attribution, attribute, attributors
from mmcore.explain.tests.judge import agreement, rank_correlation
from mmcore.explain.token_weights import attended
from mmcore.training.panel import Reading

AT_ONCE = 4_000_000  # numbers that nobody need be asked to wait for: about 0.3 s on one core
_CLOSE, _FAR = 0.01, 0.05  # shares of the score left unexplained
_RANKED = 5  # tokens of one input below which their order is a matter of chance
_HARDLY = 0.05  # a change of the score too small to take shares of


@dataclass(frozen=True, eq=False)
class Basis:
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


def basis(reading: Reading, by: str) -> Basis:
    """What the first case rests on. Raises NotFound or Unavailable for the way."""
    one = attribute(reading[0:1], [by])[by][0]
    unit = _("in the target's unit") if reading.panel.task.name == "regression" else _("log-odds")
    looks = attended(reading[0:1])
    if looks is None:
        return Basis(one, unit)
    look = looks[0]
    compares = attributors[by].signed  # else values compare within one input only
    overall = agreement(look, {by: one})[by] if compares else float("nan")
    within = {}
    if look.level == "tokens":
        ranked = [name for name, values in one.values.items() if len(values) >= _RANKED]
        within = {name: rank_correlation(look.values[name], np.abs(one.values[name])) for name in ranked}
    return Basis(one, unit, look.level, overall, within)


def effort(reading: Reading, by: str) -> int:
    """Numbers that the model reads to attribute one case this way; compare with `AT_ONCE`."""
    return reading.size * attributors.usable(by)().passes(reading)


def trust(basis: Basis) -> str:
    """How far an attribution accounts for the score, in plain words."""
    one, unit = basis.attribution, basis.unit
    if np.isnan(one.delta):
        return _("It tells where, not for or against, and compares places of one input only.")
    added = sum(one.inputs.values())
    if not attributors[one.by].adds_up:
        return _(
            "Its values need not add up: together they come to {added:+.2f}, while all inputs together change the "
            "score by {total:+.2f} {unit}. Read their order, not their sum; tokens that say the same stand in for each "
            "other."
        ).format(added=added, total=one.total, unit=unit)
    delta = f"{one.delta:+.3f}" if abs(one.delta) >= 0.001 else _("less than 0.001")
    gap = f"{one.gap:.1%}" if one.gap >= 0.001 else _("less than 0.1%")
    if abs(one.total) < _HARDLY:
        return _(
            "The score hardly differs from that of an average case ({total:+.2f} {unit}), so the values cancel out; "
            "convergence delta {delta}."
        ).format(total=one.total, unit=unit, delta=delta)
    told = _(
        "From an average case to this one the score changes by {total:+.2f} {unit}; the values add up to {added:+.2f}. "
        "The rest, the convergence delta of {delta}, is {gap} of it: {verdict}"
    )
    verdict = (
        _("nothing is lost.")
        if one.gap < _CLOSE
        else _("close enough.")
        if one.gap < _FAR
        else _("read the values with care, the model bends too sharply for this many steps.")
    )
    return told.format(total=one.total, unit=unit, added=added, delta=delta, gap=gap, verdict=verdict)
