"""Protects what is shown of a network layer by layer."""

from __future__ import annotations

import threading

import numpy as np
import torch
from torch import nn

from mmcore.encoders import make
from mmcore.encoders.image.feature_maps import outputs_of
from tests.encoders.image.shared import GREY, PHOTO, SPEC


def test_layers_show_the_strongest_channels(tiny):
    encoder = make("timm", SPEC, model="test_efficientnet", weights=tiny["test_efficientnet"])
    layers = encoder.layers(GREY)
    assert 4 <= len(layers) <= 6
    for layer in layers:
        assert layer.maps.dtype == np.float32 and len(layer.channels) == len(layer.maps) <= 64
        assert (np.diff(layer.maps.std((1, 2))) <= 1e-6).all() and len({*layer.channels}) == len(layer.channels)
    sizes = [layer.maps.shape[1] for layer in layers]
    assert sizes == sorted(sizes, reverse=True), "from fine to coarse"
    stage = encoder.network().get_submodule("network.blocks.0")
    output = []
    hook = stage.register_forward_hook(lambda _module, _given, out: output.append(out))
    encoder.prepare([GREY])
    hook.remove()
    np.testing.assert_allclose(layers[0].maps, output[0][0].numpy()[layers[0].channels], atol=1e-5)
    assert not stage._forward_hooks, "nothing is left listening"


def test_layers_of_a_transformer_are_maps_of_its_patches(tiny):
    layers = make("timm", SPEC, model="test_vit", weights=tiny["test_vit"]).layers(PHOTO)
    assert {layer.maps.shape[1:] for layer in layers} == {(10, 10)}


def test_layers_of_a_trained_part(tiny):
    cnn = make("small_cnn", SPEC, side=32, filters=8)
    assert all("not trained" in layer.name for layer in cnn.layers(GREY))
    module = cnn.module()
    module.maps.layer1[0].weight.data.zero_()
    own = cnn.layers(GREY, module)
    assert [layer.name for layer in own] == ["layer1", "layer2", "layer3", "layer4"] and not own[0].maps.any()


class Interrupted(nn.Module):
    """Before it reads an image, another thread has it read one of its own."""

    def __init__(self):
        super().__init__()
        self.layer, self.main = nn.Identity(), threading.current_thread()

    def forward(self, image):
        if threading.current_thread() is self.main:
            other = threading.Thread(target=self, args=(image + 1,))
            other.start()
            other.join()
        return self.layer(image)


def test_what_another_thread_reads_is_not_taken_for_this_image():
    network, image = Interrupted(), torch.zeros(1, 3, 2, 2)
    assert torch.equal(outputs_of(network, image, {"layer": network.layer})["layer"], image)
