"""A day of vital signs from a monitor: pulse, mean pressure, temperature and saturation, a value every five minutes.

Legend: N cases, T time.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.base.values import Evidence, Seconds
from mmcore.cohorts.synthetic.disturbances import smooth_noise
from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.ward.needs import VITALS, effect_of

RATE_HZ, CHANNELS = 1 / 300, ("pulse", "pressure", "temperature", "saturation")
_SAMPLES = 288
_LENGTH = {"fever": 96, "falling pressure": 110, "fast pulse": 84, "low saturation": 72}  # of an episode, in samples
_HEIGHT = {"fever": (2, 1.7), "falling pressure": (1, -24.0), "fast pulse": (0, 32.0), "low saturation": (3, -8.0)}

Signs = tuple[Evidence, ...]


def draw_vitals(state: pd.DataFrame, cases: range, seed: int) -> tuple[np.ndarray, list[Signs]]:
    """Recordings [N, 4, 288] float32 (1/min, mmHg, °C, %), and the evidence in each."""
    draw = Draws(cases, seed, topic=51, count=24)
    time = np.arange(_SAMPLES)
    level = np.stack([draw.normal(80, 7), draw.normal(88, 6), draw.normal(36.8, 0.2), draw.normal(95.5, 0.9)], 1)
    day = np.sin(2 * np.pi * (time / _SAMPLES - 0.3))
    vitals = level[:, :, None] + np.array([3.0, 2.0, 0.2, 0.3])[None, :, None] * day
    noise = np.array([6.0, 6.0, 0.25, 1.4])[None, :, None]
    vitals = vitals + noise * smooth_noise(cases, seed, 52, (4, _SAMPLES), 1.0)
    starts = {}
    for name in VITALS:
        length, (channel, height) = _LENGTH[name], _HEIGHT[name]
        starts[name] = draw.uniform(4, _SAMPLES - length - 4)
        share = (time - starts[name][:, None]) / length
        bump = np.where((share > 0) & (share < 1), np.sin(np.pi * np.clip(share, 0, 1)) ** 0.5, 0)
        vitals[:, channel] += height * draw.normal(1, 0.1)[:, None] * state[name].to_numpy(float)[:, None] * bump
    vitals[:, 3] = np.minimum(vitals[:, 3], 100)
    return vitals.astype(np.float32), [
        _evidence(case, {name: float(start[row]) for name, start in starts.items()})
        for row, case in enumerate(state.to_dict("records"))
    ]


def _evidence(case: dict, starts: dict[str, float]) -> Signs:
    """Where an episode lies."""
    return tuple(
        Evidence(
            name, (Seconds(starts[name] / RATE_HZ, (starts[name] + _LENGTH[name]) / RATE_HZ),), effect_of(name, case)
        )
        for name in VITALS
        if case[name]
    )
