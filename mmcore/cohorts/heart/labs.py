"""The laboratory table: seven columns, five of which carry metabolic risk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mmcore.base.values import Column, ColumnSpec, Evidence
from mmcore.cohorts.heart.state import EFFECTS
from mmcore.cohorts.synthetic.draws import Draws, normal_below

COLUMNS = (
    ColumnSpec(name="age", unit="years"),
    ColumnSpec(name="sex", type="category", categories=("female", "male")),
    ColumnSpec(name="systolic", unit="mmHg"),
    ColumnSpec(name="ldl", unit="mmol/L"),
    ColumnSpec(name="hba1c", unit="%"),
    ColumnSpec(name="bmi", unit="kg/m²"),
    ColumnSpec(name="smoker", type="category", categories=("no", "yes")),
)
# Columns of numbers: mean, standard deviation, bounds, decimals.
_NUMBERS = {
    "age": (61, 11, (28, 92), 0),
    "systolic": (136, 17, (92, 205), 0),
    "ldl": (3.3, 0.9, (1.1, 7.2), 1),
    "hba1c": (6.0, 0.9, (4.4, 11.5), 1),
    "bmi": (27.5, 4.2, (17, 46), 1),
}
_SMOKERS = 0.27
# Metabolic risk is a weighted sum of standard scores.
WEIGHTS = {"age": 0.30, "systolic": 0.34, "ldl": 0.34, "hba1c": 0.38, "smoker": 0.30}
_COMMON = 0.35  # correlation of the columns with each other: a metabolic syndrome runs in all of them
_UNMEASURED = 0.04
_NOTABLE = 0.3  # smallest effect on the log-odds that counts as evidence


def draw_labs(cases: range, seed: int) -> tuple[pd.DataFrame, np.ndarray, pd.DataFrame, np.ndarray]:
    """Table [N rows] with gaps, metabolic risk [N] in standard deviations, its share by column [N, 5], frailty [N]."""
    draw = Draws(cases, seed, topic=4, count=32)
    syndrome = draw.normal()
    table, scores = {}, {}
    for name, (mean, sd, bounds, decimals) in _NUMBERS.items():
        raw = np.sqrt(_COMMON) * syndrome + np.sqrt(1 - _COMMON) * draw.normal()
        table[name] = np.round(np.clip(mean + sd * raw, *bounds), decimals)
        scores[name] = (table[name] - mean) / sd
    smokes = draw.happens(_smoking(syndrome))
    scores["smoker"] = _smoker_score(smokes)
    shares = pd.DataFrame({name: weight * scores[name] for name, weight in WEIGHTS.items()})
    shares /= _spread()
    table["sex"] = np.where(draw.happens(0.54), "male", "female")
    table["smoker"] = np.where(smokes, "yes", "no")
    labs = pd.DataFrame(table)[[column.name for column in COLUMNS]]
    labs = labs.astype({"sex": object, "smoker": object})
    gaps = draw.uniform(shape=(len(COLUMNS),)) < _UNMEASURED
    gaps[:, [0, 1]] = False  # age and sex are always known
    return labs.mask(gaps), shares.sum(axis=1).to_numpy(), shares, syndrome


def _smoking(syndrome: np.ndarray) -> np.ndarray:
    return np.clip(_SMOKERS + 0.10 * syndrome, 0.02, 0.9)


def _smoker_score(smokes: np.ndarray | bool) -> np.ndarray:
    return (np.asarray(smokes, float) - _SMOKERS) / np.sqrt(_SMOKERS * (1 - _SMOKERS))


def risk_share(column: str, value: float | str) -> float:
    """What a measured value adds to metabolic risk, in standard deviations."""
    if column not in WEIGHTS:
        return 0.0
    if column == "smoker":
        score = float(_smoker_score(value == "yes"))
    else:
        mean, sd, _bounds, _decimals = _NUMBERS[column]
        score = (float(value) - mean) / sd
    return WEIGHTS[column] * score / _spread()


def value_chance(column: str, value: float | str, syndrome: np.ndarray) -> np.ndarray:
    """Chance of a value of this column at each strength of the metabolic syndrome; constant for sex."""
    if column == "sex":
        return np.ones_like(syndrome)
    if column == "smoker":
        return _smoking(syndrome) if value == "yes" else 1 - _smoking(syndrome)
    mean, sd, (low, high), decimals = _NUMBERS[column]
    half, value = 0.5 * 10.0**-decimals, float(value)
    ends = [-np.inf if value <= low else value - half, np.inf if value >= high else value + half]
    below = [normal_below(((end - mean) / sd - np.sqrt(_COMMON) * syndrome) / np.sqrt(1 - _COMMON)) for end in ends]
    return below[1] - below[0]


def unmeasured_risk(columns: Sequence[str], syndrome: np.ndarray) -> tuple[np.ndarray, float]:
    """Mean at each strength of the syndrome, and standard deviation, of what columns of numbers add to risk."""
    weights = np.array([WEIGHTS.get(name, 0.0) for name in columns]) / _spread()
    return np.sqrt(_COMMON) * syndrome * weights.sum(), float(np.sqrt((1 - _COMMON) * (weights**2).sum()))


def _spread() -> float:
    """Standard deviation of the weighted sum, so that risk has one of 1."""
    weights = np.array(list(WEIGHTS.values()))
    return float(np.sqrt((1 - _COMMON) * (weights**2).sum() + _COMMON * weights.sum() ** 2))


def find_evidence(labs: pd.DataFrame, shares: pd.DataFrame) -> list[tuple[Evidence, ...]]:
    """The columns of each case that move the log-odds, with how far they move them from the average patient's."""
    effects = (EFFECTS["metabolic risk"] * shares).where(labs[shares.columns].notna())
    names = {"age": "age", "systolic": "systolic pressure", "ldl": "LDL", "hba1c": "HbA1c", "smoker": "smoking"}
    return [
        tuple(Evidence(names[name], (Column(name),), float(x)) for name, x in row.items() if abs(x) >= _NOTABLE)
        for row in effects.to_dict("records")
    ]
