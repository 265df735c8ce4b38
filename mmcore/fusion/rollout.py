"""Attention rollout: how much of every token's content arrives in every token of the last layer."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from mmcore.fusion.attention_maps import AttentionMaps

_LEAST = 1e-9  # so that a share too small to be told from 0 can still be divided by


def rollout(layers: Tensor) -> Tensor:
    """Attention of L layers [..., L, T, T] (heads averaged) -> [..., T, T], rows summing to 1.

    Every layer passes on half of what a token holds already (the residual connection) and half of what it attends to;
    the layers are multiplied. Rows without attention keep what they have. Abnar and Zuidema 2020, Quantifying Attention
    Flow in Transformers, ACL. Paths are counted, not what the values hold: a clue, not a proof.
    """
    still = torch.eye(layers.shape[-1], dtype=layers.dtype, device=layers.device)
    share = still.expand(layers.shape[:-3] + still.shape)
    for layer in layers.unbind(-3):
        step = layer + still
        share = step / step.sum(-1, keepdim=True) @ share
    return share


def laid_back(inputs: Sequence[str], shares: Tensor, pools: Sequence[Tensor], layers: Tensor) -> AttentionMaps[Tensor]:
    """Shares of summaries laid back on inputs and tokens.

    shares: [..., B, M * Q], what counts of every summary, 0 where missing. pools: by input [..., B, Q, N], which
    tokens each of its summaries reads. layers: the self-attention [..., B, L, H, T, T] the shares come from.
    """
    each = shares.unflatten(-1, (len(inputs), -1))
    tokens = [
        normalised((own.clamp_min(_LEAST).unsqueeze(-2) @ pool).squeeze(-2))
        for own, pool in zip(each.unbind(-2), pools, strict=True)
    ]
    return AttentionMaps(
        inputs=normalised(each.sum(-1)),
        tokens=dict(zip(inputs, tokens, strict=True)),
        pools=dict(zip(inputs, pools, strict=True)),
        self_attention=layers,
    )


def normalised(weights: Tensor) -> Tensor:
    """Weights that sum to 1 over the last dimension; all 0 where there is none."""
    return weights / weights.sum(-1, keepdim=True).clamp_min(1e-20)
