"""Protects what papers claim: additive methods cannot tell what only two inputs together tell; the others can.

Every method is followed by nothing but a linear map, so that it is the fusion that is tested: with the trunk of the
whole model behind it, an additive fusion learns combinations too (see the test of the trunk).
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from mmcore.base.values import Tokens
from mmcore.fusion import fusions
from mmcore.fusion.layers import Linear, Residual
from tests.fusion.generated import Generated, generated

ADDITIVE = {"concat", "mean", "sum", "late", "late_learnt"}
PARTLY = {"modality_attention"}  # weights of two inputs bend the plane, and a weighted mean is all it can make of them
CASES, WIDTH = 400, 8
every_fusion = pytest.mark.parametrize("name", list(fusions))


@pytest.fixture(autouse=True)
def one_thread():
    """Steps this small are not worth sharing."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def accuracy(name: str, data: Generated, *, steps: int = 60, trunk: bool = False, inputs=None) -> float:
    """Share of cases not trained on (half of all) that the fusion and a linear map call rightly."""
    inputs = inputs or tuple(data.values)
    torch.manual_seed(0)
    fusion, head = fusions[name](inputs, WIDTH), Linear(WIDTH, 1)
    model = torch.nn.Sequential(Residual(WIDTH), head) if trunk else head
    target, half = torch.from_numpy(data.target).float(), len(data.target) // 2
    train, test = (
        {k: Tokens(v[rows].unsqueeze(1), torch.ones(half, 1, dtype=torch.bool)) for k, v in tensors(data).items()}
        for rows in (slice(half), slice(half, None))
    )
    stepper = torch.optim.AdamW([*fusion.parameters(), *model.parameters()], lr=0.03, weight_decay=0.01)
    for _step in range(steps):
        stepper.zero_grad()
        binary_cross_entropy_with_logits(model(fusion(train).vector).squeeze(-1), target[:half]).backward()
        stepper.step()
    with torch.no_grad():
        output = model(fusion.eval()(test).vector).squeeze(-1) > 0
    return float((output == target[half:].bool()).float().mean())


def tensors(data: Generated) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(values) for name, values in data.values.items()}


@every_fusion
def test_pure_synergy_is_beyond_additive_methods_and_within_reach_of_the_others(name):
    reached = accuracy(name, generated(CASES, synergy=8, seed=1))
    if name in ADDITIVE:
        assert reached < 0.7
    else:
        assert reached > (0.65 if name in PARTLY else 0.9)


@every_fusion
def test_what_all_inputs_know_is_learnt_by_every_method(name):
    assert accuracy(name, generated(CASES, redundant=8, seed=1), steps=30) > 0.9


@every_fusion
def test_what_each_input_knows_alone_is_added_up_by_every_method(name):
    """Two of three signs outvote the third, so no input alone comes near all of them."""
    data = generated(CASES, unique={"a": 6, "b": 6, "c": 6}, inputs=("a", "b", "c"), seed=2)
    assert accuracy(name, data, steps=50) > 0.85
    assert accuracy("concat", data, inputs=("a",)) < 0.8


def test_synergy_needs_all_inputs():
    data = generated(CASES, synergy=8, seed=1)
    assert all(accuracy("mlp", data, inputs=(name,)) < 0.65 for name in data.values)


@pytest.mark.parametrize(("name", "low", "high"), [("tensor", 0.9, 1), ("low_rank", 0.9, 1), ("concat", 0, 0.65)])
def test_a_product_of_three_inputs(name, low, high):
    """What no two of three inputs tell: the tensor methods hold the product of all three."""
    data = generated(2 * CASES, synergy=8, inputs=("a", "b", "c"), seed=3)
    assert low <= accuracy(name, data, steps=100) <= high


@pytest.mark.parametrize("name", ["concat", "mean"])
def test_the_trunk_behind_an_additive_fusion_learns_combinations(name):
    assert accuracy(name, generated(CASES, synergy=8, seed=1), steps=120, trunk=True) > 0.9


def test_the_generator_draws_what_it_says():
    data = generated(4000, unique={"a": 1.5}, redundant=1, synergy=2, seed=0)
    assert abs(data.target.mean() - data.probability.mean()) < 0.03
    odds = np.log(data.probability / (1 - data.probability))
    assert set(np.round(np.unique(np.round(odds, 6)), 1)) == {-4.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 4.5}
    assert data.values["a"].shape == (4000, 8)
