"""Who is ill and why: the hidden state of each case and the true probability of disease."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit, ndtri

from mmcore.cohorts.synthetic.draws import Draws, normal_below

# Log-odds each finding adds to the target. Chest pain and ST elevation act together only, see `interaction`.
EFFECTS = {
    "enlarged heart": 2.1,  # shown by the film and, mostly, told by the note: evidence two inputs share
    "pleural effusion": 1.6,  # film only
    "congestion": 1.2,  # film only
    "atrial fibrillation": 1.9,  # ECG only
    "T inversion": 1.2,  # ECG only
    "family history": 1.1,  # note only
    "exertional leg pain": 1.0,  # note only
    "metabolic risk": 1.1,  # labs only, per standard deviation
}
SHARES = {
    "enlarged heart": 0.40,
    "pleural effusion": 0.25,
    "congestion": 0.25,
    "atrial fibrillation": 0.30,
    "T inversion": 0.25,
    "family history": 0.35,
    "exertional leg pain": 0.25,
    "ST elevation": 0.40,
    "chest pain": 0.45,
}
WITH_ST, WITHOUT_ST = 4.1, -0.6  # log-odds of chest pain where the ECG shows ST elevation, and where it does not
BASE = -0.2
RATIO = {True: (0.595, 0.028), False: (0.445, 0.024)}  # cardiothoracic ratio of hearts enlarged or not: mean, sd
_FRAIL = 0.35  # correlation of the liability to each finding with frailty


def _loading(name: str) -> float:
    """Correlation of the liability to a finding with frailty; 0 for the two that only act together, so that each by
    itself stays mute."""
    return 0.0 if name in ("ST elevation", "chest pain") else _FRAIL


def finding_chance(name: str, frailty: np.ndarray) -> np.ndarray:
    """Chance of a finding at each frailty."""
    loading = _loading(name)
    return 1 - normal_below((ndtri(1 - SHARES[name]) - loading * frailty) / np.sqrt(1 - loading**2))


def interaction(st_elevation: np.ndarray | bool, chest_pain: np.ndarray | bool) -> np.ndarray:
    """Log-odds that ECG and note settle only together.

    With chest pain, ST elevation means an infarction; without it, benign early repolarisation. Centred on the share of
    chest pain, so that ST elevation by itself says nothing on average.
    """
    centred = np.asarray(chest_pain, float) - SHARES["chest pain"]
    return np.where(st_elevation, WITH_ST, WITHOUT_ST) * centred


def draw_state(cases: range, seed: int, metabolic_risk: np.ndarray, frailty: np.ndarray) -> pd.DataFrame:
    """Hidden state [N rows], with `logit` and `probability` of disease and the drawn `disease`.

    metabolic_risk: [N] in standard deviations, from the laboratory values. frailty: [N] standard normal; the frail have
    more findings of every sort, but for chest pain and ST elevation.
    """
    draw = Draws(cases, seed, topic=0, count=14)
    state = pd.DataFrame(index=range(len(cases)))
    for name, share in SHARES.items():
        loading = _loading(name)
        liability = loading * frailty + np.sqrt(1 - loading**2) * draw.normal()
        state[name.replace(" ", "_")] = liability > ndtri(1 - share)
    state["ischaemia"] = state.ST_elevation & state.chest_pain
    state["early_repolarisation"] = state.ST_elevation & ~state.chest_pain
    state["cardiothoracic_ratio"] = np.where(
        state.enlarged_heart, draw.normal(*RATIO[True]), draw.normal(*RATIO[False])
    )
    state["metabolic_risk"] = metabolic_risk
    state["logit"] = BASE + EFFECTS["metabolic risk"] * metabolic_risk
    state["logit"] += interaction(state.ST_elevation, state.chest_pain)
    for name, effect in EFFECTS.items():
        if name in SHARES:
            state["logit"] += effect * (state[name.replace(" ", "_")] - SHARES[name])
    state["probability"] = expit(state.logit)
    state["disease"] = draw.happens(state.probability.to_numpy())
    return state
