"""Protects products of inputs against the papers: tensor fusion, bounded, and its low-rank and bilinear forms."""

from __future__ import annotations

import pytest
import torch

from mmcore.base.errors import BadInput
from mmcore.fusion import fusions
from mmcore.fusion.tensor import features_within
from tests.fusion.made import CASES, WIDTH, made, vectors


def test_tensor_fusion_is_the_outer_product_of_the_paper():
    fusion, given = made("tensor", ("a", "b")), vectors("a", "b")
    first, second = (
        torch.cat([torch.tanh(turn(given[name].values[:, 0])), torch.ones(CASES, 1)], -1)
        for name, turn in zip("ab", fusion.turn, strict=True)
    )
    product = torch.einsum("bi,bj->bij", first, second).flatten(1)
    assert torch.allclose(fusion(given).vector, fusion.mix(product), atol=1e-6)


def test_the_outer_product_stays_bounded_however_many_inputs():
    assert [features_within(count, 1024, 64) for count in (1, 2, 3, 4, 5, 10)] == [64, 31, 9, 4, 3, 1]
    with pytest.raises(BadInput, match="low_rank"):
        fusions["tensor"]([f"i{i}" for i in range(15)], WIDTH)


def test_low_rank_fusion_is_the_tensor_fusion_whose_weights_its_factors_make():
    """Liu et al., equations 3 to 6: W = sum over ranks of the outer product of the factors, on [x; 1]."""
    fusion, given = made("low_rank", ("a", "b")), vectors("a", "b")
    a, b = (torch.cat([given[name].values[:, 0], torch.ones(CASES, 1)], -1) for name in "ab")
    first, second = (
        torch.cat([factor.weight, factor.bias[None]]).unflatten(-1, (-1, WIDTH)) for factor in fusion.factors
    )
    whole = torch.einsum("r,ird,jrd->ijd", fusion.weight[:, 0], first, second)
    output = torch.einsum("bi,bj,ijd->bd", a, b, whole) + fusion.bias
    assert torch.allclose(fusion(given).vector, output, atol=1e-5)


def test_bilinear_fusion_multiplies_pairs():
    fusion, given = made("bilinear", ("a", "b", "c")), vectors("a", "b", "c")
    u = [torch.tanh(turn(given[name].values[:, 0])) for name, turn in zip("abc", fusion.turn, strict=True)]
    products = torch.cat([u[0] * u[1], u[0] * u[2], u[1] * u[2]], -1)
    alone = fusion.say(torch.cat([given[name].values[:, 0] for name in "abc"], -1))
    assert torch.allclose(fusion(given).vector, alone + fusion.multiply(products), atol=1e-6)
