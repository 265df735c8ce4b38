"""Protects the model: any inputs, learnt encoder parts, late decisions, and weights that follow from a seed."""

from __future__ import annotations

import torch
from torch import nn

from mmcore.base.values import Tokens
from mmcore.fusion import fusions
from mmcore.training.model import build

DIMS = {"ecg": 6, "labs": 3}


class Recurrent(nn.Module):
    """A learnt encoder part."""

    dims = 4

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.GRU(6, 4, batch_first=True)

    def forward(self, tokens: Tokens) -> Tokens:
        return Tokens(self.inner(tokens.values)[0], tokens.mask)


def made(name: str, seed: int = 0, **more):
    return build(DIMS, lambda: fusions[name](tuple(DIMS), 8), 1, seed=seed, **more)


def given(tokens: int = 5) -> dict[str, Tokens]:
    chance = torch.Generator().manual_seed(0)
    return {
        k: Tokens(torch.randn(4, tokens, d, generator=chance), torch.ones(4, tokens, dtype=torch.bool))
        for k, d in DIMS.items()
    }


def test_a_seed_decides_the_weights_and_leaves_torch_alone():
    before = torch.random.get_rng_state()
    a, b, c = made("mlp"), made("mlp"), made("mlp", seed=1)
    assert torch.equal(before, torch.random.get_rng_state())
    assert all(torch.equal(x, y) for x, y in zip(a.parameters(), b.parameters(), strict=True))
    assert any(not torch.equal(x, y) for x, y in zip(a.parameters(), c.parameters(), strict=True))


def test_a_vectors_fusion_reads_the_mean_of_tokens():
    model, tokens = made("concat").eval(), given()
    means = {k: Tokens(t.values.mean(1, keepdim=True), t.mask[:, :1]) for k, t in tokens.items()}
    assert torch.allclose(model(tokens).outputs, model(means).outputs, atol=1e-5)


def test_a_learnt_part_is_trained_with_the_rest():
    for name in ("concat", "cross_attention"):
        model = made(name, modules={"ecg": Recurrent})
        answer = model(given())
        answer.outputs.sum().backward()
        assert answer.outputs.shape == (4, 1)
        assert all(p.grad.abs().sum() > 0 for p in model.learnt.parameters())


def test_late_fusion_averages_decisions():
    answer = made("late").eval()(given())
    assert set(answer.each) == set(DIMS)
    assert torch.allclose(answer.outputs, (answer.each["ecg"] + answer.each["labs"]) / 2, atol=1e-5)
