"""Protects the random numbers of synthetic cohorts: by case, within bounds, and no case without any input."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.cohorts.synthetic.draws import Draws, draw_presence, normal_below, white_noise


def test_a_case_draws_the_same_however_many_there_are():
    few, many = (Draws(range(count), 5, topic=2, count=4) for count in (3, 9))
    assert np.array_equal(few.normal(shape=(2,)), many.normal(shape=(2,))[:3])
    assert np.array_equal(few.happens(0.4), many.happens(0.4)[:3])
    assert np.array_equal(white_noise(range(2), 1, 3, (4,)), white_noise(range(5), 1, 3, (4,))[:2])
    assert not np.array_equal(white_noise(range(2), 1, 3, (4,)), white_noise(range(2), 1, 4, (4,))), "topics differ"


def test_normals_are_cut_and_their_distribution_is_known():
    drawn = Draws(range(400), 0, topic=0, count=50).normal(shape=(50,))
    assert np.abs(drawn).max() < 3.3
    assert (drawn < 1).mean() == pytest.approx(float(normal_below(np.array(1.0))), abs=0.01)


def test_no_case_is_without_all_inputs():
    present = np.stack(list(draw_presence(("a", "b"), 0.7, range(300), 0, topic=1).values()))
    assert present.any(axis=0).all() and 0.3 < present.mean() < 0.7
