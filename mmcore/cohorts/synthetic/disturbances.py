"""Recordings: slow sway, hum and noise that lie over what is meant. Legend: N cases, C channels, T time."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from mmcore.cohorts.synthetic.draws import Draws, white_noise


def sway(draw: Draws, time: np.ndarray, low: float, high: float, height: np.ndarray) -> np.ndarray:
    """[N, C, T] a sine of a frequency between low and high in Hz; height [N, C, 1] or [N, 1, 1], time [T] in s."""
    rate, start = draw.uniform(low, high)[:, None, None], draw.uniform(0, 2 * np.pi)[:, None, None]
    return height * np.sin(2 * np.pi * rate * time + start)


def smooth_noise(cases: range, seed: int, topic: int, shape: tuple[int, int], width: float) -> np.ndarray:
    """[N, C, T] noise of this shape [C, T], blurred over `width` samples."""
    return gaussian_filter1d(white_noise(cases, seed, topic, shape), width, axis=2)
