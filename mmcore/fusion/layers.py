"""Layers that work for one model and for R stacked replicates of it alike.

Legend: R replicates (absent for a single model), B cases, N tokens, Q queries, H heads, D width.

A module built from these layers, and otherwise only from operations on trailing dimensions, can be trained as R
replicates at once: `stack` puts the parameters of R modules into one whose inputs carry a leading R. The numbers are
those of the R modules trained one by one.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def spread(parameter: Tensor, like: Tensor, trailing: int = 1) -> Tensor:
    """A parameter of `trailing` dimensions, or its stack [R, ...], shaped to broadcast against `like` [(R,) ...]."""
    if parameter.dim() == trailing:
        return parameter
    middle = (1,) * (like.dim() - trailing - 1)
    return parameter.reshape(parameter.shape[0], *middle, *parameter.shape[1:])


class Linear(nn.Module):
    """Affine map on the last dimension: weight [(R,) in, out]."""

    def __init__(self, inside: int, outside: int, bias: bool = True) -> None:
        super().__init__()
        bound = 1 / math.sqrt(max(inside, 1))
        self.weight = nn.Parameter(torch.empty(inside, outside).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(outside).uniform_(-bound, bound)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        if self.weight.dim() == 2:  # x: [..., in]
            return F.linear(x, self.weight.mT, self.bias)
        flat = x.flatten(1, -2)  # [R, rows, in]
        if self.bias is None:
            out = torch.bmm(flat, self.weight)
        else:
            out = torch.baddbmm(self.bias.unsqueeze(1), flat, self.weight)
        return out.unflatten(1, x.shape[1:-1])


class LayerNorm(nn.Module):
    """Normalise the last dimension; weight and bias [(R,) D]."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        x = F.layer_norm(x, x.shape[-1:])
        return torch.addcmul(spread(self.bias, x), x, spread(self.weight, x))


class Dropout(nn.Module):
    """Dropout whose randomness belongs to the replicate, so that stacking changes no number.

    The trainer sets `keep`, [(R,) K] factors (0 or 1 / (1 - rate)) drawn by each replicate's own generator, and moves
    `offset` on every step; without `keep` (or in eval mode) nothing is dropped. How much is dropped is thus the
    trainer's choice (TrainingSpec.dropout), the same in the whole model. Only for activations whose size does not
    depend on how far tokens are padded.
    """

    def __init__(self) -> None:
        super().__init__()
        self.keep: Tensor | None = None
        self.offset = 0

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.keep is None:
            return x
        count = x[0].numel() if self.keep.dim() == 2 else x.numel()
        while self.keep.shape[-1] < 2 * count:
            self.keep = torch.cat([self.keep, self.keep.flip(-1)], -1)
        # The start must not depend on `count`: a batch padded for its neighbours then drops the same entries.
        start = self.offset % (self.keep.shape[-1] // 2)
        return x * self.keep[..., start : start + count].reshape(x.shape)


class Missing(nn.Module):
    """A learnt vector [(R,) D] that stands in where an input is missing."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.vector = nn.Parameter(torch.empty(width).uniform_(-0.1, 0.1))

    def forward(self, x: Tensor, present: Tensor) -> Tensor:
        """x [(R,) B, D], present [(R,) B] bool -> [(R,) B, D]."""
        return torch.where(present.unsqueeze(-1), x, spread(self.vector, x))


class Residual(nn.Module):
    """Residual block: x + dropout(W2 gelu(W1 norm(x))); width kept."""

    def __init__(self, width: int, expansion: int = 2) -> None:
        super().__init__()
        self.norm, self.dropout = LayerNorm(width), Dropout()
        self.up, self.down = Linear(width, expansion * width), Linear(expansion * width, width)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.dropout(self.down(F.gelu(self.up(self.norm(x)), approximate="tanh")))


class Pool(nn.Module):
    """Q learnt queries with H heads each attend to the tokens of one input."""

    def __init__(self, width: int, queries: int, heads: int) -> None:
        super().__init__()
        self.queries, self.heads = queries, heads
        self.score, self.out = Linear(width, queries * heads, bias=False), Linear(heads * width, width)

    def forward(self, values: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """values [(R,) B, N, D], mask [(R,) B, N] -> summaries [(R,) B, Q, D], weights [(R,) B, Q * H, N]."""
        weights = softmax(self.score(values).mT, mask.unsqueeze(-2))
        heads = (weights @ values).unflatten(-2, (self.queries, self.heads))
        return self.out(heads.flatten(-2)), weights


class Attend(nn.Module):
    """Multi-head attention of Q given queries to N tokens.

    Keys and values are projected on the side of the queries ((W_k' q) x equals q (W_k x)), so the cost per token does
    not grow with a projection: with Q * H below N this is the cheaper order.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.out = Linear(width, heads * width, bias=False), Linear(heads * width, width)

    def forward(self, queries: Tensor, values: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """queries [(R,) B, Q, D], values [(R,) B, N, D], mask [(R,) B, N] -> [(R,) B, Q, D], weights [.., Q, H, N]."""
        count, width = queries.shape[-2:]
        turned = self.query(queries).unflatten(-1, (self.heads, width)).flatten(-3, -2)  # [(R,) B, Q * H, D]
        weights = softmax(turned @ values.mT / math.sqrt(width), mask.unsqueeze(-2))
        heads = (weights @ values).unflatten(-2, (count, self.heads))
        return self.out(heads.flatten(-2)), weights.unflatten(-2, (count, self.heads))


def stack(modules: Sequence[nn.Module]) -> nn.Module:
    """One module holding the parameters and buffers of R alike modules, each with a leading R."""
    states = [module.state_dict() for module in modules]
    return filled(modules[0], {name: torch.stack([state[name] for state in states]) for name in states[0]})


def filled(module: nn.Module, state: dict[str, Tensor]) -> nn.Module:
    """A copy of `module` that holds the tensors of `state`, whatever their shape (a leading R, say)."""
    whole = copy.deepcopy(module)
    owners = dict(whole.named_modules())
    for name, value in state.items():
        path, _, leaf = name.rpartition(".")
        owner = owners[path]
        if leaf in owner._parameters:
            owner._parameters[leaf] = nn.Parameter(value)
        else:
            owner._buffers[leaf] = value
    return whole


def mean(values: Tensor, mask: Tensor) -> Tensor:
    """Mean over valid tokens: [..., N, D], [..., N] -> [..., D]; zero where there is none."""
    weight = mask.unsqueeze(-1).to(values.dtype)
    return (values * weight).sum(-2) / weight.sum(-2).clamp_min(1)


def softmax(scores: Tensor, mask: Tensor, dim: int = -1) -> Tensor:
    """Softmax over the valid entries of a dimension; all zero where there is none."""
    scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    return torch.softmax(scores, dim) * mask
