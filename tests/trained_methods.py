"""Small trained methods and hand-made models for tests of explanations."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

# What takes seconds to import waits until it is used: the process that only hands tests to workers reads this, too.
if TYPE_CHECKING:
    from mmcore.base.values import Tokens

CASES, PLANTED = 60, 2  # cases, and the token of `film` that carries the target


class Features:
    """Tokens held in memory: one array [n, D] per case, of no rows where the input is missing."""

    def __init__(self, arrays) -> None:
        self.arrays = [np.asarray(a, np.float32) for a in arrays]
        self.counts = np.array([len(a) for a in self.arrays])
        self.dims, self.encoder = self.arrays[0].shape[1], "made up"

    def tokens(self, rows=None) -> Tokens:
        import torch

        from mmcore.base.values import Tokens

        chosen = self.arrays if rows is None else [self.arrays[int(i)] for i in rows]
        longest = max([1, *(len(a) for a in chosen)])
        values = torch.zeros(len(chosen), longest, self.dims)
        mask = torch.zeros(len(chosen), longest, dtype=torch.bool)
        for i, array in enumerate(chosen):
            values[i, : len(array)], mask[i, : len(array)] = torch.from_numpy(array), True
        return Tokens(values, mask)

    def pooled(self):
        vectors = [a.mean(0) if len(a) else np.zeros(self.dims, np.float32) for a in self.arrays]
        return np.stack(vectors).astype(np.float32), self.counts > 0


def cohort():
    """film: 5 tokens, the target planted in one of them; wave: 3 to 6 tokens of noise, some missing; labs: a table."""
    chance = np.random.default_rng(0)
    target = chance.integers(0, 2, CASES)
    film = chance.normal(0, 0.5, (CASES, 5, 4))
    film[:, PLANTED, 0] += 4 * (2 * target - 1)
    wave = [chance.normal(size=(chance.integers(3, 7), 7)) for _ in range(CASES)]
    wave[4] = wave[9] = wave[4][:0]
    labs = np.zeros((CASES, 3, 6))
    for column in range(3):
        labs[:, column, 2 * column] = chance.normal(3, 2, CASES)
    return {"film": Features(film), "wave": Features(wave), "labs": Features(labs)}, target


def folds(count=3):
    parts = np.array_split(np.random.default_rng(3).permutation(CASES), count)
    return [(np.concatenate([p for p in parts if p is not test]), test) for test in parts]


@pytest.fixture(scope="session")
def made():
    """(features, target, folds) of 60 cases with three inputs."""
    features, target = cohort()
    return features, target, folds()


@pytest.fixture(scope="session")
def trained(made):
    """A function that trains a fusion on the made-up cohort, once each."""
    from mmcore.training import FitPlan, TrainingData, TrainingSpec, fit
    from mmcore.training.tasks import Task

    features, target, divided = made
    reference = {}

    def train(fusion: str, epochs: int = 12, encoders=None, inputs=("film", "wave", "labs")):
        key = (fusion, epochs, bool(encoders), inputs)
        if key not in reference:
            reference[key] = fit(
                TrainingData(
                    features, target, Task(name="binary", classes=("well", "ill")), divided, encoders=encoders or {}
                ),
                FitPlan(fusion, inputs, training=TrainingSpec(epochs=epochs, width=16, learning_rate=5e-3), seeds=2),
            )
        return reference[key]

    return train


@pytest.fixture(scope="session")
def read(made):
    """A function that reads the cases of the first test fold with the replicates that had not seen them."""
    features, _target, divided = made

    def reading(fitted, count: int = 8):
        own = [i for i, (fold, _seed) in enumerate(fitted.replicates) if fold == 0]
        rows = divided[0][1][:count]
        return fitted.panel(own).read({name: features[name].tokens(rows) for name in fitted.inputs})

    return reading


class HandMade:
    """A model whose log-odds are a plain function of which tokens are kept; stands in for a Reading of B cases.

    counts: tokens of each input. score: kept [B, V, N] per input -> log-odds of class 1, [B, V].
    """

    def __init__(self, counts, score, cases=2) -> None:
        import torch

        from mmcore.training.panel import Panel
        from mmcore.training.tasks import Task

        self.score_of = score
        self.inputs = {name: SimpleNamespace(mask=torch.ones(cases, n, dtype=torch.bool)) for name, n in counts.items()}
        self.panel = object.__new__(Panel)
        self.panel.task = Task(name="binary", classes=("well", "ill"))
        self.panel.standards = (torch.zeros(1), torch.ones(1))

    def __len__(self) -> int:
        return len(next(iter(self.inputs.values())).mask)

    @property
    def masks(self):
        return {name: tokens.mask.numpy() for name, tokens in self.inputs.items()}

    def under(self, keep):
        import torch

        retained = {name: torch.as_tensor(mask).float() for name, mask in keep.items()}
        return self.score_of(retained)[None, ..., None]

    def answer(self):
        return self.under({name: tokens.mask[:, None] for name, tokens in self.inputs.items()})[:, :, 0], {}

    def chosen(self):
        import torch

        return torch.ones(len(self), dtype=torch.long)


@pytest.fixture(scope="session")
def hand_made():
    return HandMade
