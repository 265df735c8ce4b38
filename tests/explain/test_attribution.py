"""Attributions find the token that carries the target, say how far to trust them, and leave the model as it was."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from mmcore.base.errors import NotFound
from mmcore.explain.attribution import Occlusion, attribute, attributors

PLANTED = 2


@pytest.mark.parametrize("fusion", ["concat", "late", "cross_attention"])
def test_integrated_gradients_add_up_and_find_the_planted_token(trained, read, fusion):
    reading = read(trained(fusion, epochs=12))
    found = attribute(reading, ["integrated_gradients"])["integrated_gradients"]
    assert len(found) == len(reading)
    assert np.median([one.gap for one in found]) < 0.02
    assert all(abs(sum(v.sum() for v in one.values.values()) - one.total - one.delta) < 1e-4 for one in found)
    tokens = np.mean([one.values["film"] for one in found], 0)
    assert tokens.argmax() == PLANTED
    inputs = {name: np.mean([one.inputs.get(name, 0) for one in found]) for name in ("film", "wave", "labs")}
    assert max(inputs, key=inputs.get) == "film"


@pytest.mark.parametrize("name", list(attributors))
@pytest.mark.parametrize("fusion", ["gated", "cross_attention"])
def test_every_attribution_has_a_value_for_every_token_there_is(trained, read, name, fusion):
    reading = read(trained(fusion), 20)
    for b, one in enumerate(attribute(reading, [name])[name]):
        there = {n: int(mask[b].sum()) for n, mask in reading.masks.items() if mask[b].any()}
        assert {n: len(values) for n, values in one.values.items()} == there
        assert {n: len(values) for n, values in one.spread.items()} == there
        assert all(np.isfinite(values).all() for values in one.values.values()) and np.isfinite(one.total)
        assert np.isnan(one.delta) == (name == "grad_cam")
        if not attributors[name].signed:
            assert all((values >= 0).all() for values in one.values.values())


def test_occlusion_is_the_difference_the_token_makes(trained, read):
    reading = read(trained("cross_attention"))
    found = attribute(reading, ["occlusion"])["occlusion"]
    keep = {name: mask[:, None].copy() for name, mask in reading.masks.items()}
    keep["film"][:, :, 1] = False
    chosen = reading.chosen()
    whole = reading.panel.score(reading.answer()[0], chosen)
    lost = (whole - reading.panel.score(reading.under(keep)[:, :, 0], chosen)).mean(0)
    assert np.allclose([one.values["film"][1] for one in found], lost.numpy(), atol=1e-5)


def test_a_window_shares_its_loss_among_its_tokens(trained, read):
    reading = read(trained("concat"))
    single, whole = Occlusion()(reading), Occlusion(window=5)(reading)
    for one, other in zip(single, whole, strict=True):
        assert np.ptp(other.values["film"]) < 1e-6  # one window over all five tokens
        assert len(one.values["film"]) == 5


def test_threads_get_the_same_numbers_and_no_weight_gets_a_gradient(trained, read):
    reading = read(trained("cross_attention"))
    with ThreadPoolExecutor(4) as pool:
        each = list(pool.map(lambda _: attribute(reading, ["integrated_gradients", "input_x_gradient"]), range(4)))
    for name in ("integrated_gradients", "input_x_gradient"):
        for other in each[1:]:
            for a, b in zip(each[0][name], other[name], strict=True):
                assert all(np.array_equal(a.values[n], b.values[n]) for n in a.values)
    for pipeline in reading.panel.pipelines:
        assert all(p.grad is None and not p.requires_grad for p in pipeline.parameters())
    assert torch.is_grad_enabled()


def test_unknown_names_get_the_nearest_one(trained, read):
    with pytest.raises(NotFound, match="integrated_gradients"):
        attribute(read(trained("concat")), ["integrated_gradient"])
