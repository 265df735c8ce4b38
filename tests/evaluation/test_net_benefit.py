"""Protects decision curves: by hand, against acting on all or none, paired, whole groups."""

import numpy as np
import pytest

from mmcore.evaluation.net_benefit import decision_curve, gained_benefit


def stacked(p):
    return np.stack([1 - p, p], -1)[None]


def test_by_hand():
    target, p = np.array([1, 0, 1, 0]), np.array([0.9, 0.6, 0.3, 0.1])
    curve = decision_curve(target, stacked(p), thresholds=np.array([0.2, 0.5]))
    assert curve.net_benefit == pytest.approx([(2 - 1 * 0.25) / 4, (1 - 1 * 1.0) / 4])
    assert curve.act_on_all == pytest.approx([(2 - 2 * 0.25) / 4, 0])


def test_a_calibrated_model_beats_acting_on_all_and_on_none():
    rng = np.random.default_rng(0)
    p = rng.beta(1, 2, 4000)
    curve = decision_curve((rng.random(4000) < p).astype(int), stacked(p))
    assert (curve.net_benefit >= np.maximum(curve.act_on_all, 0) - 0.01).all()
    assert (curve.low <= curve.net_benefit).all() and (curve.net_benefit <= curve.high).all()


def test_what_is_gained_is_the_difference_and_narrower_than_either():
    rng = np.random.default_rng(1)
    p = rng.beta(1, 1, 600)
    target = (rng.random(600) < p).astype(int)
    blurred = np.clip(p + rng.normal(0, 0.02, 600), 0, 1)
    gain, first, other = (
        gained_benefit(target, stacked(p), stacked(blurred)),
        decision_curve(target, stacked(p)),
        decision_curve(target, stacked(blurred)),
    )
    assert np.allclose(gain.net_benefit, first.net_benefit - other.net_benefit)
    assert (gain.high - gain.low)[20:80].mean() < (first.high - first.low)[20:80].mean()


def test_groups_are_whole_and_few_of_them_tell_no_interval():
    rng = np.random.default_rng(2)
    p = rng.beta(1, 1, 30)
    target = (rng.random(30) < p).astype(int)
    copies = decision_curve(np.repeat(target, 10), stacked(np.repeat(p, 10)), np.repeat(np.arange(30), 10))
    alone = decision_curve(target, stacked(p))
    assert np.allclose(copies.high - copies.low, alone.high - alone.low)
    assert np.isnan(decision_curve(target, stacked(p), np.arange(30) % 4).low).all()
