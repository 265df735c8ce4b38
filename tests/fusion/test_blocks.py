"""Protects the attention of transformer blocks against torch."""

from __future__ import annotations

import torch

from mmcore.fusion.blocks import SelfAttend
from tests.fusion.made import WIDTH


def test_attention_of_a_transformer_block_is_that_of_torch():
    ours = SelfAttend(WIDTH, 2)
    theirs = torch.nn.MultiheadAttention(WIDTH, 2, batch_first=True)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(ours.turn.weight.T)
        theirs.in_proj_bias.zero_()
        theirs.out_proj.weight.copy_(ours.out.weight.T)
        theirs.out_proj.bias.copy_(ours.out.bias)
    x, mask = torch.randn(3, 5, WIDTH), torch.tensor([[True] * 5, [True] * 3 + [False] * 2, [True] + [False] * 4])
    output, weights = ours(x, mask)
    expected, shown = theirs(x, x, x, key_padding_mask=~mask, average_attn_weights=False)
    assert torch.allclose(output, expected, atol=1e-5) and torch.allclose(weights, shown, atol=1e-5)
