"""Cox models with a ridge penalty: several penalties and several sets of cases fitted at once.

Each minimises the negative logarithm of Cox's (1972) partial likelihood, ties as Breslow has them,

    sum_i weight_i event_i (log sum_(j at risk) weight_j exp(eta_j) - eta_i) + penalty / 2 * |coefficients|^2

(ridge: Verweij and van Houwelingen 1994) by steps of limited length. Its slope is that of the likelihood with Breslow's
hazard put in (see `baseline_hazard`), and the curvature with that hazard held fixed bounds its own, so that every step
leads downwards; steps are found by conjugate gradients for all models at once. Who is at risk follows from the
cumulative hazard z at the end of each case's follow-up, which rises with time. Legend: n cases, r features, G sets of
cases, L penalties, B = G L models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

_STEPS, _LONGEST, _ENOUGH = 25, 1.5, 2e-3  # steps at most; how far eta may move in one; how little is the last one
_WIDEST = 256  # leading components that are fitted: those behind them tell next to nothing
_HIGHEST = 20.0
_INNER, _CLOSE = 20, 1e-2  # gradients of a step at most; what is left of its error, as a share


def fit_hazards(scores: Tensor, target: Tensor, weights: Tensor, penalties: Sequence[float]) -> tuple[Tensor, Tensor]:
    """Coefficients [G, L, r, 1] and levels [G, L, 1] of every set of cases and every penalty.

    With its level added, eta is relative to the hazard that z was made with.

    scores: [n, r] principal components, in the order of `rotated` (the strongest last). target: [n] z, with the sign of
    the signed time. weights: [n, G], every column summing to 1.
    """
    rank, sets, count = scores.shape[1], weights.shape[1], len(penalties)
    cut = max(rank - _WIDEST, 0)
    design = scores[:, cut:].double()
    ridge = torch.tensor(list(penalties)).repeat(sets).expand(design.shape[1], -1).double()  # [r, B]
    weight = weights.double().repeat_interleave(count, 1)  # [n, B]
    at_risk = RiskSets.of(target)
    seen = weight * (target > 0).double().unsqueeze(1)
    here = torch.zeros_like(ridge)
    for _step in range(_STEPS):
        relative = (design @ here).clamp_max(_HIGHEST).exp()
        rate = weight * relative * at_risk.hazard(weight * relative, seen)
        step = _newton_step(design, rate, design.T @ (rate - seen) + ridge * here, ridge)
        moved = (design @ step).abs().max(0).values
        here = here - step * (_LONGEST / moved.clamp_min(_LONGEST))
        if float(moved.max()) < _ENOUGH:
            break
    expected = (weight * (design @ here).clamp_max(_HIGHEST).exp() * target.abs().double().unsqueeze(1)).sum(0)
    level = (seen.sum(0).clamp_min(1e-6) / expected.clamp_min(1e-12)).log()
    slopes = torch.zeros(sets, count, rank, 1)
    slopes[:, :, cut:, 0] = here.T.unflatten(0, (sets, count)).float()
    return slopes, level.float().view(sets, count, 1)


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Who is at risk when. order: [n] cases by rising z; first, last: [n] where those with a case's own z begin, and
    end, in that order."""

    order: Tensor
    first: Tensor
    last: Tensor

    @classmethod
    def of(cls, target: Tensor) -> RiskSets:
        """target: [n] z, with the sign of the signed time."""
        z = target.abs()
        order = z.argsort(stable=True)
        rising = z[order].contiguous()
        first, last = (torch.searchsorted(rising, z.contiguous(), right=right) for right in (False, True))
        return cls(order, first, last - 1)

    def hazard(self, relative: Tensor, seen: Tensor) -> Tensor:
        """[n, B] Breslow's cumulative hazard at each case's own z: weighed relative hazards and events [n, B]."""
        left = relative[self.order].flip(0).cumsum(0).flip(0)[self.first]  # still at risk
        jumps = torch.where(left > 0, seen / left.clamp_min(1e-300), 0.0)
        return jumps[self.order].cumsum(0)[self.last]


def partial_loss(risk: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Negative log of the partial likelihood, a mean over cases: risk [L, n], target [n] as above, weight [n] summing
    to 1 -> [L]. Differentiable in risk."""
    sets = RiskSets.of(target)
    weighed = (risk + weight.clamp_min(1e-30).log())[..., sets.order]
    left = weighed.flip(-1).logcumsumexp(-1).flip(-1)[..., sets.first]
    return ((left - risk) * (target > 0) * weight).sum(-1)


def _newton_step(design: Tensor, rate: Tensor, slope: Tensor, ridge: Tensor) -> Tensor:
    """What the curvature design' diag(rate) design + ridge turns into the slope [r, B]."""
    scale = design.square().T @ rate + ridge
    step, left = torch.zeros_like(slope), slope
    eased = left / scale
    along, size = eased, (left * eased).sum(0)
    goal = size * _CLOSE**2
    for _inner in range(_INNER):
        bent = design.T @ (rate * (design @ along)) + ridge * along
        far = size / (along * bent).sum(0).clamp_min(1e-300)
        step, left = step + far * along, left - far * bent
        eased = left / scale
        following = (left * eased).sum(0)
        if bool((following <= goal).all()):
            break
        along, size = eased + following / size.clamp_min(1e-300) * along, following
    return step
