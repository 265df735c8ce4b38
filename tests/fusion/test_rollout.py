"""Protects attention rollout against small examples worked out by hand."""

from __future__ import annotations

import torch

from mmcore.fusion.rollout import laid_back, normalised, rollout


def test_without_layers_every_token_is_itself():
    assert torch.equal(rollout(torch.zeros(2, 3, 4, 4)), torch.eye(4).expand(2, 4, 4))


def test_one_layer_is_half_attention_and_half_what_was_there():
    attention = torch.tensor([[[0.0, 1.0], [0.5, 0.5]]])
    assert torch.allclose(rollout(attention), torch.tensor([[0.5, 0.5], [0.25, 0.75]]))


def test_layers_are_multiplied_and_rows_stay_shares():
    attention = torch.softmax(torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(0)), -1)
    first, second, third = ((attention[:, i] + torch.eye(4)) / 2 for i in range(3))
    assert torch.allclose(rollout(attention), third @ second @ first, atol=1e-6)
    assert torch.allclose(rollout(attention).sum(-1), torch.ones(2, 4))


def test_shares_of_summaries_are_laid_back_on_tokens():
    """Two summaries of `a` read one token each; the first counts three times as much. `b` is missing."""
    shares = torch.tensor([[0.6, 0.2, 0.0, 0.0]])
    pools = [torch.tensor([[[1.0, 0.0], [0.0, 1.0]]]), torch.zeros(1, 2, 3)]
    layers = torch.zeros(1, 1, 1, 4, 4)
    maps = laid_back(("a", "b"), shares, pools, layers)
    assert torch.allclose(maps.inputs, torch.tensor([[1.0, 0.0]]))
    assert torch.allclose(maps.tokens["a"], torch.tensor([[0.75, 0.25]]), atol=1e-6)
    assert maps.tokens["b"].tolist() == [[0.0, 0.0, 0.0]] and maps.pools["a"] is pools[0]
    assert maps.self_attention is layers


def test_nothing_stays_nothing():
    assert normalised(torch.zeros(2, 3)).tolist() == [[0.0] * 3] * 2
