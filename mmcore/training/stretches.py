"""Tokens of a case as a few numbers: their mean, or mean and spread of equal stretches of them.

An average over a signal's tokens forgets what comes when and how much it changes; mean and spread of three stretches
keep some of both at six times the width.

Legend: V variants of a case, N tokens, D width, S stretches, P = D, or 2 S D where there are several stretches.
"""

from __future__ import annotations

import torch
from torch import Tensor

_TINY = 1e-12


def weights(keep: Tensor, stretches: int) -> Tensor:
    """[..., S, V, N] weight of each token in the mean of each stretch of the tokens kept [..., V, N] bool.

    Stretches are equal parts of the tokens that are left; of fewer tokens than stretches some recur.
    """
    count, rank = keep.sum(-1, keepdim=True), keep.long().cumsum(-1) - 1
    parts = []
    for number in range(stretches):
        start = (number * count).div(stretches, rounding_mode="floor")
        end = torch.maximum(((number + 1) * count).div(stretches, rounding_mode="floor"), start + 1)
        parts.append(keep & (rank >= start) & (rank < end))
    within = torch.stack(parts, -3).float()
    return within / within.sum(-1, keepdim=True).clamp_min(1)


def pool(values: Tensor, keep: Tensor, stretches: int) -> Tensor:
    """[..., N, D] and what is kept [..., V, N] bool -> [..., V, P]; zero where nothing is kept. Differentiable."""
    if stretches == 1:
        share = keep.to(values.dtype)
        return (share / share.sum(-1, keepdim=True).clamp_min(1)) @ values
    weight = weights(keep, stretches)
    middle = values.mean(-2, keepdim=True)  # of padding too: any will do, it only keeps the squares small
    apart = (values - middle).unsqueeze(-3)
    mean = weight @ apart  # [..., S, V, D]
    spread = ((weight @ apart.square()) - mean.square()).clamp_min(0).add(_TINY).sqrt()
    both = torch.cat([mean + middle.unsqueeze(-3), spread], -1) * keep.any(-1)[..., None, :, None]
    return both.movedim(-3, -2).flatten(-2)


def shares(values: Tensor, mask: Tensor, stretches: int) -> tuple[Tensor, Tensor]:
    """What each token adds to the pooled numbers of its case, [..., N, P], and how much of each it is, [..., N, P].

    The former sum to `pool(values, mask, stretches)`, the latter to 1 wherever anything is there.
    """
    weight = weights(mask.unsqueeze(-2), stretches).squeeze(-2).unsqueeze(-1)  # [..., S, N, 1]
    whole = weight.expand(*weight.shape[:-1], values.shape[-1])
    each = weight * values.unsqueeze(-3)
    if stretches > 1:
        apart = (values.unsqueeze(-3) - each.sum(-2, keepdim=True)).square() * weight
        spread = apart.sum(-2, keepdim=True).add(_TINY).sqrt()
        each, whole = torch.cat([each, apart / spread], -1), torch.cat([whole, whole], -1)
    return each.movedim(-3, -2).flatten(-2), whole.movedim(-3, -2).flatten(-2)
