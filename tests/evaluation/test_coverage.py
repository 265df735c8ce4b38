"""Protects intervals by simulation against known truth: small and seeded; the large ones are benchmarks."""

import numpy as np
import pytest

from mmcore.evaluation import scores
from tests.benchmarks.simulated import Model, coverage, cross_validated

SIMULATIONS = 120
LOWEST = 0.88  # what .94 comes to in 120 cohorts at worst, about


@pytest.mark.parametrize(
    ("model", "cases"),
    [
        (Model(0.5, 0.98), 60),
        (Model(0.1, 0.7), 60),
        (Model(0.05, 0.9), 150),
        (Model(0.4, 0.7, groups=5, uneven=0.6), 0),
        (Model(0.4, 0.9, groups=12, uneven=0.6), 0),
    ],
    ids=["near 1", "few positive", "rare", "5 groups", "12 groups"],
)
def test_intervals_hold_the_truth(model, cases):
    names = ("auroc", "accuracy", "balanced_accuracy", "f1", "brier", "ece")
    rows = coverage(model, cases, names, SIMULATIONS)
    assert min(rows["auroc"].bounded, rows["accuracy"].bounded) > 0.5
    for name, row in rows.items():
        assert row.bounded < 0.25 or row.holds >= LOWEST, (name, row)


def test_four_groups_get_no_interval():
    assert coverage(Model(0.4, 0.8, groups=4), 0, ("auroc", "brier"), 5)["auroc"].bounded == 0


def test_noise_that_was_learnt_is_rarely_above_chance():
    """Plain intervals call it so twice as often as they should."""
    above = {None: 0, 5: 0}
    for seed in range(100):
        target, outputs = cross_validated(np.random.default_rng(seed), 100, 60, 0.0)
        for folds in above:
            above[folds] += scores("binary", target, outputs, metrics=("auroc",), folds=folds)["auroc"].low > 0.5
    assert above[5] <= 5 and above[5] <= above[None]
