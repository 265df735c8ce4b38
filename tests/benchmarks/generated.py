"""Cohorts of feature vectors drawn at random, of which it is known what can be learnt: an interaction, or nothing."""

from __future__ import annotations

import numpy as np

from mmcore.training import TrainingData
from mmcore.training.tasks import Task
from tests.benchmarks.bench_training import Arrays

BINARY = Task(name="binary", classes=("no", "yes"))


def interaction(cases: int = 1000, dims: int = 64, seed: int = 0) -> TrainingData:
    """Two inputs whose hidden factors decide by their product: what each says alone depends on the other."""
    chance = np.random.default_rng(seed)
    hidden = {name: chance.standard_normal((cases, 3)) for name in "ab"}
    odds = 4.5 * np.tanh(2 * hidden["a"][:, 0]) * np.tanh(2 * hidden["b"][:, 0])
    odds = odds + 1.2 * (hidden["a"][:, 1] + hidden["b"][:, 1])
    target = (chance.random(cases) < 1 / (1 + np.exp(-odds))).astype(int)
    features = {}
    for name, factors in hidden.items():
        mixing = chance.standard_normal((3, dims))
        values = factors @ mixing + 1.5 * chance.standard_normal((cases, dims))
        features[name] = Arrays(name, values.astype(np.float32))
    parts = np.array_split(chance.permutation(cases), 5)
    folds = [(np.concatenate([p for p in parts if p is not test]), test) for test in parts]
    return TrainingData(features, target, BINARY, folds)


def noise(copies: int = 0, cases: int = 600, dims: int = 64, seed: int = 0) -> TrainingData:
    """Labels that say nothing about the features. copies: altered ones of each case, to be trained on as well.

    Folds hold equally many of each class: else leaving a class out of the test fold tells on it, and less than half
    looks like something learnt.
    """
    chance = np.random.default_rng(seed)
    values = {name: chance.standard_normal((cases, dims)).astype(np.float32) for name in "ab"}
    altered = {
        name: [
            Arrays(name, own + 0.3 * chance.standard_normal(own.shape).astype(np.float32)) for _copy in range(copies)
        ]
        for name, own in values.items()
    }
    target, part = np.arange(cases) % 2, np.arange(cases) // 2 % 5
    folds = [(np.flatnonzero(part != k), np.flatnonzero(part == k)) for k in range(5)]
    features = {name: Arrays(name, own) for name, own in values.items()}
    return TrainingData(features, target, BINARY, folds, copies=altered if copies else {})
