"""Histograms of oriented gradients: a classical baseline that needs no weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated

import torch
from torch import Tensor
from torch.nn import functional as F

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import Image, InputSpec, Kind, Place, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.image.pixels import boxes, reason_against, scaled

PIXELS = 8  # a side of a cell
BINS = 9  # directions in half a turn
CLIP = 0.2  # no direction may take more than this of a block


@encoders.register("hog")
class HOG(Encoder[Image]):
    """HOG: which way edges run, cell by cell; a classical baseline without weights.

    Each cell counts edges by 9 directions, measured against the contrast of the four blocks of 2 x 2 cells around it:
    36 dimensions. So that the layout of the image outlives averaging over cells, they are repeated, multiplied by waves
    over the image.

    cells: cells per side; each covers 8 x 8 pixels of the scaled image
    waves: how finely the place of an edge is recorded, in waves per side of the image; 1 leaves the place out
    """

    kind = Kind.IMAGE
    citation = "Dalal & Triggs, Histograms of Oriented Gradients for Human Detection, CVPR 2005"
    licence = N_("own implementation")

    def __init__(
        self,
        spec: InputSpec,
        *,
        cells: Annotated[int, Range(2, 28)] = 8,
        waves: Annotated[int, Range(1, 8)] = 4,
    ) -> None:
        super().__init__(spec)
        self.cells, self.waves = cells, waves

    @property
    def dims(self) -> int:
        return 4 * BINS * self.waves**2

    def prepare(self, values: Sequence[Image]) -> Tokens:
        """Images -> Tokens [B, cells^2, 36 * waves^2]. Raises BadInput."""
        size = (PIXELS * self.cells, PIXELS * self.cells)
        tokens = torch.stack([self._laid_out(_blocks(_cells(_gradients(image, size)))) for image in values])
        return Tokens(tokens, torch.ones(tokens.shape[:2], dtype=torch.bool))

    def places(self, value: Image) -> list[Place]:
        return boxes((self.cells, self.cells))

    def suits(self, value: Image) -> str | None:
        return reason_against(value)

    def _laid_out(self, blocks: Tensor) -> Tensor:
        """[36, cells, cells] -> [cells^2, 36 * waves^2]: times cosines, as in the discrete cosine transform."""
        middle = (torch.arange(self.cells) + 0.5) / self.cells
        waves = torch.cos(math.pi * torch.arange(self.waves)[:, None] * middle)  # [waves, cells]
        return torch.einsum("drc,ur,vc->rcuvd", blocks, waves, waves).reshape(self.cells**2, self.dims)


def _gradients(image: Image, size: tuple[int, int]) -> Tensor:
    """[9, *size] strength of the edge at each pixel, shared out to the two nearest directions."""
    pixels = scaled(image, size, (0.0,), (1.0,)).clamp(0, 1).sqrt()[:, None]  # [3, 1, H, W]
    padded = F.pad(pixels, (1, 1, 1, 1), mode="replicate")
    across = padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]
    down = padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]
    strength, colour = torch.hypot(across, down).max(0)  # [1, H, W]: the colour that changes most
    angle = torch.atan2(down.gather(0, colour[None]), across.gather(0, colour[None]))[0, 0]
    place = (angle / math.pi * BINS - 0.5) % BINS  # direction without sign, in bins
    distance = (place - torch.arange(BINS)[:, None, None]).abs()
    share = (1 - torch.minimum(distance, BINS - distance)).clamp_min(0)
    return share * strength


def _cells(edges: Tensor) -> Tensor:
    """[9, H, W] -> [9, cells, cells]: every pixel counts for the nearest cells by its distance from their middles."""
    ramp = 1 - (torch.arange(2 * PIXELS) + 0.5 - PIXELS).abs() / PIXELS
    kernel = (ramp[:, None] * ramp)[None, None]
    return F.conv2d(edges[:, None], kernel, stride=PIXELS, padding=PIXELS // 2)[:, 0]


def _blocks(cells: Tensor) -> Tensor:
    """[9, R, C] -> [36, R, C]: each cell against the contrast of the four 2 x 2 blocks it belongs to (L2-Hys)."""
    rows, columns = cells.shape[1:]
    around = F.pad(cells[None], (1, 1, 1, 1), mode="replicate")[0]  # blocks at the border see the border twice
    block = torch.stack([around[:, i : i + rows + 1, j : j + columns + 1] for i in (0, 1) for j in (0, 1)])
    block = _unit(_unit(block).clamp_max(CLIP))  # [4 corners, 9, R + 1, C + 1]
    corners = [(i, j, block[3 - (2 * i + j), :, i : i + rows, j : j + columns]) for i in (0, 1) for j in (0, 1)]
    return torch.cat([corner for _i, _j, corner in corners])


def _unit(block: Tensor) -> Tensor:
    """Unit length over the corners and directions of each block."""
    return block / (block.square().sum((0, 1), keepdim=True) + 1e-4).sqrt()
