"""The probability of disease given only what the inputs of a case show: nobody who reads them can know it better.

Worked out from the generator, not estimated. What an input shows is taken as read without error: findings of film, note
and ECG, the cardiothoracic ratio, each laboratory value that was measured. What is not shown (findings of an absent
input, columns that were not measured) is averaged over, given what is: over a grid of frailty, which ties the findings
and the laboratory values together, times every combination of the hidden findings.

Legend: N cases, G points of frailty, K combinations of what is hidden, V values.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from mmcore.cohorts.heart.labs import COLUMNS, risk_share, unmeasured_risk, value_chance
from mmcore.cohorts.heart.note import BREATHLESS
from mmcore.cohorts.heart.state import BASE, EFFECTS, RATIO, SHARES, finding_chance, interaction
from mmcore.cohorts.synthetic.belief import Belief

_SHOWN_BY = {
    "enlarged heart": "xray",
    "pleural effusion": "xray",
    "congestion": "xray",
    "family history": "note",
    "exertional leg pain": "note",
    "atrial fibrillation": "ecg",
    "T inversion": "ecg",
}
_FRAILTY = np.linspace(-3.25, 3.25, 53)  # [G]
_PRIOR = np.exp(-0.5 * _FRAILTY**2)
_NODES, _NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(9)  # of a normal variable


def probability_given_inputs(
    state: pd.DataFrame, labs: pd.DataFrame, breathless: np.ndarray, present: Mapping[str, np.ndarray]
) -> np.ndarray:
    """[N] probability of disease given the inputs that each case has.

    state: of `draw_state`. labs: with its gaps. breathless: [N] bool, whose note tells of it. present: input -> [N]
    bool.
    """
    probability = np.empty(len(state))
    rows = zip(state.to_dict("records"), labs.to_dict("records"), strict=True)
    for row, (case, values) in enumerate(rows):
        here = {name: bool(there[row]) for name, there in present.items()}
        belief = Belief(_PRIOR, BASE)
        for name, input in _SHOWN_BY.items():
            _read_finding(belief, name, case, here[input], bool(breathless[row]) if here["note"] else None)
        _read_interaction(belief, case, here)
        _read_labs(belief, values if here["labs"] else {})
        probability[row] = belief.probability()
    return probability


def _read_finding(
    belief: Belief, name: str, case: Mapping[Hashable, Any], shown: bool, breathless: bool | None
) -> None:
    """breathless: what the note tells, None without a note."""
    chance = finding_chance(name, _FRAILTY)
    options = []
    for there in (False, True):
        likelihood = 1.0
        if name == "enlarged heart":
            if shown:
                likelihood *= _density(case["cardiothoracic_ratio"], *RATIO[there])
            if breathless is not None:
                likelihood *= BREATHLESS[there] if breathless else 1 - BREATHLESS[there]
        elif shown:
            likelihood = float(there == case[name.replace(" ", "_")])
        if likelihood:
            logit = EFFECTS[name] * (there - SHARES[name])
            options.append((logit, likelihood * (chance if there else 1 - chance)))
    belief.consider([logit for logit, _chance in options], [chance for _logit, chance in options])


def _read_interaction(belief: Belief, case: Mapping[Hashable, Any], here: Mapping[str, bool]) -> None:
    """ST elevation, which the ECG shows, and chest pain, which the note tells."""
    options = []
    for elevated in [bool(case["ST_elevation"])] if here["ecg"] else [False, True]:
        for pain in [bool(case["chest_pain"])] if here["note"] else [False, True]:
            chance = np.ones_like(_FRAILTY)
            for name, there in (("ST elevation", elevated), ("chest pain", pain)):
                own = finding_chance(name, _FRAILTY)
                chance = chance * (own if there else 1 - own)
            options.append((float(interaction(elevated, pain)), chance))
    belief.consider([logit for logit, _chance in options], [chance for _logit, chance in options])


def _read_labs(belief: Belief, values: Mapping[Hashable, Any]) -> None:
    """values: by column; what is not there or None was not measured."""
    effect, hidden = EFFECTS["metabolic risk"], []
    for column in (column.name for column in COLUMNS):
        value = values.get(column)
        if value is None or pd.isna(value):
            hidden.append(column)
        else:
            belief.consider([effect * risk_share(column, value)], [value_chance(column, value, _FRAILTY)])
    if "smoker" in hidden:
        answers = ("no", "yes")
        belief.consider(
            [effect * risk_share("smoker", answer) for answer in answers],
            [value_chance("smoker", answer, _FRAILTY) for answer in answers],
        )
    mean, sd = unmeasured_risk([name for name in hidden if name not in ("smoker", "sex")], _FRAILTY)
    if sd:
        weights = [np.full_like(_FRAILTY, weight) for weight in _NODE_WEIGHTS]
        belief.consider(effect * (mean[:, None] + sd * _NODES), weights)


def _density(x: float, mean: float, sd: float) -> float:
    """Of the normal variables that `Draws.normal` draws, up to a constant; 0 where they are cut."""
    score = (x - mean) / sd
    return float(np.exp(-0.5 * score**2) / sd) if abs(score) < 3.2906 else 0.0
