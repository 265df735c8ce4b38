"""Protects what is settled on cases left out: blend, threshold, and that cases without the finding count, too."""

import numpy as np
import pytest

from mmcore.segmentation.settling import NOTHING, cell_dice, settled


def test_blend_and_threshold_are_those_that_do_best_on_cases_left_out():
    covered = np.zeros((6, 10))
    covered[:, :3] = 1
    good, bad = np.where(covered > 0, -0.5, -3.0), np.zeros_like(covered)
    choice = settled(np.stack([good, bad]), covered)
    probabilities = choice.probabilities(np.stack([good, bad]))
    assert cell_dice(probabilities > choice.thresholds(probabilities)[:, None], covered).mean() == 1
    assert sum(choice.shares) == pytest.approx(1) and choice.least == 0
    last = settled(np.stack([-4 * good, bad, good]), covered)
    assert last.shares[2] > 2 * last.shares[0], "a model that is right is taken wherever it stands"


def test_what_hardly_changes_the_models_hardly_changes_what_is_settled():
    chance = np.random.default_rng(0)
    covered = np.zeros((60, 40))
    covered[:40, :6] = 1
    logits = covered - 1 + chance.normal(size=(3, 60, 40))
    choices = [settled(logits + 0.02 * chance.normal(size=logits.shape), covered) for _time in range(5)]
    shares = np.std([choice.shares for choice in choices], 0)
    assert shares.max() < 0.06, "the best of all choices jumps between models that are alike: 0.12"


def test_a_case_without_the_finding_counts_as_much_and_costs_no_outline():
    covered = np.zeros((20, 10))
    covered[:10, :4] = 1
    logits = np.full((20, 10), -4.0)
    logits[:10, :4], logits[:10, 0] = 0.2, 3.0  # outlines are faint, their middle is sure
    logits[10:, :3] = 0.4  # beside the finding something is suspected that is fainter than its middle, not its outline
    choice = settled(logits[None], covered)
    probabilities = choice.probabilities(logits[None])
    thresholds = choice.thresholds(probabilities)
    assert (thresholds[10:] == NOTHING).all() and (thresholds[:10] < NOTHING).all()
    assert cell_dice(probabilities > thresholds[:, None], covered).mean() == 1
    alone = settled(logits[None, :10], covered[:10])
    assert (alone.thresholds(probabilities) < NOTHING).all(), "of these cases alone nothing says where nothing is"


def test_without_the_finding_or_without_cases_the_first_model_is_taken_as_it_is():
    for cases in (6, 0):
        choice = settled(np.zeros((2, cases, 10)), np.zeros((cases, 10)))
        assert (choice.shares, choice.threshold, choice.least) == ((1.0, 0.0), 0.5, 0.0)


def test_dice_of_cells_is_one_where_nothing_is_and_nothing_is_marked():
    marked, covered = np.array([[0, 0], [1, 0], [1, 1.0]]), np.array([[0, 0], [0, 0], [1, 0.0]])
    assert cell_dice(marked, covered) == pytest.approx([1, 0, 2 / 3])
