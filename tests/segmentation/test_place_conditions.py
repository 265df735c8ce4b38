"""Protects what other inputs tell of places: the side is found in wide vectors, tested masks count for nothing."""

import numpy as np

from mmcore.segmentation.place_conditions import NUMBERS, place_conditions

RNG = np.random.default_rng(0)
N, SIDE = 160, 8


def sides():
    """Vectors of which one number tells the side, and cells covered on that side."""
    right, vectors = RNG.random(N) < 0.5, RNG.normal(size=(N, 30))
    vectors[:, 7] += np.where(right, 1.5, -1.5)
    covered = np.zeros((N, SIDE, SIDE))
    covered[right, 3:5, 1], covered[~right, 3:5, 6] = 1, 1
    return right, vectors, covered.reshape(N, -1)


def test_the_side_is_told_of_cases_that_were_not_learnt_from():
    right, vectors, covered = sides()
    train, present = np.arange(100), RNG.random(N) > 0.1
    conditions = place_conditions(vectors, present, covered, train, None)
    assert (
        conditions.shape == (N, NUMBERS + 1)
        and (conditions[~present, :-1] == 0).all()
        and set(conditions[:, -1]) == {-1.0, 0.0}
    )
    unseen = np.arange(N) >= 100
    agreement = np.mean((conditions[unseen & present, 0] > 0) == right[unseen & present])
    assert max(agreement, 1 - agreement) > 0.85


def test_tested_masks_change_nothing_and_noise_tells_little():
    _right, vectors, covered = sides()
    train, present = np.arange(100), np.ones(N, bool)
    conditions = place_conditions(vectors, present, covered, train, np.arange(N) // 2)
    spoiled = covered.copy()
    spoiled[100:] = RNG.random(spoiled[100:].shape)
    assert np.array_equal(conditions, place_conditions(vectors, present, spoiled, train, np.arange(N) // 2))
    assert (place_conditions(vectors, present, np.zeros_like(covered), train, None)[:, :-1] == 0).all()
