"""Several layers of an image network as one grid of tokens: what a small part looks like, and what is around it.

Not offered as an encoder by itself: its tokens are many and small, made for asking where rather than whether.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import torch
from torch import Tensor
from torch.nn import functional as F

from mmcore.base.errors import BadInput
from mmcore.base.progress import Progress, silent
from mmcore.base.settings import _
from mmcore.base.values import Image, InputSpec, Kind, Place, Tokens
from mmcore.encoders.base import Encoder, make
from mmcore.encoders.image.feature_maps import as_maps, outputs_of
from mmcore.encoders.image.pixels import boxes
from mmcore.encoders.image.pretrained import BATCH, Pretrained

SIDE = 28  # tokens across and down
_COARSEST = 2  # sides of a cell that a map's own cells may have at most


class LayerTokens(Encoder[Image]):
    """A grid of SIDE x SIDE tokens: channels of the network's layers whose maps are fine enough, brought to the grid.

    encoder: name of a frozen image network
    """

    name = "layer_tokens"
    kind = Kind.IMAGE

    def __init__(self, spec: InputSpec, *, encoder: str = "efficientnet_lite0") -> None:
        """Raises BadInput for an encoder that is no frozen network with layers."""
        super().__init__(spec)
        base = make(encoder, spec)
        if not isinstance(base, Pretrained) or not base.shown:
            raise BadInput(
                _("Encoder '{name}' has no layers that map the image.").format(name=encoder),
                _("Choose a pretrained network for the image, such as efficientnet_lite0."),
            )
        self.encoder, self._base = encoder, base

    @property
    def dims(self) -> int:
        return sum(self._fine.values())

    def ready(self, progress: Progress = silent) -> None:
        self._base.ready(progress)

    def prepare(self, values: Sequence[Image]) -> Tokens:
        """Images -> Tokens [B, SIDE * SIDE, D], in reading order. Raises BadInput for what is no image."""
        parts = [self._read(values[start : start + BATCH]) for start in range(0, len(values), BATCH)]
        tokens = torch.cat(parts)
        return Tokens(tokens, torch.ones(tokens.shape[:2], dtype=torch.bool))

    def places(self, value: Image) -> list[Place]:
        return boxes((SIDE, SIDE))

    @cached_property
    def _fine(self) -> dict[str, int]:
        """Layers whose maps tell of small places, and their channels: seen from one empty image, once."""
        maps = self._maps(torch.zeros(1, 3, *self._base.size), dict(self._base.shown))
        fine = {name: out.shape[1] for name, out in maps.items() if _COARSEST * min(out.shape[-2:]) >= SIDE}
        return fine or {name: out.shape[1] for name, out in maps.items()}

    def _read(self, values: Sequence[Image]) -> Tensor:
        maps = self._maps(self._base.pixels(values), self._fine)
        return torch.cat([_on_grid(out) for out in maps.values()], 1).flatten(2).transpose(1, 2)

    def _maps(self, images: Tensor, layers: dict[str, int]) -> dict[str, Tensor]:
        """What these layers say of images [B, 3, H, W]: [B, C, h, w] each."""
        network = self._base.network()
        outputs = outputs_of(network, images, {name: network.get_submodule(name) for name in layers})
        return {name: as_maps(outputs[name], layers[name]) for name in layers}


def _on_grid(maps: Tensor) -> Tensor:
    """Finer maps averaged over each cell, coarser ones in between their values: [B, C, h, w] -> [B, C, SIDE, SIDE]."""
    if min(maps.shape[-2:]) >= SIDE:
        return F.adaptive_avg_pool2d(maps, SIDE)
    return F.interpolate(maps, (SIDE, SIDE), mode="bilinear", align_corners=False)
