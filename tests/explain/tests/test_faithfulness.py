"""Deletion and insertion curves against a model whose one important token is known."""

import numpy as np
import pytest
import torch

from mmcore.explain.tests.faithfulness import area, curves


def areas(drawn):
    """Areas under the curves [B, S + 1] of B cases."""
    return np.array([area(curve) for curve in drawn])


def model(hand_made, cases=3):
    """Sure of class 1 while token 1 of input `a` is there, sure of class 0 without it."""
    return hand_made({"a": 4, "b": 4}, lambda retained: 20 * retained["a"][..., 1] - 10, cases)


RIGHT = {"a": np.array([0.1, 0.9, 0.2, 0.3]), "b": np.array([0.0, 0.05, 0.1, 0.2])}
WRONG = {"a": np.array([0.5, -1.0, 0.6, 0.7]), "b": np.array([0.5, 0.4, 0.3, 0.2])}


def test_the_right_order_falls_at_once_and_rises_at_once(hand_made):
    result = curves(model(hand_made), {"right": [RIGHT] * 3, "wrong": [WRONG] * 3}, steps=8)
    right, wrong, chance = result["right"], result["wrong"], result["random"]
    assert right.deletion[0] == pytest.approx([1] + [0] * 8, abs=1e-3)
    assert right.insertion[0] == pytest.approx([0] + [1] * 8, abs=1e-3)
    assert areas(right.deletion) == pytest.approx(1 / 16, abs=1e-3)
    assert areas(right.insertion) == pytest.approx(15 / 16, abs=1e-3)
    assert areas(wrong.deletion) == pytest.approx(15 / 16, abs=1e-3)
    assert areas(wrong.insertion) == pytest.approx(1 / 16, abs=1e-3)
    assert ((areas(chance.deletion) > areas(right.deletion)) & (areas(chance.deletion) < areas(wrong.deletion))).all()


def test_random_orders_reach_one_half_on_average(hand_made):
    result = curves(model(hand_made, 40), {}, steps=8, random=30)["random"]
    assert areas(result.deletion).mean() == pytest.approx(0.5, abs=0.03)
    assert np.allclose(areas(result.deletion), areas(result.insertion))


def test_the_same_seed_gives_the_same_curves_and_ties_are_broken_at_random(hand_made):
    even = {"a": np.zeros(4), "b": np.zeros(4)}
    once = curves(model(hand_made, 20), {"even": [even] * 20}, seed=3)
    again = curves(model(hand_made, 20), {"even": [even] * 20}, seed=3)
    assert np.array_equal(once["even"].deletion, again["even"].deletion)
    assert 0.3 < areas(once["even"].deletion).mean() < 0.7


def test_of_a_trained_method_the_ends_are_the_whole_and_the_empty_case(trained, read):
    reading = read(trained("cross_attention"))
    values = [
        {n: np.arange(mask[b].sum(), dtype=float) for n, mask in reading.masks.items() if mask[b].any()}
        for b in range(8)
    ]
    result = curves(reading, {"any": values})["any"]
    own = reading.panel.activate(reading.answer()[0]).mean(0)
    own = own.gather(-1, reading.chosen()[:, None])[:, 0].numpy()
    assert np.allclose(result.deletion[:, 0], own, atol=1e-5) and np.allclose(result.insertion[:, -1], own, atol=1e-5)
    assert np.allclose(result.deletion[:, -1], result.insertion[:, 0], atol=1e-6)
    assert torch.isfinite(torch.from_numpy(result.deletion)).all()
