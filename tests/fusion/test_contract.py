"""Protects the contract every fusion method keeps, swept over the registry."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from mmcore.base.registry import label, parameters
from mmcore.base.values import Tokens
from mmcore.fusion import Direction, Fusion, Growth, by_place, fusions
from mmcore.fusion.attention_maps import joined
from mmcore.fusion.base import DiagramStep
from mmcore.fusion.layers import stack
from tests.fusion.made import CASES, INPUTS, WIDTH, made, tokens_for


def named(key: str | Direction | None) -> tuple[str, ...]:
    """The inputs a map speaks of."""
    return () if key is None else (key,) if isinstance(key, str) else tuple(key)


def same(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    torch.testing.assert_close(left, right, atol=1e-5, rtol=0)
    return left


every_fusion = pytest.mark.parametrize("name", list(fusions))


METHODS = """bilinear bottleneck concat cross_attention film gated graph late late_learnt low_rank max mean
    mixture_of_experts mlp modality_attention perceiver self_attention sum tensor transformer"""


STANDARD = {"concat", "mlp", "late", "gated", "modality_attention", "cross_attention"}


def test_all_methods_are_there_and_six_are_compared_by_default():
    assert set(METHODS.split()) <= set(fusions)
    assert {name for name, part in fusions.items() if part.standard} == STANDARD


@every_fusion
def test_says_what_it_is(name):
    part = fusions[name]
    assert label(part) and part.citation and part.formula
    assert part.can and part.cannot and "O(" in part.cost
    assert all(p.help and p.low is not None for p in parameters(part))
    assert part.diagram and all(isinstance(step, DiagramStep) for step in part.diagram) and part.diagram[-1].boxes == 1


@every_fusion
def test_the_work_grows_as_the_method_says(name):
    """Operations in training, counted, with many inputs and twice as many (products: with two more)."""
    growth = fusions[name].grows_with
    few, many = (10, 12) if growth is Growth.PRODUCTS else (16, 32)
    counts = []
    for count in (few, many):
        inputs = [f"input{i}" for i in range(count)]
        with FlopCounterMode(display=False) as counter:
            made(name, inputs).train()(tokens_for(name, inputs))
        counts.append(counter.get_total_flops())
    ratio = counts[1] / counts[0]
    assert (ratio > 2.02) is (growth is not Growth.INPUTS), ratio


def test_plain_methods_come_first_and_new_ones_last(monkeypatch):
    assert by_place()[:4] == ["concat", "mean", "sum", "max"] and by_place()[-1] == "perceiver"
    monkeypatch.setitem(fusions._parts, "brand_new", type("BrandNew", (Fusion,), {"name": "brand_new"}))
    assert by_place()[-1] == "brand_new"


@every_fusion
def test_shapes_and_weights_sum_to_one(name):
    given = tokens_for(name)
    fused = made(name)(given)
    assert fused.vector.shape == (CASES, WIDTH) and fused.vector.isfinite().all()
    for kind, key, weights in fused.attention.entries():
        here = torch.ones(CASES, dtype=torch.bool)
        for name in named(key):
            here &= given[name].present
        total = weights.sum(-2 if kind == "gates" else -1).reshape(CASES, -1)
        assert weights.shape[0] == CASES and weights.min() >= 0, (kind, key)
        assert torch.allclose(total.amax(-1), here.float(), atol=1e-5), (kind, key)
        if kind in ("self_attention", "edges"):  # what is missing listens to nothing
            assert ((total - 1).abs().lt(1e-5) | total.eq(0)).all(), (kind, key)
        else:
            assert torch.allclose(total.amin(-1), here.float(), atol=1e-5), (kind, key)
    if fused.attention.inputs is not None:
        assert fused.attention.inputs.shape == (CASES, len(INPUTS))
        assert fused.attention.inputs[0, 0] == 0


@every_fusion
def test_maps_have_the_shapes_that_are_promised(name):
    given, M, D = tokens_for(name), len(INPUTS), WIDTH
    for kind, key, weights in made(name)(given).attention.entries():
        count = given[named(key)[-1]].mask.shape[-1] if key else 0
        shape = tuple(weights.shape[1:])
        if kind in ("inputs", "tokens", "gates", "edges"):
            assert shape == {"inputs": (M,), "tokens": (count,), "gates": (M, D), "edges": (M, M)}[kind]
        elif kind in ("cross", "pools", "cross_heads"):
            assert shape[-1] == count and len(shape) == (3 if kind == "cross_heads" else 2)
        elif kind == "self_attention":
            assert len(shape) == 4 and shape[-1] == shape[-2] >= M
        else:
            assert (kind, len(shape)) in {("experts", 1), ("latents", 2)}, key


@every_fusion
def test_every_parameter_gets_a_gradient(name):
    fusion, given = made(name).train(), tokens_for(name)
    for input in INPUTS:  # each input is missing somewhere, so that what stands in for it is used
        given[input].mask[INPUTS.index(input)] = False
    fused = fusion(given)
    (fused.vector.square().sum() + sum(own.square().sum() for own in fused.each.values())).backward()
    dead = [key for key, p in fusion.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert not dead


@every_fusion
def test_every_parameter_of_a_single_input_gets_a_gradient(name):
    fusion, given = made(name, INPUTS[:1]).train(), tokens_for(name, INPUTS[:1])
    given["xray"].mask[3] = False
    fused = fusion(given)
    assert fused.vector.shape == (CASES, WIDTH)
    (fused.vector * torch.randn(WIDTH)).sum().backward()
    assert not [key for key, p in fusion.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]


@every_fusion
def test_any_subset_may_be_missing_and_what_is_missing_does_not_matter(name):
    fusion, given = made(name), tokens_for(name)
    for size in range(len(INPUTS) + 1):
        for absent in itertools.combinations(INPUTS, size):
            hidden = {k: Tokens(t.values, t.mask & (k not in absent)) for k, t in given.items()}
            noisy = {k: Tokens(torch.where(t.mask.unsqueeze(-1), t.values, 7.0), t.mask) for k, t in hidden.items()}
            output = fusion(hidden).vector
            assert output.isfinite().all()
            assert torch.allclose(output, fusion(noisy).vector, atol=1e-5), absent


@every_fusion
def test_order_of_the_mapping_does_not_matter(name):
    fusion, given = made(name), tokens_for(name)
    output, turned = fusion(given), fusion(dict(reversed(given.items())))
    assert torch.equal(output.vector, turned.vector)
    joined([output.attention, turned.attention], lambda pair: same(*pair))


@every_fusion
def test_two_inputs_of_one_kind_are_told_apart(name):
    """Exchanging what two inputs say changes the answer."""
    fusion, given = made(name, ("left", "right")), {}
    for i, input in enumerate(("left", "right")):
        values = torch.randn(CASES, 1, WIDTH, generator=torch.Generator().manual_seed(i))
        given[input] = Tokens(values, torch.ones(CASES, 1, dtype=torch.bool))
    turned = {"left": given["right"], "right": given["left"]}
    assert not torch.allclose(fusion(given).vector, fusion(turned).vector, atol=1e-3)


@every_fusion
def test_padding_changes_nothing(name):
    fusion, given = made(name), tokens_for(name)
    padded = {
        k: Tokens(torch.nn.functional.pad(t.values, (0, 0, 0, 4), value=3.0), torch.nn.functional.pad(t.mask, (0, 4)))
        for k, t in given.items()
    }
    assert torch.allclose(fusion(given).vector, fusion(padded).vector, atol=1e-5)


@every_fusion
def test_a_case_does_not_depend_on_its_batch(name):
    fusion, given = made(name), tokens_for(name)
    alone = fusion({k: Tokens(t.values[2:3], t.mask[2:3]) for k, t in given.items()})
    assert torch.allclose(fusion(given).vector[2:3], alone.vector, atol=1e-5)


@every_fusion
def test_save_and_load_give_the_same_numbers(name, tmp_path):
    from safetensors.torch import load_model, save_model

    fusion, other, given = made(name), made(name, seed=5), tokens_for(name)
    save_model(fusion, str(tmp_path / "w.safetensors"))
    load_model(other, str(tmp_path / "w.safetensors"))
    assert torch.equal(fusion(given).vector, other(given).vector)


@every_fusion
def test_same_seed_same_weights(name):
    a, b, c = made(name).state_dict(), made(name).state_dict(), made(name, seed=1).state_dict()
    assert all(torch.equal(a[key], b[key]) for key in a)
    assert any(not torch.equal(a[key], c[key]) for key in a)


@every_fusion
def test_stacked_equals_one_by_one(name):
    if not fusions[name].stackable:
        pytest.skip("does not claim to be stackable")
    parts = [made(name, seed=seed) for seed in range(3)]
    given = tokens_for(name, lead=(3,))
    together = stack(parts)(given)
    for i, part in enumerate(parts):
        alone = part({k: Tokens(t.values[i], t.mask[i]) for k, t in given.items()})
        assert torch.allclose(together.vector[i], alone.vector, atol=1e-5)
        joined([together.attention.map(lambda weights, i=i: weights[i]), alone.attention], lambda pair: same(*pair))


def test_maps_for_people_are_not_made_while_training():
    for name in ("transformer", "bottleneck", "perceiver", "graph", "self_attention", "cross_attention"):
        assert not made(name).train()(tokens_for(name)).attention
