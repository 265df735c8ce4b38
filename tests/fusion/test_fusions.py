"""Protects the contract every fusion method keeps, swept over the registry."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from mmcore.base.errors import BadInput
from mmcore.base.registry import label, parameters
from mmcore.base.values import Tokens
from mmcore.fusion import Direction, Fusion, Growth, by_place, fusions
from mmcore.fusion.attention_maps import joined
from mmcore.fusion.base import DiagramStep
from mmcore.fusion.blocks import SelfAttend
from mmcore.fusion.layers import stack
from mmcore.fusion.tensor import features_within

INPUTS, WIDTH, CASES = ("xray", "note", "ecg"), 8, 6
SIZES = {"xray": 9, "note": 5, "ecg": 3}


def made(name: str, inputs=INPUTS, seed: int = 0):
    torch.manual_seed(seed)
    return fusions[name](inputs, WIDTH).eval()


def tokens_for(name: str, inputs=INPUTS, seed: int = 1, lead: tuple[int, ...] = ()) -> dict[str, Tokens]:
    """Tokens with the number per case that the method reads; the first case of the first input is missing."""
    chance, vectors = torch.Generator().manual_seed(seed), fusions[name].reads == "vectors"
    given = {}
    for i, one in enumerate(inputs):
        count = 1 if vectors else SIZES.get(one, 4)
        mask = torch.ones(*lead, CASES, count, dtype=torch.bool)
        if i == 0 and len(inputs) > 1:
            mask[..., 0, :] = False
        if count > 1:
            mask[..., 1, count // 2 :] = False
        given[one] = Tokens(torch.randn(*lead, CASES, count, WIDTH, generator=chance), mask)
    return given


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
    for one in INPUTS:  # each input is missing somewhere, so that what stands in for it is used
        given[one].mask[INPUTS.index(one)] = False
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
            said = fusion(hidden).vector
            assert said.isfinite().all()
            assert torch.allclose(said, fusion(noisy).vector, atol=1e-5), absent


@every_fusion
def test_order_of_the_mapping_does_not_matter(name):
    fusion, given = made(name), tokens_for(name)
    said, turned = fusion(given), fusion(dict(reversed(given.items())))
    assert torch.equal(said.vector, turned.vector)
    joined([said.attention, turned.attention], lambda pair: same(*pair))


@every_fusion
def test_two_inputs_of_one_kind_are_told_apart(name):
    """Exchanging what two inputs say changes the answer."""
    fusion, given = made(name, ("left", "right")), {}
    for i, one in enumerate(("left", "right")):
        values = torch.randn(CASES, 1, WIDTH, generator=torch.Generator().manual_seed(i))
        given[one] = Tokens(values, torch.ones(CASES, 1, dtype=torch.bool))
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


def test_gates_of_two_inputs_are_those_of_the_paper():
    fusion = made("gated", ("a", "b"))
    x = {k: Tokens(torch.randn(4, 1, WIDTH), torch.ones(4, 1, dtype=torch.bool)) for k in ("a", "b")}
    both = torch.cat([x["a"].values[:, 0], x["b"].values[:, 0]], -1)
    first, second = (both @ fusion.gate.weight + fusion.gate.bias).chunk(2, -1)
    z = torch.sigmoid(first - second)
    said = [torch.tanh(say(x[k].values[:, 0])) for say, k in zip(fusion.say, ("a", "b"), strict=True)]
    assert torch.allclose(fusion(x).vector, z * said[0] + (1 - z) * said[1], atol=1e-6)


def test_late_averages_the_decisions_of_those_present():
    given = tokens_for("late")
    fused = made("late")(given)
    assert torch.allclose(fused.vector[0], (fused.each["note"][0] + fused.each["ecg"][0]) / 2, atol=1e-6)


def test_cross_attention_names_its_maps_by_direction():
    maps = made("cross_attention")(tokens_for("cross_attention")).attention
    assert maps.cross["note", "xray"].shape == (CASES, 2, SIZES["xray"])
    assert maps.tokens["ecg"].shape == (CASES, SIZES["ecg"])
    assert set(maps.cross) == set(itertools.permutations(INPUTS, 2))


def test_cross_attention_shows_every_head():
    maps = made("cross_attention")(tokens_for("cross_attention")).attention
    assert maps.cross_heads["note", "xray"].shape == (CASES, 2, 2, SIZES["xray"])
    assert torch.allclose(maps.cross_heads["note", "xray"].mean(1), maps.cross["note", "xray"])


def test_maps_for_people_are_not_made_while_training():
    for name in ("transformer", "bottleneck", "perceiver", "graph", "self_attention", "cross_attention"):
        assert not made(name).train()(tokens_for(name)).attention


def vectors(*inputs: str) -> dict[str, Tokens]:
    chance = torch.Generator().manual_seed(0)
    here = torch.ones(CASES, 1, dtype=torch.bool)
    return {one: Tokens(torch.randn(CASES, 1, WIDTH, generator=chance), here) for one in inputs}


def test_tensor_fusion_is_the_outer_product_of_the_paper():
    fusion, given = made("tensor", ("a", "b")), vectors("a", "b")
    first, second = (
        torch.cat([torch.tanh(turn(given[one].values[:, 0])), torch.ones(CASES, 1)], -1)
        for one, turn in zip("ab", fusion.turn, strict=True)
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
    a, b = (torch.cat([given[one].values[:, 0], torch.ones(CASES, 1)], -1) for one in "ab")
    first, second = (
        torch.cat([factor.weight, factor.bias[None]]).unflatten(-1, (-1, WIDTH)) for factor in fusion.factors
    )
    whole = torch.einsum("r,ird,jrd->ijd", fusion.weight[:, 0], first, second)
    said = torch.einsum("bi,bj,ijd->bd", a, b, whole) + fusion.bias
    assert torch.allclose(fusion(given).vector, said, atol=1e-5)


def test_bilinear_fusion_multiplies_pairs():
    fusion, given = made("bilinear", ("a", "b", "c")), vectors("a", "b", "c")
    u = [torch.tanh(turn(given[one].values[:, 0])) for one, turn in zip("abc", fusion.turn, strict=True)]
    products = torch.cat([u[0] * u[1], u[0] * u[2], u[1] * u[2]], -1)
    alone = fusion.say(torch.cat([given[one].values[:, 0] for one in "abc"], -1))
    assert torch.allclose(fusion(given).vector, alone + fusion.multiply(products), atol=1e-6)


def test_experts_answer_as_far_as_the_router_hears_them():
    fusion, given = made("mixture_of_experts", ("a", "b")), vectors("a", "b")
    x = torch.cat([given[one].values[:, 0] for one in "ab"], -1)
    hidden = torch.nn.functional.gelu(fusion.hear(x), approximate="tanh").unflatten(-1, (4, -1))
    last = fusion.say.weight.unflatten(0, (4, -1))
    experts = torch.einsum("beh,ehd->bed", hidden, last)
    fused = fusion(given)
    said = (fused.attention.experts.unsqueeze(-1) * experts).sum(1) + fusion.say.bias
    assert torch.allclose(fused.vector, said, atol=1e-5)


def test_decisions_are_weighed_alike_in_every_case():
    fusion, given = made("late_learnt"), tokens_for("late_learnt")
    with torch.no_grad():
        fusion.trust.copy_(torch.tensor([2.0, 1.0, 0.0]))
    weights = fusion(given).attention.inputs
    assert torch.allclose(weights[1], torch.softmax(torch.tensor([2.0, 1.0, 0.0]), 0)) and weights[0, 0] == 0
    assert torch.allclose(weights[0, 1:], torch.softmax(torch.tensor([1.0, 0.0]), 0))


def test_the_maximum_shows_who_won():
    fused = made("max")(tokens_for("max"))
    gates = fused.attention.gates
    assert set(gates.unique().tolist()) == {0.0, 1.0} and gates[0, 0].sum() == 0
    assert torch.equal(gates.mean(-1), fused.attention.inputs)


def test_what_a_bottleneck_passes_on_goes_through_it():
    """With one layer, an input's own tokens read nothing of the others: only the bottleneck does."""
    torch.manual_seed(0)
    fusion = fusions["bottleneck"](INPUTS, WIDTH, layers=1).eval()
    seen = fusion(tokens_for("bottleneck")).attention.self_attention
    assert seen.shape == (CASES, 1, 4, 3 * 2 + 2, 3 * 2 + 2)
    assert seen[..., 0:2, 2:6].abs().max() == 0 and seen[1:, ..., 6:, 0:6].min() > 0


def test_attention_of_a_transformer_block_is_that_of_torch():
    ours = SelfAttend(WIDTH, 2)
    theirs = torch.nn.MultiheadAttention(WIDTH, 2, batch_first=True)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(ours.turn.weight.T)
        theirs.in_proj_bias.zero_()
        theirs.out_proj.weight.copy_(ours.out.weight.T)
        theirs.out_proj.bias.copy_(ours.out.bias)
    x, mask = torch.randn(3, 5, WIDTH), torch.tensor([[True] * 5, [True] * 3 + [False] * 2, [True] + [False] * 4])
    said, weights = ours(x, mask)
    expected, shown = theirs(x, x, x, key_padding_mask=~mask, average_attn_weights=False)
    assert torch.allclose(said, expected, atol=1e-5) and torch.allclose(weights, shown, atol=1e-5)
