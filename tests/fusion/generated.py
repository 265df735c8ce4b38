"""Cases of known composition: what an input knows alone, what all inputs know, what only all of them together tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Generated:
    """values: input -> [N, D] float32. target: [N] 0 or 1. probability: [N] true chance of 1, of which it was drawn."""

    values: Mapping[str, np.ndarray]
    target: np.ndarray
    probability: np.ndarray


def generated(
    cases: int,
    *,
    unique: Mapping[str, float] | None = None,
    redundant: float = 0.0,
    synergy: float = 0.0,
    inputs: Sequence[str] = ("a", "b"),
    dims: int = 8,
    noise: float = 0.3,
    seed: int = 0,
) -> Generated:
    """Cases drawn from a logistic model of hidden signs (+1 or -1).

    unique: log-odds that turn on a sign which this input alone shows. redundant: those on a sign that every input
    shows. synergy: those on the product of one sign per input, so that no proper subset of inputs tells anything of it.
    An input is its three signs along directions of its own, at right angles, plus noise of this standard deviation.
    """
    chance = np.random.default_rng(seed)
    shared = chance.choice([-1.0, 1.0], cases)
    own = {name: chance.choice([-1.0, 1.0], cases) for name in inputs}
    part = {name: chance.choice([-1.0, 1.0], cases) for name in inputs}
    odds = redundant * shared + synergy * np.prod(list(part.values()), 0)
    odds = odds + sum(weight * own[name] for name, weight in (unique or {}).items())
    probability = 1 / (1 + np.exp(-odds))
    values = {}
    for name in inputs:
        directions = np.linalg.qr(chance.standard_normal((dims, 3)))[0].T * np.sqrt(dims / 3)
        signs = np.stack([own[name], shared, part[name]], 1)
        values[name] = (signs @ directions + noise * chance.standard_normal((cases, dims))).astype(np.float32)
    return Generated(values, (chance.random(cases) < probability).astype(int), probability)
