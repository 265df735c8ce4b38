"""Bins of a histogram show what the data have, and no gaps or peaks of their own."""

import numpy as np
import pytest

from mmcore.figures.bins import bin_edges


@pytest.mark.parametrize("step", [1.0, 0.1, 0.01])
def test_numbers_with_few_digits_fall_evenly(step):
    values = np.round(np.tile(np.arange(30, 76) * step, 10), 2)
    counts = np.histogram(values, bin_edges(values, values.min(), values.max(), 32))[0]
    assert len({*counts[counts > 0].tolist()}) == 1 and (counts > 0).all()


def test_large_numbers_are_not_taken_for_whole_ones():
    values = 100_000 + np.random.default_rng(0).uniform(0, 1, 500)
    assert len(bin_edges(values, values.min(), values.max(), 18)) == 19


def test_a_single_value_has_bins_to_either_side():
    edges = bin_edges(np.full(5, 0.123), 0.123, 0.123, 18)
    assert edges[0] < 0.123 < edges[-1]
