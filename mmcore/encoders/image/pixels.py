"""Images on their way into a network: scaled to its size, cut into patches, put together again.

Legend: B images, C channels, S side in pixels, N = rows * columns patches in reading order, D = C * height * width of a
patch.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import Box, Image, Place, Tokens

Grid = tuple[int, int]  # rows, columns


def checked(image: Image) -> np.ndarray:
    """The image, [H, W] or [H, W, 3] uint8. Raises BadInput for anything else."""
    image = np.asarray(image)
    grey, colour = image.ndim == 2, image.ndim == 3 and image.shape[2] == 3
    if image.dtype != np.uint8 or not (grey or colour) or 0 in image.shape:
        raise BadInput(
            _("An image of shape {shape} and type {type} cannot be encoded.").format(
                shape=image.shape, type=image.dtype
            ),
            _("Give grey [height, width] or colour [height, width, 3] in 8 bits."),
        )
    return image


def scaled(image: Image, size: Grid, mean: Sequence[float], std: Sequence[float], mode: str = "bilinear") -> Tensor:
    """Image -> [3, *size] float32, stretched, (pixel / 255 - mean) / std; grey is repeated. Raises BadInput."""
    image = checked(image)
    pixels = torch.tensor(image).float()
    pixels = pixels[None] if image.ndim == 2 else pixels.permute(2, 0, 1)
    if len({*mean}) == len({*std}) == 1:  # the same for all colours: grey stays one channel as long as possible
        mean, std = mean[:1], std[:1]
    scale, shift = (255 * torch.tensor(std))[:, None, None], (torch.tensor(mean) / torch.tensor(std))[:, None, None]
    pixels = pixels / scale - shift
    return F.interpolate(pixels[None], size, mode=mode, antialias=True, align_corners=False)[0].expand(3, -1, -1)


def boxes(grid: Grid) -> list[Place]:
    """The parts of an image that the cells of a grid stand for."""
    rows, columns = grid
    return [
        Box(row / rows, column / columns, (row + 1) / rows, (column + 1) / columns)
        for row in range(rows)
        for column in range(columns)
    ]


def patch_size(size: Grid, grid: Grid) -> Grid:
    """Height and width in pixels of a patch; the last ones may reach beyond the image."""
    return -(-size[0] // grid[0]), -(-size[1] // grid[1])


def as_patches(images: Tensor, grid: Grid) -> Tensor:
    """[B, C, S, S] -> [B, N, D]; zeros where patches reach beyond the image."""
    height, width = patch_size((images.shape[-2], images.shape[-1]), grid)
    images = F.pad(images, (0, width * grid[1] - images.shape[3], 0, height * grid[0] - images.shape[2]))
    return F.unfold(images, (height, width), stride=(height, width)).transpose(1, 2)


def as_images(patches: Tensor, grid: Grid, size: Grid) -> Tensor:
    """[B, N, D] -> [B, C, *size], the inverse of `as_patches`."""
    height, width = patch_size(size, grid)
    whole = F.fold(
        patches.transpose(1, 2), (height * grid[0], width * grid[1]), (height, width), stride=(height, width)
    )
    return whole[..., : size[0], : size[1]]


class OnPixels(nn.Module):
    """A network that reads patches of pixels as an image and says one thing of each patch: [..., N, D] -> [..., N, E].

    Tokens keep their number and places, whatever the network does in between. `maps` is the network: [B, C, *size] ->
    [B, E, *grid].
    """

    def __init__(self, maps: nn.Module, dims: int, grid: Grid, size: Grid) -> None:
        super().__init__()
        self.maps, self.dims, self.grid, self.size = maps, dims, grid, size

    def forward(self, tokens: Tokens) -> Tokens:
        *lead, count, width = tokens.values.shape
        values = _to_length(tokens.values.reshape(-1, count, width), self.grid[0] * self.grid[1])
        images = as_images(values, self.grid, self.size).contiguous(memory_format=torch.channels_last)
        values = _to_length(self.maps(images).flatten(2).transpose(1, 2), count).reshape(*lead, count, self.dims)
        return Tokens(values * tokens.mask.unsqueeze(-1), tokens.mask)


def _to_length(values: Tensor, count: int) -> Tensor:
    """[B, N, D] with N cut or filled up with zeros: where all cases of a batch are missing, they come as one token."""
    return F.pad(values[:, :count], (0, 0, 0, max(0, count - values.shape[1])))


def reason_against(image: Image, size: Grid | None = None) -> str | None:
    """Why this image is probably not what was meant, or None: a wrong range of numbers, nothing to see, too few pixels.

    size: what it will be scaled to, where enlarging matters.
    """
    image = checked(image)
    low, high = int(image.min()), int(image.max())
    if low == high:
        return _("The image is one flat colour: there is nothing to see in it.")
    if high <= 1:
        return _(
            "All values are 0 or 1: the image probably had a scale from 0 to 1. Multiply it by 255 before "
            "saving it in 8 bits."
        )
    if high - low < 8 or np.percentile(image, 99.5) < 16:
        return _(
            "Nearly all values lie between {low} and {high} on the scale from 0 to 255: values of more than 8 bits "
            "were probably divided by too much. Stretch the range before saving the image in 8 bits."
        ).format(low=low, high=int(np.percentile(image, 99.5)) if high - low >= 8 else high)
    if _wrapped(image):
        return _(
            "Smooth areas jump between black and white: probably only the lower 8 bits of 16-bit values "
            "were saved. Divide the values by 256 before saving the image in 8 bits."
        )
    if size and min(image.shape[:2]) < min(size) / 8:
        return _("The image has only {height} x {width} pixels; enlarged to {side} pixels, it is a blur.").format(
            height=image.shape[0], width=image.shape[1], side=f"{size[0]} x {size[1]}"
        )
    return None


def _wrapped(image: np.ndarray) -> bool:
    """Whether values run over: neighbours mostly alike, many at opposite ends, and all greys used (unlike print)."""
    steps = np.abs(np.diff(image.astype(np.int16), axis=1))
    if not steps.size or np.median(steps) > 24 or (steps > 200).mean() < 0.01:
        return False
    return bool(((image >= 64) & (image < 192)).mean() > 0.3)
