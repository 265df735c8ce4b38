"""Images as grids of cells: the tokens of each, and how much of it the finding covers.

Legend: n cases, G cells of a grid, D features of a cell, P numbers that tell where it lies.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from mmcore.features import Features

COMPONENTS = 64  # principal components of a cell's features, fitted on the training fold
_EVERY = 7  # every so many cells are enough to find them


@dataclass(frozen=True, eq=False)
class GridCells:
    """features: [n, G, D] half precision. covered: [n, G] share of each cell that the finding covers."""

    features: Tensor
    covered: Tensor

    @property
    def side(self) -> int:
        return math.isqrt(self.covered.shape[1])

    @property
    def positions(self) -> Tensor:
        """[G, P]: x and y from -1 to 1, their squares and product, and the distance from the middle across. FiLM as
        published reads coordinates, too."""
        line = (torch.arange(self.side) + 0.5) / self.side * 2 - 1
        y, x = torch.meshgrid(line, line, indexing="ij")
        return torch.stack([x, y, x * x, y * y, x * y, x.abs()], -1).flatten(0, 1)

    def reduced(self, train: np.ndarray, components: int = COMPONENTS) -> Tensor:
        """[n, G, C] principal components of the features, scales and axes from the cases `train`."""
        sample = self.features[torch.from_numpy(train), ::_EVERY].flatten(0, 1).float()
        mean, spread = sample.mean(0), sample.std(0).clamp_min(1e-3)
        sample = (sample - mean) / spread
        power, axes = torch.linalg.eigh((sample.T @ sample).double() / len(sample))
        count = min(components, len(power))
        power, axes = power.flip(0)[:count].float(), axes.flip(1)[:, :count].float()
        # evened out, but minor axes are mostly noise and stay small
        axes = axes / power.clamp_min(0).sqrt().clamp_min(0.05)
        return torch.cat([((part.float() - mean) / spread) @ axes for part in self.features.split(64)])


def cells_of(features: Features, rows: np.ndarray, masks: Sequence[np.ndarray]) -> GridCells:
    """features: of all cases of a cohort, by layers. rows: the n cases. masks: n masks [H, W] bool, one each."""
    values = torch.cat([features.tokens(part).values.half() for part in np.array_split(rows, -(-len(rows) // 64))])
    side = math.isqrt(values.shape[1])
    return GridCells(values, torch.stack([coverage(mask, side) for mask in masks]))


def coverage(mask: np.ndarray, side: int) -> Tensor:
    """A mask [H, W] -> [side * side] share of each cell that it covers."""
    exact = torch.from_numpy(mask).float()[None, None]
    fine = F.interpolate(exact, (8 * side, 8 * side), mode="bilinear", antialias=True, align_corners=False)
    return F.adaptive_avg_pool2d(fine, side).flatten()


def on_image(cells: np.ndarray | Tensor, shape: tuple[int, int]) -> np.ndarray:
    """Numbers of the cells [G] in between, for every pixel of an image [H, W] float32."""
    values = torch.as_tensor(np.asarray(cells, np.float32))
    side = math.isqrt(len(values))
    grid = values.reshape(1, 1, side, side)
    whole: np.ndarray = F.interpolate(grid, shape, mode="bilinear", align_corners=False)[0, 0].numpy()
    return whole
