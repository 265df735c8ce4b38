"""What the tests of signal encoders share."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.base.values import InputSpec, Kind, Signal
from mmcore.encoders import encoders, make

SPEC = InputSpec(name="x", kind=Kind.SIGNAL, columns=("x",))


def usable(name: str, **options):
    if encoders[name].unavailable():
        pytest.skip(encoders[name].unavailable())
    return make(name, SPEC, **options)


def noise(channels: int, length: int, rate: float | None, seed: int = 0) -> Signal:
    return Signal(np.random.default_rng(seed).normal(size=(channels, length)).astype(np.float32), rate)


def sine(share: float, rate: float, seconds: float = 2.0) -> Signal:
    """A tone at a share of half the rate."""
    time = np.arange(int(seconds * rate)) / rate
    return Signal(np.sin(np.pi * share * rate * time).astype(np.float32)[None], rate)


def ecg(per_minute: float, rate: float = 250.0, seconds: float = 10.0, leads: int = 3) -> Signal:
    """Beats of known times: P 160 ms before R, a QRS complex some 80 ms long, T 280 ms after."""
    time = np.arange(int(seconds * rate)) / rate
    wave = np.zeros_like(time)
    for peak in np.arange(0.4, seconds, 60 / per_minute):
        for centre, width, height in ((-0.16, 0.022, 0.15), (-0.03, 0.01, -0.1), (0, 0.012, 1.0), (0.03, 0.011, -0.2)):
            wave += height * np.exp(-0.5 * ((time - peak - centre) / width) ** 2)
        wave += 0.3 * np.exp(-0.5 * ((time - peak - 0.28) / 0.05) ** 2)
    weights = np.array([1.0, 0.7, -0.5, 0.4, 0.8, 1.2])[:leads, None]
    hum = 0.01 * np.random.default_rng(0).normal(size=(leads, len(time)))
    return Signal((weights * wave + hum + 0.3 * np.sin(time)).astype(np.float32), rate, unit="mV")
