"""Attributions find the token that carries the target, say how far to trust them, and leave the model as it was."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch

from mmcore.base.errors import NotFound
from mmcore.explain import gradients
from mmcore.explain.attribution import attribute
from mmcore.explain.gradients import IntegratedGradients
from mmcore.explain.occlusion import Occlusion

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


def test_steps_are_doubled_where_the_model_bends_sharply(trained, read, monkeypatch):
    """Where all is left to the network, a maximum over inputs has kinks on the way that few steps miss."""
    reading = read(replace(trained("max"), network_share=[1.0] * 3), 20)
    monkeypatch.setattr(gradients, "_MOST_STEPS", 16)
    assert max(case.gap for case in IntegratedGradients()(reading)) > 0.05
    monkeypatch.undo()
    attributions = IntegratedGradients()(reading)
    assert all(case.complete for case in attributions if abs(case.total) > 0.1)
    assert all(case.complete or case.steps == gradients._MOST_STEPS for case in attributions)
    assert min(case.steps for case in attributions) == 16 < max(case.steps for case in attributions)


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
