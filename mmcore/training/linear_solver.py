"""Linear models with a ridge penalty: several penalties and several sets of cases fitted at once.

Logistic (binary, and each label of several), multinomial (multiclass), least squares (regression) or proportional
hazards (survival, see `cox_solver`), each minimising

    sum_i weight_i loss_i / sum_i weight_i + penalty / 2 * |coefficients|^2        (the intercept is free)

by accelerated gradient steps in the basis of the principal components, where the curvature is bounded by a diagonal
(Boehning 1992, "Multinomial logistic regression algorithm"; Nesterov's momentum with restarts, O'Donoghue & Candes
2015). A hundred models of a thousand cases then take some hundredths of a second.

Legend: n cases, C features, G sets of cases, L penalties, O outputs.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from mmcore.training.cox_solver import fit_hazards

_STEPS, _ENOUGH = 100, 1e-7  # steps at most, and what the next one must gain (nats a case) for it to be taken
_CHECK = 5  # steps between two looks at it
_CURVATURE = {
    "binary": 0.25,
    "multiclass": 0.5,
    "multilabel": 0.25,
    "regression": 1.0,
}  # bounds of the second derivative of the loss


def rotated(features: Tensor, weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Principal components of centred features [n, C]: scores [n, r], axes [C, r] and power [r].

    weight: [n], summing to 1. features = scores @ axes.T.
    """
    n, width = features.shape
    exact = features.double()  # the weakest components are rounding otherwise, and steps along them far too long
    weighed = exact * weight.double().sqrt().unsqueeze(1)
    if n < width:
        power, left = torch.linalg.eigh(weighed @ weighed.T)
        usable = power > 1e-9 * power[-1].clamp_min(1e-30)
        power, left = power[usable], left[:, usable]
        axes = weighed.T @ left / power.sqrt()
    else:
        power, axes = torch.linalg.eigh(weighed.T @ weighed)
        power = power.clamp_min(0)
    return (exact @ axes).float(), axes.float(), power.float()


def fit_linear(
    task: str, scores: Tensor, power: Tensor, target: Tensor, weights: Tensor, penalties: Sequence[float]
) -> tuple[Tensor, Tensor]:
    """Coefficients [G, L, r, O] and intercepts [G, L, O] of every set of cases and every penalty.

    task: its name. scores [n, r], power [r]: from `rotated`. target: [n, O] (0 or 1, one column a class, or values as
    losses want them). weights: [n, G] of each case in each set, every column summing to 1; the first set is
    the whole that `power` was taken from, the others are parts of it.
    """
    if task == "survival":
        return fit_hazards(scores, target[:, 0], weights, penalties)
    sets, outputs, rank = weights.shape[1], target.shape[1], scores.shape[1]
    # A case weighs more in a part than in the whole: a part's curvature is at most so many times the whole's. Without
    # this the steps are too long where inner folds are few, and the coefficients grow without bound.
    larger = (weights / weights[:, :1].clamp_min(1e-30)).max(0).values
    design = torch.cat([scores, torch.ones(len(scores), 1)], 1)
    ridge = torch.tensor(list(penalties)).view(1, -1, 1).expand(sets, -1, rank)
    ridge = torch.cat([ridge, torch.zeros(sets, len(penalties), 1)], -1)  # [G, L, r + 1]
    curvature = torch.cat([power, torch.ones(1)]).view(1, 1, -1) * larger.view(-1, 1, 1) * _CURVATURE[task]
    bound = (1.05 * curvature + ridge).clamp_min(1e-8).unsqueeze(-1)
    shape = (sets, len(penalties), rank + 1, outputs)

    def gradient(at: Tensor) -> Tensor:
        logits = design @ at.permute(2, 0, 1, 3).flatten(1)  # [n, G * L * O]
        residual = _residual(task, logits.unflatten(1, (sets, -1, outputs)), target)
        residual = residual * weights.unsqueeze(-1).unsqueeze(-1)
        slope = (design.T @ residual.flatten(1)).unflatten(1, (sets, -1, outputs)).permute(1, 2, 0, 3)
        return slope + ridge.unsqueeze(-1) * at

    here = ahead = torch.zeros(shape)
    momentum = torch.ones(sets, len(penalties), 1, 1)
    for step in range(_STEPS):
        slope = gradient(ahead)
        if step % _CHECK == _CHECK - 1 and bool((slope.square() / bound).sum((2, 3)).max() < 2 * _ENOUGH):
            break
        following = ahead - slope / bound
        uphill = (slope * (following - here)).sum((2, 3), keepdim=True) > 0
        momentum = torch.where(uphill, 1.0, momentum)
        faster = (1 + (1 + 4 * momentum**2).sqrt()) / 2
        ahead = following + torch.where(uphill, 0.0, (momentum - 1) / faster) * (following - here)
        here, momentum = following, faster
    return here[:, :, :-1], here[:, :, -1]


def _residual(task: str, logits: Tensor, target: Tensor) -> Tensor:
    """Derivative of the loss by the logits [n, G, L, O]."""
    wanted = target[:, None, None]
    if task in ("binary", "multilabel"):
        return torch.sigmoid(logits) - wanted
    return (torch.softmax(logits, -1) if task == "multiclass" else logits) - wanted
