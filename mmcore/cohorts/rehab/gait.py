"""Accelerations of the trunk while walking: 20 s in three directions, before and during treatment.

Legend: N cases, T time. Each step is a wave of the vertical acceleration; the body sways to either side once in two.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.base.values import Evidence, Seconds
from mmcore.cohorts.rehab.recovery import EFFECTS, FIT
from mmcore.cohorts.synthetic.disturbances import smooth_noise, sway
from mmcore.cohorts.synthetic.draws import Draws

RATE_HZ, SECONDS, CHANNELS = 50, 20, ("vertical", "forward", "sideways")
_SAMPLES, _STEPS = RATE_HZ * SECONDS, 60
_LIMP = 0.42  # by how much every other step is weaker
_WEAK = 0.50  # share of its force that a weak push-off has
_NOTABLE = 6.0  # metres

Signs = tuple[Evidence, ...]


def draw_gait(state: pd.DataFrame, during: bool, cases: range, seed: int) -> tuple[np.ndarray, list[Signs]]:
    """Recordings [N, 3, 1000] float32 in m/s² at 50 Hz, and the evidence in each."""
    draw = Draws(cases, seed, topic=32 if during else 31, count=90)
    cadence = (state.cadence_during if during else state.cadence_before).to_numpy()
    unsteady = np.exp(-0.55 * state.steady.to_numpy()) if during else np.exp(draw.normal(0, 0.4))
    phase, force = _steps(draw, cadence, 0.045 * unsteady)
    left = np.floor(phase) % 2 == 0
    mend = 0.75 if during else 1.0  # treatment has begun to help
    limp = mend * _LIMP * state.asymmetric.to_numpy()[:, None]
    push = np.where(state.asymmetric, 1.0, 1 - mend * (1 - _WEAK))[:, None]
    height = draw.normal(2.4, 0.22)[:, None] * force * np.where(left, 1 - limp, 1 + 0.3 * limp)
    turn = 2 * np.pi * phase
    up = height * (np.cos(turn) + 0.45 * push * np.cos(2 * turn + 0.6) + 0.15 * np.cos(3 * turn))
    on = 0.8 * push * height * (np.sin(turn) + 0.35 * np.sin(2 * turn + 0.4))
    aside = draw.normal(1.0, 0.12)[:, None] * (1 + limp) * np.sin(np.pi * phase) + 0.3 * height * np.sin(turn + 0.8)
    gait = np.stack([up * (0.5 + 0.5 * push), on, aside], 1)
    time = np.arange(_SAMPLES) / RATE_HZ
    gait = gait + sway(draw, time, 0.05, 0.2, draw.uniform(0, 0.12, (3,))[:, :, None])
    gait = gait + 0.35 * smooth_noise(cases, seed, 34 if during else 33, (3, _SAMPLES), 0.8)
    return gait.astype(np.float32), _evidence(state, during)


def _steps(draw: Draws, cadence: np.ndarray, jitter: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number of steps gone at each time [N, T], a fraction within a step, and the force of the present one [N, T]."""
    lengths = 60 / cadence[:, None] * (1 + np.clip(jitter[:, None] * draw.normal(shape=(_STEPS,)), -0.35, 0.35))
    ends = np.cumsum(lengths, axis=1) - lengths[:, :1] * (1 + draw.uniform(0, 1)[:, None])  # from before the start
    time = np.arange(_SAMPLES) / RATE_HZ
    phase = np.stack([np.interp(time, own, np.arange(1, _STEPS + 1)) for own in ends])
    force = 1 + 1.2 * (lengths * cadence[:, None] / 60 - 1)
    return phase, np.take_along_axis(force, phase.astype(int).clip(0, _STEPS - 1), 1)


def _evidence(state: pd.DataFrame, during: bool) -> list[Signs]:
    """The whole recording tells; the fit of the plan to what is impaired counts for or against."""
    whole, evidence = (Seconds(0.0, float(SECONDS)),), []
    for case in state.itertuples():
        fit = FIT if case.asymmetric == case.balance else -FIT
        effects = {"limp" if case.asymmetric else "weak push-off": fit}
        if during:
            effects["steadiness"] = EFFECTS["steadiness"] * float(case.steady)
        else:
            effects["cadence"] = EFFECTS["cadence before"] * float(case.slow)
        evidence.append(tuple(Evidence(name, whole, x) for name, x in effects.items() if abs(x) >= _NOTABLE))
    return evidence
