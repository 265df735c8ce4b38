"""A day of glucose from a sensor under the skin: a value every five minutes from midnight. Legend: N cases, T time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.base.values import Evidence, Seconds
from mmcore.cohorts.diabetes.onset import EFFECTS, together
from mmcore.cohorts.synthetic.disturbances import smooth_noise
from mmcore.cohorts.synthetic.draws import Draws

HOUR, STEP = 3600.0, 300.0  # seconds
RATE_HZ, SAMPLES = 1 / STEP, 288
_MEALS = (7.5, 12.7, 19.0)  # o'clock
_NIGHT = (1.0, 5.0)
_NOTABLE = 0.3

Signs = tuple[Evidence, ...]


def draw_glucose(state: pd.DataFrame, cases: range, seed: int) -> tuple[np.ndarray, list[Signs]]:
    """Recordings [N, 1, 288] float32 in mmol/L and the evidence in each."""
    draw = Draws(cases, seed, topic=41, count=24)
    clock = np.arange(SAMPLES) * STEP / HOUR
    slow = state.slow_decline_after_meals.to_numpy()[:, None]
    level = 5.2 + 0.45 * state.fasting.to_numpy()[:, None] + 0.25 * np.sin(2 * np.pi * (clock - 3) / 24)
    times = []
    for meal in _MEALS:
        at = draw.normal(meal, 0.5)[:, None]
        height = draw.normal(2.6, 0.35)[:, None] * np.where(slow, 1.15, 1.0)
        fall = np.where(slow, 2.1, 0.75)
        after = np.clip(clock - at, 0, None)
        level = level + height * (1 - np.exp(-after / 0.35)) * np.exp(-after / fall)
        times.append(at[:, 0])
    middle, height = draw.normal(3.0, 0.3)[:, None], draw.normal(2.2, 0.25)[:, None]
    level = level + state.rise_at_night.to_numpy()[:, None] * height * np.exp(-0.5 * ((clock - middle) / 0.75) ** 2)
    level = level + 1.2 * smooth_noise(cases, seed, 42, (1, SAMPLES), 2.0)[:, 0] * draw.uniform(0.2, 0.4)[:, None]
    return np.clip(level, 2.2, 22)[:, None].astype(np.float32), _evidence(state, np.stack(times, 1))


def _evidence(state: pd.DataFrame, meals: np.ndarray) -> list[Signs]:
    """A rise at night counts for or against, depending on work at night."""
    here = np.ones(len(state), bool)
    night = together(here, state.works_at_night) - together(~here, state.works_at_night)
    evidence = []
    for row, case in enumerate(state.itertuples()):
        signs = []
        if case.slow_decline_after_meals:
            after = tuple(Seconds(float(at * HOUR), float(min(at + 3.5, 24) * HOUR)) for at in meals[row])
            signs.append(Evidence("slow decline after meals", after, EFFECTS["slow decline after meals"]))
        if case.rise_at_night:
            signs.append(Evidence("rise at night", (Seconds(_NIGHT[0] * HOUR, _NIGHT[1] * HOUR),), float(night[row])))
        if abs(effect := EFFECTS["high fasting level"] * float(case.fasting)) >= _NOTABLE:
            signs.append(Evidence("fasting level", (Seconds(5.0 * HOUR, 7.0 * HOUR),), effect))
        evidence.append(tuple(signs))
    return evidence
