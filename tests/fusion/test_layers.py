"""Protects layers that must give the same numbers for one model and for a stack of replicates."""

from __future__ import annotations

import torch

from mmcore.fusion.layers import Attend, Dropout, LayerNorm, Linear, Missing, Pool, Residual, mean, softmax, stack


def test_layers_stack(make=None):
    x = torch.randn(3, 5, 4, 8)
    for kind in (lambda: Linear(8, 6), lambda: Linear(8, 6, bias=False), lambda: LayerNorm(8), lambda: Residual(8)):
        parts = [kind() for _ in range(3)]
        assert torch.allclose(stack(parts)(x), torch.stack([p(v) for p, v in zip(parts, x, strict=True)]), atol=1e-5)


def test_layer_norm_and_linear_are_those_of_torch():
    x, ours, theirs = torch.randn(4, 8), Linear(8, 3), torch.nn.Linear(8, 3)
    theirs.load_state_dict({"weight": ours.weight.mT, "bias": ours.bias})
    assert torch.allclose(ours(x), theirs(x), atol=1e-6)
    assert torch.allclose(LayerNorm(8)(x), torch.nn.LayerNorm(8)(x), atol=1e-5)


def test_attend_is_scaled_dot_product_attention():
    attend, q, x = Attend(8, 1), torch.randn(2, 3, 8), torch.randn(2, 6, 8)
    mask = torch.tensor([[True] * 6, [True] * 2 + [False] * 4])
    got, weights = attend(q, x, mask)
    want = torch.nn.functional.scaled_dot_product_attention(attend.query(q), x, x, attn_mask=mask.unsqueeze(1))
    assert torch.allclose(got, attend.out(want), atol=1e-5)
    assert weights.shape == (2, 3, 1, 6) and weights[1, :, :, 2:].abs().sum() == 0


def test_pool_shapes():
    summary, weights = Pool(8, 2, 3)(torch.randn(4, 5, 8), torch.ones(4, 5, dtype=torch.bool))
    assert summary.shape == (4, 2, 8) and weights.shape == (4, 6, 5)


def test_missing_stands_in_only_where_missing():
    x, present = torch.randn(3, 4), torch.tensor([True, False, True])
    fill = Missing(4)
    assert torch.equal(fill(x, present)[1], fill.vector) and torch.equal(fill(x, present)[0], x[0])


def test_dropout_belongs_to_the_replicate():
    layer = Dropout()
    x = torch.ones(2, 3, 4)
    assert torch.equal(layer(x), x)
    layer.keep = (torch.rand(2, 1000) > 0.5) * 2.0
    together = layer(x)
    alone = Dropout()
    alone.keep = layer.keep[1]
    assert torch.equal(together[1], alone(x[1])) and set(together.unique().tolist()) == {0.0, 2.0}
    longer = layer(torch.ones(2, 5, 4))  # padding a batch leaves the others' noise alone
    assert torch.equal(longer[:, :3], together)
    assert layer(torch.ones(2, 40, 40)).shape == (2, 40, 40)  # more than the noise at hand
    layer.eval()
    assert torch.equal(layer(x), x)


def test_masked_mean_and_softmax():
    values, mask = torch.arange(6.0).reshape(1, 3, 2), torch.tensor([[True, True, False]])
    assert mean(values, mask).tolist() == [[1.0, 2.0]]
    assert mean(values, torch.zeros(1, 3, dtype=torch.bool)).abs().sum() == 0
    assert softmax(torch.zeros(1, 3), mask).tolist() == [[0.5, 0.5, 0.0]]
    assert softmax(torch.zeros(1, 3), torch.zeros(1, 3, dtype=torch.bool)).sum() == 0
