"""Protects training in a fold: told the side, the network marks one of two spots that look the same."""

import numpy as np
import pytest
import torch

from mmcore.segmentation.cell_network import mask_loss
from mmcore.segmentation.fold_fit import (
    FoldCases,
    FoldLogits,
    FoldPlain,
    Training,
    _drawn,
    blended,
    by_networks,
    by_plain,
)
from mmcore.segmentation.grid_cells import GridCells, coverage
from mmcore.segmentation.settling import cell_dice

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


@pytest.mark.slow
def test_what_is_told_decides_between_spots_that_look_the_same(spots):
    cells, conditions = spots
    fold = FoldCases(np.arange(90), np.arange(90, N), None, TRAINING.seeds)
    reduced, ticks = cells.reduced(fold.train), []
    linear = FoldPlain.fitted("logistic", cells, reduced, None, fold)
    conditioned = by_networks(cells, reduced, conditions, linear, fold, TRAINING, lambda: ticks.append(1))
    alone, again = (by_networks(cells, reduced, None, linear, fold, TRAINING, lambda: None) for _time in range(2))
    plain = by_plain(linear, fold)
    assert len(ticks) == TRAINING.epochs and np.array_equal(alone.tested, again.tested)
    covered = cells.covered[90:].numpy()
    with_it, without, simple = (
        _dice(models, cells, fold) for models in ([conditioned, plain], [alone, plain], [plain])
    )
    assert with_it > 0.9 and without < 0.8 and simple < 0.8
    assert plain.tested[covered > 0].mean() > plain.tested[covered == 0].mean() + 3


def _dice(models, cells, fold):
    prediction = blended(models, cells.covered, fold)
    marked = prediction.probabilities > prediction.thresholds[:, None]
    return cell_dice(marked, cells.covered[fold.tested].numpy()).mean()


def test_models_are_settled_on_cases_that_they_had_not_seen():
    groups = np.repeat(np.arange(12), 10)
    fold = FoldCases(np.arange(100), np.arange(100, N), groups, 3)
    for rest, held in fold.parts:
        assert not set(groups[rest]) & set(groups[held]) and len(rest) + len(held) == 100
    assert len(fold.left_out) == len(set(fold.left_out)), "three of five parts, none twice"
    whole = FoldCases(np.arange(100), np.arange(100, N), np.zeros(N), 1)
    nothing = FoldLogits(np.zeros((0, 4)), np.zeros((20, 4)))
    assert not len(whole.left_out), "one group cannot be divided"
    assert (blended([nothing], torch.zeros(N, 4), whole).thresholds == 0.5).all()


def test_answers_for_cases_left_out_do_not_depend_on_their_masks(spots):
    """Neither those of the network nor those of the linear model that it starts from."""
    cells, conditions = spots
    fold, training = FoldCases(np.arange(60), np.arange(90, N), None, 1), Training(seeds=1, epochs=1)
    ((_rest, held),) = fold.parts
    swapped = cells.covered.clone()
    swapped[held] = swapped[held].flip(1)

    def left_out(covered):
        own = GridCells(cells.features, covered)
        reduced = own.reduced(fold.train)
        linear = FoldPlain.fitted("logistic", own, reduced, None, fold)
        return by_networks(own, reduced, conditions, linear, fold, training, lambda: None).left_out

    assert np.array_equal(left_out(cells.covered), left_out(swapped))


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
