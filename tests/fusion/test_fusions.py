"""Protects the contract every fusion method keeps, swept over the registry."""

from __future__ import annotations

import itertools

import pytest
import torch

from mmcore.cases import Tokens
from mmcore.fusion import fusions
from mmcore.fusion.layers import stack
from mmcore.registry import label, parameters

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
        count = 1 if vectors else SIZES[one]
        mask = torch.ones(*lead, CASES, count, dtype=torch.bool)
        if i == 0 and len(inputs) > 1:
            mask[..., 0, :] = False
        if count > 1:
            mask[..., 1, count // 2 :] = False
        given[one] = Tokens(torch.randn(*lead, CASES, count, WIDTH, generator=chance), mask)
    return given


every_fusion = pytest.mark.parametrize("name", list(fusions))


def test_all_methods_of_the_first_edition_are_there():
    assert {"concat", "mlp", "gated", "modality_attention", "cross_attention", "late"} <= set(fusions)


@every_fusion
def test_says_what_it_is(name):
    part = fusions[name]
    assert label(part) and part.citation and part.formula
    assert all(p.help and p.low is not None for p in parameters(part))


@every_fusion
def test_shapes_and_weights_sum_to_one(name):
    given = tokens_for(name)
    fused = made(name)(given)
    assert fused.vector.shape == (CASES, WIDTH) and fused.vector.isfinite().all()
    for key, weights in fused.attention.items():
        here = torch.ones(CASES, dtype=torch.bool)
        for one in key.split("/")[1:]:
            here &= given[one].present
        total = weights.sum(-1)
        while total.dim() > 1:
            total = total.mean(-1)
        assert torch.allclose(total, here.float(), atol=1e-5), key
    if "inputs" in fused.attention:
        assert fused.attention["inputs"].shape == (CASES, len(INPUTS))
        assert fused.attention["inputs"][0, 0] == 0


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
    turned = fusion(dict(reversed(given.items())))
    assert torch.equal(fusion(given).vector, turned.vector)


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
        assert set(together.attention) == set(alone.attention)
        for key, weights in alone.attention.items():
            assert torch.allclose(together.attention[key][i], weights, atol=1e-5), key


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
    assert maps["cross/note/xray"].shape == (CASES, 2, SIZES["xray"]) and maps["tokens/ecg"].shape == (
        CASES,
        SIZES["ecg"],
    )
    assert "cross/ecg/ecg" not in maps and sum(key.startswith("cross/") for key in maps) == 6
