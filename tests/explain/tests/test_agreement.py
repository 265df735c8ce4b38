"""Agreement is the rank correlation over all tokens, over inputs where only those are weighed, or within an image."""

import numpy as np
import pytest

from mmcore.explain.attribution import Attribution
from mmcore.explain.tests.agreement import agreement, agreement_within, rank_correlation
from mmcore.explain.token_weights import TokenWeights

VALUES = {"film": np.array([0.1, -0.4, 0.2]), "note": np.array([0.05, -0.9])}
ATTRIBUTION = Attribution("any", VALUES, {}, 1, 0.0, 0.0)
LIKE = {name: np.abs(values) for name, values in VALUES.items()}


def test_over_tokens_the_size_counts_and_not_the_sign():
    weights = TokenWeights("tokens", LIKE, {"film": 0.5, "note": 0.5})
    assert agreement(weights, {"any": ATTRIBUTION})["any"] == pytest.approx(1)
    upside_down = TokenWeights("tokens", {name: 1 - values for name, values in LIKE.items()}, weights.inputs)
    assert agreement(upside_down, {"any": ATTRIBUTION})["any"] == pytest.approx(-1)
    assert agreement_within(weights, {"any": ATTRIBUTION}, ["film"])["any"] == pytest.approx(1)


def test_over_inputs_their_sums_are_ranked_and_shapley_values_too():
    inputs = {"a": 0.6, "b": 0.3, "c": 0.1}
    weights = TokenWeights("inputs", {name: np.array([value]) for name, value in inputs.items()}, inputs)
    values = {name: np.array([value, -2 * value]) for name, value in inputs.items()}
    agrees = agreement(weights, {"any": Attribution("any", values, {}, 1, 0, 0)}, {"a": -0.1, "b": 0.2, "c": 0.3})
    assert agrees == pytest.approx({"any": 1, "shapley": -1})
    assert agreement_within(weights, {"any": ATTRIBUTION}, ["film"]) == {}


def test_there_is_no_rank_of_two_numbers_or_of_equal_ones():
    assert np.isnan(rank_correlation(np.array([1.0, 2.0]), np.array([2.0, 1.0])))
    assert np.isnan(rank_correlation(np.ones(5), np.arange(5.0)))
    assert rank_correlation(np.array([1.0, 10.0, 11.0]), np.array([0.0, 0.1, 9.0])) == pytest.approx(1)
