"""Protects the variances everything rests on: against closed forms, with groups whole, and through a cache."""

import numpy as np
import pytest

from mmcore.evaluation.jackknife import BLOCKS, MOST_UNITS, LeftOut, leave_out, members, stacked

RNG = np.random.default_rng(0)


def binary(cases):
    target = RNG.integers(0, 2, cases)
    p = 1 / (1 + np.exp(-(RNG.normal(size=cases) + target)))
    return target, np.stack([1 - p, p], -1)


def delong(target, score):
    """Variance of an AUROC (DeLong et al. 1988)."""
    positive, negative = score[target == 1], score[target == 0]
    wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    return wins.mean(1).var(ddof=1) / len(positive) + wins.mean(0).var(ddof=1) / len(negative)


def test_auroc_has_the_variance_of_delong():
    target, outputs = binary(150)
    score = leave_out("binary", target, outputs, None, ["auroc"])["auroc"]
    assert score.variance[0] == pytest.approx(delong(target, outputs[:, 1]), rel=0.03)


def test_a_mean_has_its_textbook_variance():
    target, outputs = binary(80)
    score = leave_out("binary", target, outputs, None, ["accuracy"])["accuracy"]
    share = score.value[0]
    assert score.variance[0] == pytest.approx(share * (1 - share) / 79, rel=1e-4)
    assert score.freedom[0] <= 79 and score.units == score.cases == 80


def test_copies_in_a_group_count_once():
    target, outputs = binary(60)
    alone = leave_out("binary", target, outputs, None, ["auroc"])["auroc"]
    groups = np.repeat(np.arange(60), 4)
    copies = leave_out("binary", target.repeat(4), outputs.repeat(4, 0), groups, ["auroc"])["auroc"]
    assert copies.grouped and copies.units == 60 and not alone.grouped
    assert copies.variance[0] == pytest.approx(alone.variance[0], rel=1e-3)
    assert copies.independent == 0.5 and alone.independent == 1


def test_groups_of_one_case_are_cases():
    assert members(50, np.arange(50))[1:] == (50, False)


def test_many_cases_are_left_out_in_blocks_with_about_the_same_variance():
    target, outputs = binary(MOST_UNITS + 500)
    score = leave_out("binary", target, outputs, None, ["auroc"])["auroc"]
    assert score.units == BLOCKS
    assert score.variance[0] == pytest.approx(delong(target, outputs[:, 1]), rel=0.25)


def test_few_cases_that_bring_most_of_the_variance_leave_few_degrees_of_freedom():
    without = np.zeros((1, 100))
    without[0, :4] = 0.1
    score = LeftOut(np.zeros(1), without, False, 50, 100, 100)
    assert score.freedom[0] < 10


def test_it_goes_through_a_cache():
    target, outputs = binary(40)
    score = leave_out("binary", target, outputs, None, ["auroc"])["auroc"]
    back = LeftOut.unpacked(score.packed)
    assert (back.value, back.count, back.cases, back.class_units) == (
        score.value, score.count, score.cases, score.class_units,
    )  # fmt: skip
    assert (back.without == score.without).all() and back.grouped is False


def test_differences_are_combinations():
    target, outputs = binary(40)
    scores = leave_out("binary", target, outputs, None, ["accuracy", "brier"])
    both = stacked(list(scores.values()))
    gap = both.combined(np.array([[1.0, -1.0]]))
    assert gap.value[0] == pytest.approx(scores["accuracy"].value[0] - scores["brier"].value[0])
    assert gap.without.shape == (1, 40)


def test_few_cases_of_a_class_have_the_variance_of_delong_in_full():
    """Leaving out one of 6 moves an average over them by a fifth too much."""
    score = np.concatenate([RNG.normal(1, 1, 6), RNG.normal(0, 1, 54)])
    target = np.repeat([1, 0], [6, 54])
    own = leave_out("binary", target, np.stack([-score, score], -1), None, ["auroc"])["auroc"]
    variance, freedom = own.of_classes(True)
    assert variance[0] == pytest.approx(delong(target, score), rel=1e-4) and variance[0] < own.variance[0]
    assert own.freedom[0] <= freedom[0] <= 59
    assert own.of_classes(False)[0] == pytest.approx(own.variance), "a mean over all cases needs no such thing"
    back = LeftOut.unpacked(own.packed)
    assert back.of_classes(True)[0] == pytest.approx(variance)
    grouped = leave_out("binary", target, np.stack([-score, score], -1), np.arange(60) // 2, ["auroc"])["auroc"]
    assert grouped.of_classes(True)[0] == grouped.variance
