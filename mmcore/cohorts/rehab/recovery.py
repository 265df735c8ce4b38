"""How a patient walks, what was planned and what it brings: the hidden state, the gain, and what can be known of it.

The gain is the change in metres of the six-minute walk test. It is a sum of parts, nearly all of them normal or of two
values, so what can be expected of it given some of the inputs is known in closed form.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.risk_table import DrawnTable, EitherOr, Quantity

COLUMNS = (
    Quantity("age", "years", 63, 10, (30, 92), weight=-0.5),
    EitherOr("sex", ("female", "male"), 0.5),
    Quantity("since_stroke", "months", 9, 4, (1, 24), 1, weight=-0.6),
    Quantity("pain", "of 10", 3.5, 1.6, (0, 10), 1, weight=-0.4),
    Quantity("grip", "kg", 28, 7, (8, 55), weight=0.4),
    Quantity("bmi", "kg/m²", 26.5, 4, (17, 42), 1),
)
MEAN = 48.0  # metres
# Metres that each adds to the gain, per standard deviation or on either side of the mean.
EFFECTS = {
    "cadence before": -12.0,  # who walks slowly has more to gain: recording before
    "cadence gained": 11.0,  # the difference of the two recordings
    "steadiness": 16.0,  # recording during treatment
    "sessions": 7.0,  # plan, per weekly session
    "home exercises": 10.0,  # plan
    "constitution": 15.0,  # values
}
FIT = 24.0  # the plan trains what is impaired, or (minus) what is not: recordings and plan together only
NOISE = 13.0
SESSIONS = (2, 3, 4, 5)  # a week
CADENCE = (98.0, 9.0)  # steps a minute before: mean and standard deviation
GAINED = (6.0, 5.0)  # steps a minute more during treatment


def draw_patients(cases: range, seed: int, constitution: np.ndarray) -> pd.DataFrame:
    """Hidden state [N rows] with the `gain` in metres and its `expected` value given everything.

    `asymmetric`: one leg limps, otherwise the push-off is weak on both sides. `balance`: the plan trains balance and
    symmetry, otherwise strength. constitution: [N] in standard deviations, from the table.
    """
    draw = Draws(cases, seed, topic=30, count=12)
    state = pd.DataFrame({"asymmetric": draw.happens(0.5), "balance": draw.happens(0.5)})
    state["home"] = draw.happens(0.5)
    state["sessions"] = np.array(SESSIONS)[(draw.uniform() * len(SESSIONS)).astype(int)]
    state["slow"], state["gained"], state["steady"] = (draw.normal() for _ in range(3))
    state["cadence_before"] = CADENCE[0] + CADENCE[1] * state.slow
    state["cadence_during"] = state.cadence_before + GAINED[0] + GAINED[1] * state.gained
    state["expected"] = MEAN + EFFECTS["constitution"] * constitution + _plan(state) + _steady(state)
    state["expected"] += EFFECTS["cadence before"] * state.slow + EFFECTS["cadence gained"] * state.gained
    state["expected"] += fit_of(state)
    state["gain"] = np.round(state.expected + draw.normal(0, NOISE), 1)
    return state


def fit_of(state: pd.DataFrame) -> pd.Series:
    """[N] metres for a plan that trains what is impaired, or what is not."""
    return (state.asymmetric == state.balance).map({True: FIT, False: -FIT}).astype(float)


def expected_given_inputs(state: pd.DataFrame, values: DrawnTable, present: Mapping[str, np.ndarray]) -> np.ndarray:
    """[N] expected gain in metres given the inputs that a case has, each read without error."""
    before, during, plan = (present[name] for name in ("before", "during", "plan"))
    shown, _hidden = values.shown(present["values"])
    expected = MEAN + EFFECTS["constitution"] * shown + np.where(plan, _plan(state), 0)
    expected = expected + np.where(during, _steady(state), 0)
    expected = expected + np.where((before | during) & plan, fit_of(state), 0)
    # Of the recording during treatment alone, cadence is the sum of two normal variables.
    above = (state.cadence_during - CADENCE[0] - GAINED[0]) / (CADENCE[1] ** 2 + GAINED[1] ** 2)
    slow = np.where(before, state.slow, np.where(during, CADENCE[1] * above, 0))
    gained = np.where(before & during, state.gained, np.where(during & ~before, GAINED[1] * above, 0))
    return expected + EFFECTS["cadence before"] * slow + EFFECTS["cadence gained"] * gained


def _plan(state: pd.DataFrame) -> np.ndarray:
    sessions = EFFECTS["sessions"] * (state.sessions - np.mean(SESSIONS))
    return (sessions + EFFECTS["home exercises"] * np.where(state.home, 1, -1)).to_numpy(float)


def _steady(state: pd.DataFrame) -> np.ndarray:
    return (EFFECTS["steadiness"] * state.steady).to_numpy(float)
