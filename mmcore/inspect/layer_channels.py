"""The channels of a layer that show most of an image.

C channels, H rows, W columns of a feature map.
"""

from __future__ import annotations

import numpy as np


def strength(maps: np.ndarray) -> np.ndarray:
    """How much each channel tells parts of the image apart: standard deviation over its map, [C, H, W] -> [C].

    A channel that answers alike everywhere is not strong, however loud it is.
    """
    maps = np.asarray(maps, np.float64)
    return maps.reshape(len(maps), -1).std(1)


def strongest(maps: np.ndarray, count: int) -> np.ndarray:
    """Positions of the `count` strongest channels of [C, H, W], the strongest first."""
    return np.argsort(-strength(maps), kind="stable")[:count]
