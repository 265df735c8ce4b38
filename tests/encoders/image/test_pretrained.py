"""Protects tuning: it starts where the frozen network stands, learns, and spares the network others share."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmcore.base.values import Tokens
from mmcore.encoders import encoders, make
from tests.encoders.image.shared import GREY, PHOTO, SPEC


def tuned(name: str, tiny):
    """(tuned, frozen) of the same network."""
    options = {"model": "test_efficientnet", "weights": tiny["test_efficientnet"]} if name == "timm" else {}
    if encoders[name].unavailable():
        pytest.skip(encoders[name].unavailable())
    return make(name, SPEC, **options, tune=True), make(name, SPEC, **options)


@pytest.mark.parametrize("name", ["timm", "efficientnet_lite0"])
def test_a_tuned_network_starts_where_the_frozen_one_stands(name, tiny):
    tuning, frozen = tuned(name, tiny)
    assert (
        tuning.trains_in_run
        and tuning.raw
        and tuning.learning_rate_scale < 1
        and not frozen.trains_in_run
        and frozen.module() is None
    )
    tokens = tuning.prepare([PHOTO, GREY])
    assert tokens.values.shape == (2, len(tuning.places(PHOTO)), tuning.dims)
    assert tuning.identity() != frozen.identity()
    module = tuning.module().train()
    assert not any(part.training for part in module.modules()), "statistics of normalisation layers are kept"
    out = module(Tokens(tokens.values.half().float(), tokens.mask))
    reference = frozen.prepare([PHOTO, GREY]).values
    assert out.values.shape == reference.shape and module.dims == frozen.dims
    torch.testing.assert_close(out.values, reference, rtol=0.02, atol=0.02 * float(reference.abs().max()))


def test_tuning_reaches_the_first_layer_and_spares_the_frozen_network(tiny):
    tuning, frozen = tuned("timm", tiny)
    module, tokens = tuning.module(), tuning.prepare([PHOTO, GREY])
    before = frozen.prepare([PHOTO]).values
    statistics = {name: value.clone() for name, value in module.named_buffers()}
    stepper = torch.optim.SGD(module.parameters(), 0.1)
    module(tokens).values.square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in module.parameters())
    stepper.step()
    assert all(torch.equal(value, statistics[name]) for name, value in module.named_buffers())
    assert torch.equal(frozen.prepare([PHOTO]).values, before)
    assert not torch.equal(tuning.module()(tokens).values, module(tokens).values), "each replicate starts afresh"


@pytest.mark.parametrize("name", ["timm", "small_cnn"])
def test_a_batch_in_which_everyone_misses_the_image(name, tiny):
    encoder = tuned(name, tiny)[0] if name == "timm" else make(name, SPEC)
    module = encoder.module()
    out = module(Tokens(torch.zeros(3, 1, encoder.dims), torch.zeros(3, 1, dtype=torch.bool)))
    assert out.values.shape == (3, 1, module.dims) and not out.values.any()


class InMemory:
    """What an encoder said of some images, held in memory."""

    def __init__(self, encoder, images) -> None:
        self.all, self.dims = encoder.prepare(images), encoder.dims
        self.counts = self.all.mask.sum(1).numpy()

    def tokens(self, rows=None) -> Tokens:
        rows = torch.arange(len(self.counts)) if rows is None else torch.as_tensor(np.asarray(rows))
        return Tokens(self.all.values[rows], self.all.mask[rows])


def bars(count: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Images of upright (0) or lying (1) bars at chance places, and which."""
    chance, images, target = np.random.default_rng(1), [], np.arange(count) % 2
    for lying in target:
        image = chance.integers(0, 40, (32, 32), dtype=np.uint8)
        image[4 * chance.integers(0, 7) :: 16] += 160
        images.append(image if lying else image.T.copy())
    return images, target


@pytest.mark.parametrize("name", ["small_cnn", "timm"])
def test_learns_in_a_run_and_attention_lies_on_places(name, tiny):
    from mmcore.training import FitPlan, TrainingData, TrainingSpec, fit
    from mmcore.training.tasks import Task

    images, target = bars(48)
    encoder = tuned("timm", tiny)[0] if name == "timm" else make(name, SPEC, side=32, filters=8)
    rows = np.arange(48)
    task = Task(name="binary", classes=("upright", "lying"))
    spec = TrainingSpec(epochs=25 if name == "small_cnn" else 1, learning_rate=3e-3, batch_size=12, width=16)
    fitted = fit(
        TrainingData({"x": InMemory(encoder, images)}, target, task, [(rows[:36], rows[36:])], encoders={"x": encoder}),
        FitPlan("cross_attention", ["x"], training=spec, seeds=1),
    )
    if name == "small_cnn":
        assert (fitted.outputs[0, 36:, -1].round() == target[36:]).mean() > 0.9
    else:
        first = "learnt.0.maps.network.conv_stem.weight"
        assert not torch.equal(fitted.weights[first][0], encoder.network().state_dict()[first[14:]])
    output = fitted.run({"x": encoder.prepare(images[36:40])})
    assert output.attention.tokens["x"].shape == (1, 4, len(encoder.places(images[0])))
    np.testing.assert_allclose(output.probabilities[0], fitted.outputs[0, 36:40], atol=1e-4)
