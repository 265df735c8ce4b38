"""Protects the interval of a mean: the usual one of single cases, and that of the groups where cases go together."""

import numpy as np
import pytest
from scipy import stats

from mmcore.evaluation.unit_means import mean_interval


def test_single_cases_have_the_t_interval():
    values = np.random.default_rng(0).normal(size=40)
    mean, low, high = mean_interval(values[:, None], None)
    expected = stats.t.interval(0.95, 39, values.mean(), stats.sem(values))
    assert mean[0] == pytest.approx(values.mean()) and (low[0], high[0]) == pytest.approx(expected)


def test_cases_that_repeat_within_groups_tell_no_more_than_one_of_each():
    values = np.random.default_rng(1).normal(size=12)
    repeated, groups = np.repeat(values, 5), np.repeat(np.arange(12), 5)
    once, together = mean_interval(values[:, None], None), mean_interval(repeated[:, None], groups)
    assert np.allclose(once, together)


def test_few_groups_tell_nothing():
    _mean, low, high = mean_interval(np.arange(8.0)[:, None], np.repeat([0, 1], 4))
    assert np.isnan(low).all() and np.isnan(high).all()
