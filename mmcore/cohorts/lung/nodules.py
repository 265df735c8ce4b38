"""Whether there is a nodule, of what sort, and why: the hidden state and the true probability of each class."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import expit

from mmcore.cohorts.synthetic.belief import Belief
from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.risk_table import DrawnTable, EitherOr, Quantity, normal_nodes

CLASSES = ("none", "benign", "malignant")
COLUMNS = (
    Quantity("age", "years", 64, 9, (40, 90), weight=0.5),
    EitherOr("sex", ("female", "male"), 0.52),
    Quantity("pack_years", "pack-years", 31, 13, (0, 80), weight=0.7),
    EitherOr("asbestos", ("no", "yes"), 0.2, weight=0.3),
    Quantity("fev1", "% of expected", 79, 13, (30, 120), weight=-0.3),
    Quantity("crp", "mg/L", 12, 6, (0, 40)),
)
# Log-odds that a nodule is malignant rather than benign. A halo and signs of infection act together only.
EFFECTS = {
    "spiculated margin": 2.2,  # image only
    "calcification": -2.2,  # image only
    "size": 1.0,  # image only, per standard deviation
    "weight loss": 1.3,  # report only
    "risk": 1.2,  # history only, per standard deviation
}
GROWTH = {"grown": 1.7, "unchanged": -1.7, "unknown": 0.0}  # report only
GROWTH_SHARES = {"grown": 0.3, "unchanged": 0.3, "unknown": 0.4}
SHARES = {
    "spiculated margin": 0.4,
    "calcification": 0.3,
    "weight loss": 0.3,
    "halo": 0.45,  # image
    "infection": 0.45,  # report
}
HALO, NO_HALO = -5.0, 0.5  # log-odds that signs of infection add where the image shows a halo, and where it does not
NODULE, NODULE_RISK = 0.85, 0.6  # log-odds of a nodule at average risk, and per standard deviation
SUSPECTED = {True: 0.85, False: 0.15}  # share of reports that suspect an opacity where there is a nodule, and is none


def together(halo: np.ndarray | bool, infection: np.ndarray | bool) -> np.ndarray:
    """Log-odds that image and report settle only together.

    With signs of infection a halo is inflammation; without them, a tumour that grows along the air sacs. Centred on the
    share of infections, so that a halo by itself says nothing.
    """
    centred = np.asarray(infection, float) - SHARES["infection"]
    return np.where(halo, HALO, NO_HALO) * centred


def draw_patients(cases: range, seed: int, risk: np.ndarray) -> pd.DataFrame:
    """Hidden state [N rows], with `malignant` (log-odds, given a nodule), its parts, and the drawn class `target`."""
    draw = Draws(cases, seed, topic=20, count=16)
    state = pd.DataFrame({"nodule": draw.happens(expit(NODULE + NODULE_RISK * risk))})
    logit = EFFECTS["risk"] * risk
    for name, share in SHARES.items():
        state[name.replace(" ", "_")] = draw.happens(share)
        if name in EFFECTS:
            logit = logit + EFFECTS[name] * (state[name.replace(" ", "_")] - share)
    state["size"] = draw.normal()
    drawn = np.searchsorted(np.cumsum(list(GROWTH_SHARES.values()))[:2], draw.uniform())
    state["growth"] = np.where(state.nodule, np.array(list(GROWTH))[drawn], "unknown")
    state["suspected"] = draw.happens(np.where(state.nodule, SUSPECTED[True], SUSPECTED[False]))
    logit = logit + EFFECTS["size"] * state["size"] + state.growth.map(GROWTH).to_numpy(float)
    state["malignant"] = logit + together(state.halo, state.infection)
    malignant = draw.happens(expit(state.malignant.to_numpy()))
    state["target"] = np.where(state.nodule, np.where(malignant, 2, 1), 0)
    return state


def probabilities_given_inputs(
    state: pd.DataFrame, history: DrawnTable, present: Mapping[str, np.ndarray]
) -> np.ndarray:
    """[N, 3] probability of each class given the inputs that a case has, each read without error."""
    risk, unsure = history.shown(present["history"])
    rows = np.empty((len(state), 3))
    for row, case in enumerate(state.to_dict("records")):
        image, report = bool(present["ct"][row]), bool(present["report"][row])
        values, weights = normal_nodes(float(unsure[row]))
        some = expit(NODULE + NODULE_RISK * (risk[row] + values))  # chance of a nodule, at each risk that may be
        belief = Belief(np.ones(1), EFFECTS["risk"] * float(risk[row]))
        belief.consider(EFFECTS["risk"] * values, [np.array([weight]) for weight in weights * some])
        with_nodule, without = float(weights @ some), 1 - float(weights @ some)
        if report:
            with_nodule *= _chance(SUSPECTED[True], case["suspected"]) * GROWTH_SHARES[case["growth"]]
            without *= _chance(SUSPECTED[False], case["suspected"]) * (1.0 if case["growth"] == "unknown" else 0.0)
        if image:
            with_nodule, without = (with_nodule, 0.0) if case["nodule"] else (0.0, without)
        _read_findings(belief, case, image, report)
        chance, malignant = with_nodule / (with_nodule + without), belief.probability()
        rows[row] = 1 - chance, chance * (1 - malignant), chance * malignant
    return rows


def _chance(share: float, happened: bool) -> float:
    return share if happened else 1 - share


def _read_findings(belief: Belief, case: Mapping, image: bool, report: bool) -> None:
    """What image and report show of a nodule, if there is one."""
    for name, shown in (("spiculated margin", image), ("calcification", image), ("weight loss", report)):
        share, effect = SHARES[name], EFFECTS[name]
        options = [case[name.replace(" ", "_")]] if shown else [False, True]
        belief.consider([effect * (there - share) for there in options], _weights(share, options))
    size = (np.array([case["size"]]), np.ones(1)) if image else normal_nodes(1.0)
    belief.consider(EFFECTS["size"] * size[0], [np.array([weight]) for weight in size[1]])
    growth = [case["growth"]] if report else list(GROWTH)
    belief.consider([GROWTH[name] for name in growth], [np.array([GROWTH_SHARES[name]]) for name in growth])
    halos = [case["halo"]] if image else [False, True]
    infections = [case["infection"]] if report else [False, True]
    pairs = [(halo, infection) for halo in halos for infection in infections]
    chances = [_chance(SHARES["halo"], h) * _chance(SHARES["infection"], i) for h, i in pairs]
    belief.consider([float(together(h, i)) for h, i in pairs], [np.array([chance]) for chance in chances])


def _weights(share: float, options: list) -> list[np.ndarray]:
    return [np.array([_chance(share, there)]) for there in options]
