"""What patients on a ward have and need: hidden findings, treatments of the next day, and their true probabilities.

Treatments are independent of each other given the findings. Legend: N cases, L treatments.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import expit

from mmcore.base.label_sets import codes_of
from mmcore.cohorts.synthetic.belief import Belief
from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.risk_table import DrawnTable, EitherOr, Quantity, normal_nodes

TREATMENTS = ("antibiotics", "diuretic", "fluids", "transfusion")
COLUMNS = (
    Quantity("age", "years", 71, 11, (25, 98)),
    EitherOr("sex", ("female", "male"), 0.5),
    Quantity("crp", "mg/L", 62, 26, (0, 160), weight=1.0),
    Quantity("bnp", "ng/L", 410, 160, (10, 950), weight=1.0),
    Quantity("urea", "mmol/L", 8.5, 2.6, (2, 20), 1, weight=1.0),
    Quantity("haemoglobin", "g/L", 108, 17, (55, 165), weight=1.0),
    Quantity("sodium", "mmol/L", 138, 3.5, (124, 150)),
)
SHARES = {
    "fever": 0.5,  # vital signs
    "falling pressure": 0.5,  # vital signs
    "fast pulse": 0.4,  # vital signs
    "low saturation": 0.4,  # vital signs
    "heart failure": 0.5,  # note
    "transfused": 0.5,  # note
    "productive cough": 0.4,  # note
    "orthopnoea": 0.4,  # note
    "poor intake": 0.4,  # note
    "bleeding": 0.4,  # note
}
VITALS = ("fever", "falling pressure", "fast pulse", "low saturation")
# Log-odds that a finding adds to a treatment, centred on its share.
EFFECTS: dict[str, dict[str, float]] = {
    "antibiotics": {"productive cough": 2.8, "fast pulse": 2.0},
    "diuretic": {"orthopnoea": 2.6, "low saturation": 2.4},
    "fluids": {"poor intake": 2.8, "fast pulse": 2.0},
    "transfusion": {"bleeding": 2.8, "fast pulse": 2.4},
}
LABS = {  # column and log-odds per standard deviation
    "antibiotics": ("crp", 1.1),
    "diuretic": ("bnp", 1.1),
    "fluids": ("urea", 1.1),
    "transfusion": ("haemoglobin", -1.2),
}
BASE = {"antibiotics": -0.3, "diuretic": -0.4, "fluids": -0.4, "transfusion": -1.2}
# Vital sign and note that settle a treatment only together, and the log-odds that the note adds with the sign, and
# without. Falling pressure calls for fluids, but in a failing heart for a diuretic; fever after a transfusion is a
# reaction to it, no infection.
TOGETHER = {
    "antibiotics": ("fever", "transfused", -4.0, 0.5),
    "diuretic": ("falling pressure", "heart failure", 4.0, -0.5),
    "fluids": ("falling pressure", "heart failure", -4.0, 0.5),
}


def together(treatment: str, sign: np.ndarray | bool, history: np.ndarray | bool) -> np.ndarray:
    """Log-odds that vital signs and note settle only together, centred on the share of the history."""
    _sign, name, with_it, without = TOGETHER[treatment]
    return np.where(sign, with_it, without) * (np.asarray(history, float) - SHARES[name])


def scores_of(labs: DrawnTable) -> pd.DataFrame:
    """[N rows] standard scores of the columns that matter, those that were not measured included."""
    weights = dict(zip(labs.parts.columns, labs.parts.attrs["weights"], strict=True))
    return pd.DataFrame({name: labs.parts[name] / weights[name] for name in labs.parts})


def draw_needs(cases: range, seed: int, labs: DrawnTable) -> tuple[pd.DataFrame, np.ndarray]:
    """Hidden findings [N rows, bool], and the set of treatments of each case [N] as a number (see `label_sets`)."""
    draw = Draws(cases, seed, topic=50, count=16)
    state = pd.DataFrame({name: draw.happens(share) for name, share in SHARES.items()})
    given = [draw.happens(expit(_logit(treatment, state, scores_of(labs)))) for treatment in TREATMENTS]
    return state, codes_of(np.stack(given, 1))


def _logit(treatment: str, state: pd.DataFrame, scores: pd.DataFrame) -> np.ndarray:
    column, effect = LABS[treatment]
    logit = BASE[treatment] + effect * scores[column].to_numpy()
    for name, added in EFFECTS[treatment].items():
        logit = logit + added * (state[name].to_numpy(float) - SHARES[name])
    if treatment in TOGETHER:
        sign, history, *_effects = TOGETHER[treatment]
        logit = logit + together(treatment, state[sign].to_numpy(), state[history].to_numpy())
    return np.asarray(logit, float)


def probabilities_given_inputs(state: pd.DataFrame, labs: DrawnTable, present: Mapping[str, np.ndarray]) -> np.ndarray:
    """[N, L] probability of each treatment given the inputs that a case has, each read without error."""
    scores, probabilities = scores_of(labs), np.empty((len(state), len(TREATMENTS)))
    measured = labs.measured.to_numpy() & present["labs"][:, None]
    for row, case in enumerate(state.to_dict("records")):
        shown = {name: bool(present["vitals" if name in VITALS else "note"][row]) for name in SHARES}
        for k, treatment in enumerate(TREATMENTS):
            column, effect = LABS[treatment]
            shown_here = measured[row, labs.measured.columns.get_loc(column)]
            values, weights = (np.array([scores[column][row]]), np.ones(1)) if shown_here else normal_nodes(1.0)
            belief = Belief(np.ones(1), BASE[treatment])
            belief.consider(effect * values, [np.array([weight]) for weight in weights])
            for name, added in EFFECTS[treatment].items():
                options = _options(case, name, shown)
                belief.consider([added * (there - SHARES[name]) for there in options], _chances(name, options))
            _read_together(belief, treatment, case, shown)
            probabilities[row, k] = belief.probability()
    return probabilities


def _read_together(belief: Belief, treatment: str, case: Mapping, shown: Mapping[str, bool]) -> None:
    if treatment not in TOGETHER:
        return
    sign, history, *_effects = TOGETHER[treatment]
    pairs = [(s, t) for s in _options(case, sign, shown) for t in _options(case, history, shown)]
    chances = [_chances(sign, [s])[0] * _chances(history, [t])[0] for s, t in pairs]
    belief.consider([float(together(treatment, s, t)) for s, t in pairs], chances)


def _options(case: Mapping, name: str, shown: Mapping[str, bool]) -> list[bool]:
    return [bool(case[name])] if shown[name] else [False, True]


def _chances(name: str, options: list[bool]) -> list[np.ndarray]:
    return [np.array([SHARES[name] if there else 1 - SHARES[name]]) for there in options]


def effect_of(name: str, case: Mapping) -> float:
    """What a finding moves the most, in log-odds of a treatment, in this case."""
    moved = [added * (1 if case[name] else -1) for own in EFFECTS.values() for f, added in own.items() if f == name]
    for treatment, (sign, history, with_it, without) in TOGETHER.items():
        if name == history and case[sign]:
            moved.append((with_it - without) * (0.5 if case[name] else -0.5))
        if name == sign and case[name]:
            moved.append(float(together(treatment, True, case[history])))
    return max(moved, key=abs, default=0.0)
