"""Protects what a method falls back to when an input is missing: as if it had been, and only where that can be."""

import numpy as np
import pytest
import torch

from mmcore.explain.fallback import without_each


def test_of_an_additive_model_it_is_the_sum_of_the_others(hand_made):
    weights = {"a": 2.0, "b": -1.0, "c": 0.25}

    def score(retained):
        return sum(weights[name] * mask.amax(-1) for name, mask in retained.items())

    without = without_each(hand_made({"a": 3, "b": 1, "c": 2}, score))
    for name, own in weights.items():
        expected = torch.sigmoid(torch.tensor(1.25 - own))
        assert without[name][:, 1] == pytest.approx(float(expected), abs=1e-6)


def test_of_a_trained_method_it_is_the_answer_without_the_input(trained, read):
    reading = read(trained("concat"), 20)
    without, here = without_each(reading), {name: mask.any(1) for name, mask in reading.masks.items()}
    count = sum(mask.astype(int) for mask in here.values())
    for name, values in without.items():
        given = np.isfinite(values).all(1)
        assert (given == (here[name] & (count > 1))).all() and np.allclose(values[given].sum(1), 1, atol=1e-5)
