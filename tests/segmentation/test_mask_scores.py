"""Protects scores of masks: Dice by hand, pointing, cases without the finding apart, intervals paired and by groups."""

import numpy as np
import pytest

from mmcore.segmentation.mask_scores import compared, mean_of, pixel_dice, scores_of


def test_dice_by_hand_and_of_nothing():
    a, b = np.zeros((4, 4), bool), np.zeros((4, 4), bool)
    assert pixel_dice(a, b) == 1
    a[0, :2], b[0, 1:4] = True, True
    assert pixel_dice(a, b) == pytest.approx(2 * 1 / 5) and pixel_dice(a, ~a) == 0


def test_cases_without_the_finding_are_told_apart():
    mask = np.zeros((8, 8), bool)
    mask[:4, :4] = True
    cells = np.array([[0.9, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.9], [0.1] * 4, [0.9] * 4])
    scores = scores_of(cells, np.full(4, 0.5), [mask, mask, ~mask & mask, ~mask & mask])
    assert scores.dice[0] > 0.8 and scores.dice[1] < 0.1 and np.isnan(scores.dice[2:]).all()
    assert list(scores.pointing[:2]) == [1, 0] and list(scores.clean[2:]) == [1, 0] and np.isnan(scores.clean[:2]).all()


def test_an_interval_holds_for_groups_and_does_not_shrink_to_nothing():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(20), 5)
    values = np.clip(0.6 + rng.normal(0, 0.15, 20)[groups] + rng.normal(0, 0.02, 100), 0, 1)
    single, grouped = mean_of(values, None), mean_of(values, groups)
    assert grouped.high - grouped.low > 1.5 * (single.high - single.low) and single.low < values.mean() < single.high
    perfect = mean_of(np.ones(40), None)
    assert perfect.mean == 1 and 0.8 < perfect.low < 0.99
    assert np.isnan(mean_of(np.ones(3), None).low) and mean_of(np.full(3, np.nan), None).cases == 0


def test_a_difference_is_paired_over_the_cases_that_have_both():
    rng = np.random.default_rng(1)
    hard = rng.uniform(0.2, 0.8, 60)
    better = hard + 0.05 + rng.normal(0, 0.03, 60)
    hard[:10] = np.nan
    gap = compared("dice", better, hard, None, 5)
    assert gap.low > 0 and gap.difference == pytest.approx(np.nanmean(better - hard))
    same = compared("dice", better, better[::-1], None, 5)
    assert same.low < 0 < same.high
