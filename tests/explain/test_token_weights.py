"""Attention as one weight per token: sums to one over all inputs, nothing for what is missing, even within an input."""

import numpy as np
import pytest

from mmcore.explain.token_weights import token_weights


@pytest.mark.parametrize(("fusion", "level"), [("cross_attention", "tokens"), ("gated", "inputs")])
def test_weights_of_all_tokens_sum_to_one(trained, read, fusion, level):
    reading = read(trained(fusion), 20)
    for b, weights in enumerate(token_weights(reading)):
        assert weights.level == level
        there = {name: int(mask[b].sum()) for name, mask in reading.masks.items() if mask[b].any()}
        assert {name: len(values) for name, values in weights.values.items()} == there
        assert sum(weights.inputs.values()) == pytest.approx(1, abs=1e-4)
        if level == "inputs":
            assert all(np.ptp(values) < 1e-9 for values in weights.values.values())


def test_a_method_without_weights_has_none(trained, read):
    assert token_weights(read(trained("concat"))) is None
