"""A small convolutional network that is learnt in the run, from nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Annotated, Any

import torch
from torch import nn

from mmcore.base.registry import Range
from mmcore.base.seeding import seeded
from mmcore.base.settings import N_, _
from mmcore.base.values import Image, InputSpec, Kind, Place, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.image.feature_maps import Layer, seen
from mmcore.encoders.image.pixels import OnPixels, as_images, as_patches, boxes, reason_against, scaled

GRID = 8  # cells a side; the network halves the side three times
HALF = (0.5, 0.5, 0.5)


@encoders.register("small_cnn")
class SmallCNN(Encoder[Image]):
    """Small CNN, learnt during training from these images alone.

    Four convolutions of 3 x 3 with group normalisation read the image, stretched to a small square; a token for each
    cell of an 8 x 8 grid.

    side: pixels per side after scaling; finer detail is lost, and time grows with the square
    filters: channels of the first layer; tokens have four times as many dimensions
    """

    kind = Kind.IMAGE
    citation = "LeCun et al., Proceedings of the IEEE 1998; group normalisation: Wu & He, ECCV 2018"
    licence = N_("own implementation")
    trained_on = N_("nothing (learnt during training)")
    trains_in_run = raw = True

    def __init__(
        self,
        spec: InputSpec,
        *,
        side: Annotated[int, Range(32, 256, 32)] = 64,
        filters: Annotated[int, Range(8, 64, 8)] = 16,
    ) -> None:
        super().__init__(spec)
        self.side, self.filters = side, filters

    @property
    def dims(self) -> int:
        return 3 * (self.side // GRID) ** 2

    def prepare(self, values: Sequence[Image]) -> Tokens:
        """Images -> pixels in -1..1 as Tokens [B, 64, 3 * (side / 8)^2]. Raises BadInput."""
        images = torch.stack([scaled(image, (self.side, self.side), HALF, HALF) for image in values])
        tokens = as_patches(images, (GRID, GRID)).contiguous()
        return Tokens(tokens, torch.ones(tokens.shape[:2], dtype=torch.bool))

    def places(self, value: Image) -> list[Place]:
        return boxes((GRID, GRID))

    def module(self) -> nn.Module:
        return OnPixels(_network(self.filters), 4 * self.filters, (GRID, GRID), (self.side, self.side))

    def layers(self, value: Image, module: nn.Module | None = None) -> list[Layer]:
        """Feature maps layer by layer. module: one that was trained; without it weights are drawn by chance."""
        label = "{layer}" if module is not None else _("{layer} (not trained)")
        if module is None:
            with seeded(0):
                module = self.module()
        network, size = module.get_submodule("maps").eval(), (self.side, self.side)
        steps: Any = dict(network.named_children())
        shown = {label.format(layer=name): (step, step[0].out_channels) for name, step in steps.items()}
        return seen(network, as_images(self.prepare([value]).values, (GRID, GRID), size), shown)

    def suits(self, value: Image) -> str | None:
        return reason_against(value)


def _network(filters: int) -> nn.Sequential:
    """[B, 3, S, S] -> [B, 4 * filters, S / 8, S / 8]."""
    widths = (3, filters, 2 * filters, 4 * filters, 4 * filters)
    steps = (2, 2, 2, 1)
    return nn.Sequential(
        OrderedDict((f"layer{i + 1}", _step(widths[i], widths[i + 1], step)) for i, step in enumerate(steps))
    )


def _step(inside: int, outside: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, 3, stride, padding=1, bias=False), nn.GroupNorm(8, outside), nn.GELU()
    )
