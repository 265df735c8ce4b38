"""Shapley values of inputs: what each input adds to a prediction, averaged over all orders in which they may come.

An input that is absent from a coalition is missing, as a missing input of a case is. Shapley 1953, "A value for
n-person games"; for predictions: Strumbelj & Kononenko 2010, JMLR 11; Lundberg & Lee 2017, NeurIPS.

Legend: R replicates, B cases, M inputs, V coalitions.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from mmcore.training.panel import PanelReading

EXACT = 8  # inputs up to which all 2^M coalitions are asked
_ORDERS = 128  # sampled orders of more inputs, each taken both ways round


@dataclass(frozen=True, eq=False)
class ShapleyValues:
    """What each present input of one case adds to the score of the predicted class.

    values: input -> Shapley value, mean over replicates; spread: its sd over replicates. none, whole: score without
    any input and with all. delta: sum of the values less (whole - none), 0 up to rounding. exact: all coalitions were
    asked. chosen: the class (0 for regression). of: "logit" (log-odds; the value for regression) or "probability".
    """

    values: dict[str, float]
    spread: dict[str, float]
    none: float
    whole: float
    delta: float
    exact: bool
    chosen: int
    of: str


def shapley(reading: PanelReading, of: Literal["logit", "probability"] = "logit") -> list[ShapleyValues]:
    """Shapley values of the inputs of B cases. Exact up to 8 inputs, by sampled orders beyond."""
    names = list(reading.inputs)
    coalitions, weights = _all(len(names)) if len(names) <= EXACT else _sampled(len(names))
    chosen = reading.chosen()
    keep = {
        name: own.mask[:, None] & torch.from_numpy(coalitions[:, i])[None, :, None]
        for i, (name, own) in enumerate(reading.inputs.items())
    }
    outputs = reading.under(keep)  # [R, B, V, O]
    panel = reading.panel
    if of == "probability" and panel.task.name != "regression":
        score = panel.activate(outputs).gather(-1, chosen[None, :, None, None].expand(*outputs.shape[:3], 1))[..., 0]
    else:
        score = panel.score(outputs, chosen[:, None])
    scores = score.numpy().astype(float)  # [R, B, V]
    values = scores @ weights  # [R, B, M]
    masks, by_case = reading.masks, []
    empty, full = int((~coalitions).all(1).argmax()), int(coalitions.all(1).argmax())
    for b in range(len(reading)):
        here = [i for i, name in enumerate(names) if masks[name][b].any()]
        mean, sd = values[:, b].mean(0), values[:, b].std(0)
        none, whole = float(scores[:, b, empty].mean()), float(scores[:, b, full].mean())
        own = {names[i]: float(mean[i]) for i in here}
        by_case.append(
            ShapleyValues(
                values=own,
                spread={names[i]: float(sd[i]) for i in here},
                none=none,
                whole=whole,
                delta=sum(own.values()) - (whole - none),
                exact=len(names) <= EXACT,
                chosen=int(chosen[b]),
                of=of,
            )
        )
    return by_case


def passes(count: int) -> int:
    """How many coalitions of this many inputs are asked, at most."""
    return 2**count if count <= EXACT else 2 * _ORDERS * count + 1


def importance(by_case: list[ShapleyValues]) -> dict[str, float]:
    """Mean |value| of each input over the cases that have it."""
    names = dict.fromkeys(name for case in by_case for name in case.values)
    return {name: float(np.mean([abs(case.values[name]) for case in by_case if name in case.values])) for name in names}


def _all(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Every coalition [2^M, M] bool, and weights [2^M, M] such that scores @ weights are the Shapley values."""
    coalitions = np.array(list(itertools.product([False, True], repeat=count)), dtype=bool).reshape(-1, count)
    size = coalitions.sum(1)
    weights = np.zeros(coalitions.shape)
    for i in range(count):
        with_it = coalitions[:, i]
        share = [1 / (count * math.comb(count - 1, s - 1)) for s in size[with_it]]
        weights[with_it, i] = share
        share = [1 / (count * math.comb(count - 1, s)) for s in size[~with_it]]
        weights[~with_it, i] = np.negative(share)
    return coalitions, weights


def _sampled(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Coalitions met on sampled orders, and their weights; each order also backwards, which steadies the mean."""
    chance = np.random.default_rng(0)
    forward = [chance.permutation(count) for _ in range(_ORDERS)]
    rows: dict[bytes, int] = {}
    coalitions: list[np.ndarray] = []
    steps = []  # (row before, row after, input)

    def row(coalition: np.ndarray) -> int:
        key = coalition.tobytes()
        if key not in rows:
            rows[key] = len(coalitions)
            coalitions.append(coalition.copy())
        return rows[key]

    orders = [order for drawn in forward for order in (drawn, drawn[::-1])]
    for order in orders:
        coalition = np.zeros(count, bool)
        before = row(coalition)
        for i in order:
            coalition[i] = True
            after = row(coalition)
            steps.append((before, after, i))
            before = after
    weights = np.zeros((len(coalitions), count))
    for before, after, i in steps:
        weights[after, i] += 1 / len(orders)
        weights[before, i] -= 1 / len(orders)
    return np.array(coalitions), weights
