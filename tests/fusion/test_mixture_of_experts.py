"""Protects that experts count as far as the router says."""

from __future__ import annotations

import torch

from tests.fusion.made import made, vectors


def test_experts_answer_as_far_as_the_router_hears_them():
    fusion, given = made("mixture_of_experts", ("a", "b")), vectors("a", "b")
    x = torch.cat([given[name].values[:, 0] for name in "ab"], -1)
    hidden = torch.nn.functional.gelu(fusion.hear(x), approximate="tanh").unflatten(-1, (4, -1))
    last = fusion.say.weight.unflatten(0, (4, -1))
    experts = torch.einsum("beh,ehd->bed", hidden, last)
    fused = fusion(given)
    output = (fused.attention.experts.unsqueeze(-1) * experts).sum(1) + fusion.say.bias
    assert torch.allclose(fused.vector, output, atol=1e-5)
