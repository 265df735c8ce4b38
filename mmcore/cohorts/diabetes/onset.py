"""Who develops diabetes and when: the hidden state, the time of onset, and the probability of it within a year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import expit

from mmcore.cohorts.synthetic.belief import Belief
from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.risk_table import DrawnTable, EitherOr, Quantity, normal_nodes

COLUMNS = (
    Quantity("age", "years", 54, 11, (25, 85), weight=0.3),
    EitherOr("sex", ("female", "male"), 0.5),
    Quantity("bmi", "kg/m²", 28.5, 4.5, (18, 48), 1, weight=0.6),
    Quantity("triglycerides", "mmol/L", 1.8, 0.6, (0.4, 4.5), 1, weight=0.5),
    Quantity("hdl", "mmol/L", 1.3, 0.3, (0.5, 2.4), 2, weight=-0.4),
    EitherOr("smoker", ("no", "yes"), 0.25, weight=0.2),
    Quantity("creatinine", "µmol/L", 78, 14, (40, 140)),
)
# Log-odds of onset within a year. A rise at night and work at night act together only.
EFFECTS = {
    "slow decline after meals": 2.2,  # sensor only
    "high fasting level": 1.2,  # sensor only, per standard deviation
    "family history": 2.2,  # note only
    "walks daily": -2.0,  # note only
    "risk": 1.6,  # values only, per standard deviation
}
SHARES = {
    "slow decline after meals": 0.4,
    "family history": 0.4,
    "walks daily": 0.4,
    "rise at night": 0.5,  # sensor
    "works at night": 0.5,  # note
}
BASE = -0.2
NIGHT, NO_NIGHT = -4.5, 0.4  # log-odds that work at night adds where glucose rises at night, and where it does not
ONE_YEAR = np.ones(1)
FOLLOWED = (1.0, 6.0)  # years for which a case is followed, between these: onset within one is always seen


def together(rises: np.ndarray | bool, works: np.ndarray | bool) -> np.ndarray:
    """Log-odds that sensor and note settle only together.

    Who works at night eats at night, and glucose rises after meals; in a sleeper the liver lets it rise. Centred on the
    share of those who work at night, so that a rise by itself says nothing.
    """
    return np.where(rises, NIGHT, NO_NIGHT) * (np.asarray(works, float) - SHARES["works at night"])


def draw_onset(cases: range, seed: int, risk: np.ndarray) -> pd.DataFrame:
    """Hidden state [N rows] with `probability` of onset within a year, `onset` (within it), `years` until onset or the
    end of follow-up, and `event`: whether onset was seen by then.

    The hazard is constant in time: what is likely within a year follows from it.
    """
    draw, logit = Draws(cases, seed, topic=40, count=12), BASE + EFFECTS["risk"] * risk
    state = pd.DataFrame(index=range(len(cases)))
    for name, share in SHARES.items():
        state[name.replace(" ", "_")] = draw.happens(share)
        if name in EFFECTS:
            logit = logit + EFFECTS[name] * (state[name.replace(" ", "_")] - share)
    state["fasting"] = draw.normal()
    logit = logit + EFFECTS["high fasting level"] * state.fasting
    logit = logit + together(state.rise_at_night, state.works_at_night)
    state["probability"] = expit(logit.to_numpy())
    hazard = np.log1p(np.exp(logit.to_numpy()))  # -log(1 - probability)
    years = -np.log(draw.uniform(1e-12, 1)) / hazard
    end = draw.uniform(*FOLLOWED)
    state["onset"] = years < 1
    state["event"] = years <= end
    state["years"] = np.floor(1000 * np.minimum(years, end)) / 1000  # downwards: below 1 stays below 1
    return state


def probability_of_onset(
    state: pd.DataFrame, values: DrawnTable, present: Mapping[str, np.ndarray], years: np.ndarray = ONE_YEAR
) -> np.ndarray:
    """[N, T] probability of onset by these times [T] given the inputs that a case has, each read without error."""
    risk, unsure = values.shown(present["values"])
    probability = np.empty((len(state), len(years)))
    for row, case in enumerate(state.to_dict("records")):
        sensor, note = bool(present["glucose"][row]), bool(present["note"][row])
        belief = Belief(np.ones(1), BASE + EFFECTS["risk"] * float(risk[row]))
        _average(belief, EFFECTS["risk"], normal_nodes(float(unsure[row])))
        fasting = (np.array([case["fasting"]]), np.ones(1)) if sensor else normal_nodes(1.0)
        _average(belief, EFFECTS["high fasting level"], fasting)
        for name, shown in (("slow decline after meals", sensor), ("family history", note), ("walks daily", note)):
            there = _options(case, name, shown)
            belief.consider([EFFECTS[name] * (x - SHARES[name]) for x in there], [_chance(name, x) for x in there])
        rises, works = _options(case, "rise at night", sensor), _options(case, "works at night", note)
        pairs = [(r, w) for r in rises for w in works]
        chances = [_chance("rise at night", r) * _chance("works at night", w) for r, w in pairs]
        belief.consider([float(together(r, w)) for r, w in pairs], chances)
        probability[row] = belief.probability_by(years)
    return probability


def _average(belief: Belief, effect: float, nodes: tuple[np.ndarray, np.ndarray]) -> None:
    """Over the values of a normal variable, of which each standard deviation adds `effect`."""
    belief.consider(effect * nodes[0], [np.array([weight]) for weight in nodes[1]])


def _options(case: Mapping, name: str, shown: bool) -> list[bool]:
    return [bool(case[name.replace(" ", "_")])] if shown else [False, True]


def _chance(name: str, there: bool) -> np.ndarray:
    return np.array([SHARES[name] if there else 1 - SHARES[name]])
