"""Protects training in a fold: told the side, the network marks one of two spots that look the same."""

import numpy as np
import pytest
import torch

from mmcore.segmentation.cell_network import mask_loss
from mmcore.segmentation.fold_fit import Training, _drawn, cell_dice, locate, settled
from mmcore.segmentation.grid_cells import GridCells, coverage
from mmcore.segmentation.plain_cells import plain_cells

N, SIDE = 120, 8
TRAINING = Training(seeds=1, epochs=10)


@pytest.fixture(scope="module")
def spots():
    """Two spots that look the same, one of which is meant; which one is told."""
    rng = np.random.default_rng(0)
    right = rng.random(N) < 0.5
    looks, covered = np.zeros((N, SIDE, SIDE)), np.zeros((N, SIDE, SIDE))
    for case, row in enumerate(rng.integers(1, 6, N)):
        looks[case, row : row + 2, [1, 6]] = 1
        covered[case, row : row + 2, 6 if right[case] else 1] = 1
    features = torch.from_numpy(looks.reshape(N, -1, 1) + rng.normal(0, 0.1, (N, SIDE**2, 3))).half()
    conditions = np.stack([np.where(right, 1.0, -1.0), np.zeros(N)], 1).astype(np.float32)
    return GridCells(features, torch.from_numpy(covered.reshape(N, -1)).float()), conditions


def test_what_is_told_decides_between_spots_that_look_the_same(spots):
    cells, conditions = spots
    train, tested = np.arange(90), np.arange(90, N)
    reduced, ticks = cells.reduced(train), []
    covered = cells.covered[90:].numpy()
    prediction = locate(cells, reduced, conditions, train, tested, None, TRAINING, lambda: ticks.append(1))
    alone = locate(cells, reduced, None, train, tested, None, TRAINING, lambda: None)
    again = locate(cells, reduced, None, train, tested, None, TRAINING, lambda: None)
    assert len(ticks) == TRAINING.epochs and np.array_equal(alone.probabilities, again.probabilities)
    with_it, without = (cell_dice(own.probabilities > own.threshold, covered).mean() for own in (prediction, alone))
    assert with_it > 0.9 and without < 0.8
    logits = plain_cells("logistic", reduced, cells.positions, cells.covered, None, train, tested)
    assert logits.shape == covered.shape and logits[covered > 0].mean() > logits[covered == 0].mean() + 3


def test_blend_and_threshold_are_those_that_do_best_on_cases_left_out():
    covered = np.zeros((6, 10))
    covered[:, :3] = 1
    good, bad = np.where(covered > 0, -0.5, -3.0), np.zeros_like(covered)
    share, threshold = settled(good, bad, covered)
    assert cell_dice(1 / (1 + np.exp(-share * good)) > threshold, covered).mean() == 1
    assert settled(good, bad, np.zeros_like(covered)) == (1.0, 0.5)


def test_the_loss_counts_drawn_cells_for_those_they_stand_for():
    covered = torch.tensor([[1.0, 1.0, 0.0, 0.0, 0.0, 0.0]])
    right = mask_loss(20 * (2 * covered - 1), covered, torch.ones(1, 6), 6)
    wrong = mask_loss(-20 * (2 * covered - 1), covered, torch.ones(1, 6), 6)
    assert float(right) < 0.01 and float(wrong) > 10
    half = mask_loss(torch.zeros(1, 4), covered[:, :4], torch.tensor([[1.0, 1.0, 2.0, 2.0]]), 6)
    whole = mask_loss(torch.zeros(1, 6), covered, torch.ones(1, 6), 6)
    assert float(half) == pytest.approx(float(whole))


def test_cells_drawn_stand_for_all_cells_of_small_and_large_findings():
    covered = torch.zeros(3, 100)
    covered[0, :5], covered[1, :70] = 1, 1
    drawn, weight = _drawn(covered, 0.25, torch.Generator().manual_seed(0))
    assert drawn.shape == (3, 25) and all(len(set(row.tolist())) == 25 for row in drawn)
    touched = covered.gather(1, drawn) > 0
    assert touched.sum(1).tolist() == [5, 12, 0] and torch.allclose(weight.sum(1), torch.tensor(100.0))
    assert torch.allclose((weight * touched).sum(1), covered.sum(1))


def test_cells_hold_the_share_that_a_mask_covers():
    mask = np.zeros((20, 40), bool)
    mask[:10, :20] = True
    shares = coverage(mask, 4).reshape(4, 4)
    assert shares[:2, :2].mean() > 0.95 and shares[2:].max() < 0.05 and float(shares.sum()) == pytest.approx(4, abs=0.1)
