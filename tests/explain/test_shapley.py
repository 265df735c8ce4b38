"""Shapley values: those of the closed form for an additive model, summing to what all inputs bring together."""

import numpy as np
import pytest
import torch

from mmcore.explain.shapley import importance, shapley


def additive(weights, joint=0.0):
    """Log-odds that add up over the inputs that are there, and `joint` if the first two are there together."""

    def score(retained):
        here = {name: mask.amax(-1) for name, mask in retained.items()}
        names = list(weights)
        return sum(weights[n] * here[n] for n in names) + joint * here[names[0]] * here[names[1]]

    return score


def test_of_an_additive_model_they_are_its_weights(hand_made):
    weights = {"a": 2.0, "b": -1.0, "c": 0.25}
    for share in shapley(hand_made({"a": 3, "b": 1, "c": 2}, additive(weights))):
        assert share.exact and share.values == pytest.approx(weights, abs=1e-6)
        assert share.none == pytest.approx(0, abs=1e-6) and share.whole == pytest.approx(1.25, abs=1e-6)
        assert abs(share.delta) < 1e-6


def test_what_two_bring_together_is_halved(hand_made):
    weights = {"a": 1.0, "b": 0.0, "c": 0.5}
    share = shapley(hand_made({"a": 1, "b": 1, "c": 1}, additive(weights, joint=3.0)))[0]
    assert share.values == pytest.approx({"a": 2.5, "b": 1.5, "c": 0.5}, abs=1e-6)


def test_many_inputs_are_sampled_and_still_add_up(hand_made):
    weights = {f"i{k}": float(k) for k in range(10)}
    share = shapley(hand_made(dict.fromkeys(weights, 1), additive(weights, joint=2.0)))[0]
    assert not share.exact and abs(share.delta) < 1e-4
    assert share.values["i9"] == pytest.approx(9, abs=1e-4)
    assert share.values["i0"] == pytest.approx(1, abs=0.3)


def test_of_a_trained_method_they_add_up_and_leave_missing_inputs_out(trained, read):
    reading = read(trained("cross_attention"), 20)
    for of in ("logit", "probability"):
        shares = shapley(reading, of)
        assert max(abs(share.delta) for share in shares) < 1e-4
        for b, share in enumerate(shares):
            assert set(share.values) == {name for name, mask in reading.masks.items() if mask[b].any()}
    strength = importance(shares)
    assert strength["film"] > strength["wave"] and all(v >= 0 for v in strength.values())


def test_probabilities_are_explained_on_their_own_scale(hand_made):
    share = shapley(hand_made({"a": 1, "b": 1}, additive({"a": 1.0, "b": 1.0})), "probability")[0]
    assert share.whole == pytest.approx(float(torch.sigmoid(torch.tensor(2.0))), abs=1e-6)
    assert np.isclose(share.none, 0.5)
