"""Blocks that the attention methods share: transformer blocks over short sequences, and tokens summed up beforehand.

Legend: R replicates (absent for a single model), B cases, M inputs, N tokens, Q summaries per input, T length of a
sequence, H heads, L layers, D width. Everything works for one model and for R stacked replicates alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from mmcore.base.values import Tokens
from mmcore.fusion.base import vector
from mmcore.fusion.layers import LayerNorm, Linear, Pool, Residual, softmax, spread


class SelfAttend(nn.Module):
    """Multi-head self-attention of a sequence."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads, self.size = heads, -(-width // heads)
        self.turn = Linear(width, 3 * heads * self.size, bias=False)
        self.out = Linear(heads * self.size, width)

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """x [(R,) B, T, D], mask [(R,) B, T] -> [(R,) B, T, D], weights [(R,) B, H, T, T]."""
        turned = self.turn(x).unflatten(-1, (3, self.heads, self.size)).transpose(-4, -2)  # [(R,) B, H, 3, T, size]
        query, key, value = turned.unbind(-3)
        weights = softmax(query @ key.mT / math.sqrt(self.size), mask[..., None, None, :])
        return self.out((weights @ value).transpose(-3, -2).flatten(-2)), weights


class TransformerBlock(nn.Module):
    """Transformer block, normalised first: self-attention, then a small network, each added to what was there."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm, self.attend, self.think = LayerNorm(width), SelfAttend(width, heads), Residual(width)

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        mixed, weights = self.attend(self.norm(x), mask)
        return self.think(x + mixed), weights


class Blocks(nn.Module):
    """L transformer blocks, one after the other."""

    def __init__(self, width: int, layers: int, heads: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(TransformerBlock(width, heads) for _ in range(layers))

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """x [(R,) B, T, D], mask [(R,) B, T] -> [(R,) B, T, D], weights [(R,) B, L, H, T, T], 0 for missing tokens."""
        maps = []
        for block in self.blocks:
            x, weights = block(x, mask)
            maps.append(weights)
        return x, torch.stack(maps, -4) * mask[..., None, None, :, None]


class Summaries(nn.Module):
    """Every input's tokens summed up in Q by attention pooling, with an embedding that tells of which input."""

    def __init__(self, inputs: int, width: int, queries: int) -> None:
        super().__init__()
        self.queries = queries
        self.pool = nn.ModuleList(Pool(width, queries, 1) for _ in range(inputs))
        self.embedding = nn.Parameter(torch.randn(inputs * queries, width) * 0.1)

    def forward(self, parts: Sequence[Tokens]) -> tuple[Tensor, Tensor, list[Tensor]]:
        """Tokens of M inputs -> summaries [(R,) B, M * Q, D], mask [(R,) B, M * Q], by input weights [(R,) B, Q, N]."""
        pooled = [pool(part.values, part.mask) for pool, part in zip(self.pool, parts, strict=True)]
        summaries = torch.cat([summary for summary, _weights in pooled], -2)
        mask = presence(parts).repeat_interleave(self.queries, -1)
        return (
            summaries + spread(self.embedding, summaries, trailing=2),
            mask,
            [weights for _summary, weights in pooled],
        )


def extended(sequence: Tensor, mask: Tensor, learnt: Tensor) -> tuple[Tensor, Tensor]:
    """A sequence [(R,) B, T, D] and its mask with learnt tokens, a parameter [(R,) K, D], at the end."""
    added = spread(learnt, sequence, trailing=2).expand(*sequence.shape[:-2], *learnt.shape[-2:])
    return torch.cat([sequence, added], -2), torch.nn.functional.pad(mask, (0, learnt.shape[-2]), value=True)


def side_by_side(inputs: Sequence[str], tokens: Mapping[str, Tokens], missing: nn.ModuleList) -> Tensor:
    """[(R,) B, M * D]: one vector per input, a learnt one where it is missing."""
    return torch.cat(
        [fill(vector(tokens[name]), tokens[name].present) for name, fill in zip(inputs, missing, strict=True)], -1
    )


def stacked(parts: Sequence[Tensor], present: Tensor) -> Tensor:
    """Vectors of M inputs as [(R,) B, M, D], 0 where missing."""
    return torch.stack(list(parts), -2) * present.unsqueeze(-1)


def presence(parts: Sequence[Tokens]) -> Tensor:
    """[(R,) B, M] bool: which inputs a case has."""
    return torch.stack([part.present for part in parts], -1)


def shares(present: Tensor) -> Tensor:
    """[..., M], 0 or 1 -> [..., M]: the same share for every input present, 1 in all; 0 where nothing is."""
    return present / present.sum(-1, keepdim=True).clamp_min(1)
