"""Protects that the gates of two inputs are those of the paper."""

from __future__ import annotations

import torch

from mmcore.base.values import Tokens
from tests.fusion.made import WIDTH, made


def test_gates_of_two_inputs_are_those_of_the_paper():
    fusion = made("gated", ("a", "b"))
    x = {k: Tokens(torch.randn(4, 1, WIDTH), torch.ones(4, 1, dtype=torch.bool)) for k in ("a", "b")}
    both = torch.cat([x["a"].values[:, 0], x["b"].values[:, 0]], -1)
    first, second = (both @ fusion.gate.weight + fusion.gate.bias).chunk(2, -1)
    z = torch.sigmoid(first - second)
    output = [torch.tanh(say(x[k].values[:, 0])) for say, k in zip(fusion.say, ("a", "b"), strict=True)]
    assert torch.allclose(fusion(x).vector, z * output[0] + (1 - z) * output[1], atol=1e-6)
