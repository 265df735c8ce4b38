"""Protects resamples: groups are drawn whole, and the same seed draws the same."""

import numpy as np

from mmcore.evaluation import resamples


def test_groups_are_drawn_whole():
    groups = np.repeat(np.arange(20), 5)
    weights = resamples(100, groups, draws=50)
    assert weights.shape == (100, 50)
    assert (weights.reshape(20, 5, 50) == weights.reshape(20, 5, 50)[:, :1]).all()
    assert (weights.sum(0) == 100).all()
    assert weights.reshape(20, 5, 50)[:, 0].max() > 1


def test_without_groups_cases_are_drawn_and_the_same_seed_draws_the_same():
    weights = resamples(100, draws=50)
    assert (weights.sum(0) == 100).all()
    assert (weights == resamples(100, draws=50)).all() and not (weights == resamples(100, draws=50, seed=1)).all()
