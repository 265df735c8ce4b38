"""Protects the scales intervals are found on: textbook values, ranges, and what happens at the ends."""

import numpy as np
import pytest
from scipy import stats

from mmcore.evaluation import interval_scales as scales

Z = stats.norm.ppf(0.975)


def test_a_share_has_the_interval_of_wilson():
    low, high = scales.share(0.3, 50, Z)
    assert (low, high) == pytest.approx(stats.binomtest(15, 50).proportion_ci(method="wilson"), abs=1e-9)
    assert scales.share(0.0, 20, Z)[0] == pytest.approx(0, abs=1e-12) and scales.share(1.0, 20, Z)[1] == 1


def test_critical_values_are_those_of_t_and_of_the_normal_distribution():
    assert scales.critical([5, np.inf]) == pytest.approx([stats.t.ppf(0.975, 5), Z])


def test_an_area_keeps_within_its_range_and_holds_the_value():
    for value in (0.5, 0.9, 1.0):
        low, high = scales.area(value, 0.001, 12, 48, Z)
        assert 0 < low < value <= high <= 1
    assert scales.area(1.0, 0.0, 12, 48, Z)[0] < 0.97, "complete separation of few cases is not certainty"


def test_an_area_of_many_cases_has_the_plain_interval():
    low, high = scales.area(0.7, 1e-5, 5000, 5000, Z)
    assert (high - low) / 2 == pytest.approx(Z * 1e-5**0.5, rel=0.05)


def test_the_mean_of_two_shares_is_by_newcombe():
    values, counts = np.array([0.4, 0.8]), np.array([20, 30])
    low, high = scales.share(values, counts, Z)
    below, above = scales.average(values, low, high)
    assert below == pytest.approx(0.6 - np.hypot(*(values - low)) / 2)
    assert above == pytest.approx(0.6 + np.hypot(*(high - values)) / 2)
    together = scales.average(values, low, high, np.ones((2, 2)))
    assert together[0] == pytest.approx(low.mean()), "parts that move as one"


def test_errors_stay_above_zero_and_explained_variance_below_one():
    assert scales.error(0.1, 0.04, Z)[0] > 0
    low, high = scales.explained(0.9, 0.01, Z)
    assert low < 0.9 < high < 1


def test_average_precision_keeps_within_its_range():
    low, high = scales.precision_area(np.array([0.05, 0.6, 1.0]), 0.0004, 25, 2.06)
    assert (low > 0).all() and (high <= 1).all() and (low < [0.05, 0.6, 1.0]).all() and high[2] == 1


@pytest.mark.parametrize(("number", "needed"), [(15, 2), (20, 4)])
def test_a_share_that_was_asked_for_after_some_hits_is_held_as_often_as_said(number, needed):
    hits = np.arange(needed, number + 1)
    low, high = scales.share(hits / number, number, Z, needed)
    assert low[0] == 0, "just enough hits to ask say nothing against a small share"
    assert (low < hits / number).all() and (np.diff(low) >= 0).all() and (np.diff(high) >= 0).all()
    holds, plain = [], []
    for share in np.linspace(0.03, 0.97, 48):
        likely = stats.binom.pmf(hits, number, share)
        likely = likely / likely.sum()
        holds.append(likely[(low <= share) & (share <= high)].sum())
        wilson = scales.share(hits / number, number, Z)
        plain.append(likely[(wilson[0] <= share) & (share <= wilson[1])].sum())
    assert 0.935 < np.mean(holds) < 0.97 and min(holds) > 0.9
    assert min(plain) < 0.85 < min(holds), "what an interval would do that forgets why it was asked for"


def test_an_area_that_only_one_side_can_miss_spends_all_its_error_there():
    perfect = scales.area(1.0, 0.0, 6, 54, Z)[0]  # no result rules out an area above this from below
    one_tail = float(stats.norm.ppf(0.95))
    for value in (0.86, 0.92):
        high = scales.area(value, 0.005, 6, 54, Z)[1]
        single, two = (1 - scales.area(1 - value, 0.005, 6, 54, t)[0] for t in (one_tail, Z))
        assert high == pytest.approx(max(single, perfect)) and high < two
    in_the_middle = scales.area(0.5, 0.002, 60, 60, Z)
    assert in_the_middle[1] - 0.5 == pytest.approx(0.5 - in_the_middle[0], rel=1e-6), "two sides where both can miss"


@pytest.mark.parametrize(("number", "lowest"), [(60, 0.93), (100, 0.935)])
def test_a_share_that_few_cases_decide_is_held_more_evenly_than_by_wilson(number, lowest):
    hits = np.arange(number + 1)
    low, high = scales.share(hits / number, number, Z, counted=True)
    assert (np.diff(low) >= 0).all() and (np.diff(high) >= 0).all() and (low[0], high[-1]) == (0, 1)
    assert ((low <= hits / number) & (hits / number <= high)).all()
    assert low == pytest.approx(1 - high[::-1]), "hits are to misses as misses to hits"
    likely = stats.binom.pmf(hits, number, np.linspace(0.9, 0.95, 41)[:, None])
    holds, plain = (
        (likely * ((bounds[0] <= at) & (at <= bounds[1]))).sum(1)
        for at in [np.linspace(0.9, 0.95, 41)[:, None]]
        for bounds in ((low, high), scales.share(hits / number, number, Z))
    )
    assert lowest < holds.min() and holds.max() <= 0.971 and np.ptp(holds) < np.ptp(plain)


def test_errors_of_groups_reach_further_up_than_a_logarithm():
    low, high = scales.error_of_groups(0.2, 0.0004, 2.0)
    plain = scales.error(0.2, 0.0004, 2.0)
    assert plain[0] < low < 0.2 < plain[1] < high < plain[1] * 1.05
    assert np.isfinite(scales.error_of_groups(0.2, 1.0, 12.7)[1]), "even where hardly anything can be told"
