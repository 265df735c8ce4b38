"""Protects thresholds of several labels: the best F1 of all that there are, and what joins them to probabilities."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import f1_score

from mmcore.training.thresholds import best_thresholds, divided, expected_thresholds, with_thresholds


def test_no_other_threshold_has_a_higher_f1():
    rng = np.random.default_rng(0)
    held = rng.random((60, 2)) < [0.4, 0.15]
    stated = np.round(np.clip(0.3 * held + rng.random((60, 2)) * 0.6, 0, 1), 2)
    chosen = best_thresholds(held, stated)
    for k in range(2):
        best = max(f1_score(held[:, k], stated[:, k] >= at) for at in np.unique(stated[:, k]))
        assert f1_score(held[:, k], stated[:, k] >= chosen[k]) == best
    assert best_thresholds(np.zeros((5, 1), bool), np.full((5, 1), 0.2)) == [0.5]


def test_true_probabilities_give_a_threshold_of_half_the_best_f1():
    stated = np.random.default_rng(1).random((4000, 1))
    at = expected_thresholds(stated)[0]
    called = stated[:, 0] >= at
    f1 = 2 * stated[called].sum() / (called.sum() + stated.sum())
    assert abs(at - f1 / 2) < 0.01, "Lipton, Elkan & Naryanaswamy 2014"


def test_joined_and_divided():
    stated = np.random.default_rng(2).random((3, 4, 2))
    joined = with_thresholds(stated, np.array([0.2, 0.7]))
    probabilities, thresholds = divided(joined, 2)
    assert np.allclose(probabilities, stated) and np.allclose(thresholds, [0.2, 0.7])
    assert (divided(stated, 2)[1] == 0.5).all()
