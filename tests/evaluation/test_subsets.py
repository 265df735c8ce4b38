"""Protects Shapley shares of inputs: they add up, are right where the composition is decided here, doubt told."""

import numpy as np
import pytest

from mmcore.base.errors import BadInput
from mmcore.evaluation.subsets import shapley_shares


def lattice(cases=800, seed=0):
    """Regression: the value is a + b, c is noise; the best prediction from every subset."""
    rng = np.random.default_rng(seed)
    values = dict(zip("abc", rng.normal(size=(3, cases)), strict=True))
    target = values["a"] + values["b"] + 0.3 * rng.normal(size=cases)
    outputs = {}
    for number in range(1, 8):
        subset = frozenset(name for i, name in enumerate("abc") if number >> i & 1)
        outputs[subset] = sum((values[name] for name in subset - {"c"}), np.zeros(cases))[None, :, None]
    return target, outputs


def test_shares_add_up_and_go_to_those_that_tell():
    target, outputs = lattice()
    shares = shapley_shares("regression", target, outputs, metric="r2")
    values = {name: row.value.mean for name, row in shares.inputs.items()}
    assert sum(values.values()) == pytest.approx(shares.everything - shares.nothing)
    assert sum(row.share for row in shares.inputs.values()) == pytest.approx(1)
    assert values["a"] == pytest.approx(0.48, abs=0.05) and values["b"] == pytest.approx(0.48, abs=0.05)
    assert values["c"] == pytest.approx(0, abs=1e-3)
    row = shares.inputs["a"]
    assert row.value.low < row.value.mean < row.value.high and row.alone == pytest.approx(row.last, abs=0.1)


def test_without_any_input_an_error_is_that_of_the_mean():
    target, outputs = lattice()
    shares = shapley_shares("regression", target, outputs)
    assert shares.metric == "rmse" and shares.nothing == pytest.approx(target.std())
    assert shares.inputs["a"].value.low > 0, "less error counts as more"


def test_a_lattice_with_a_gap_is_a_sentence():
    target, outputs = lattice()
    del outputs[frozenset("ab")]
    with pytest.raises(BadInput, match=r"a \+ b"):
        shapley_shares("regression", target, outputs)


def test_few_groups_have_values_without_intervals():
    target, outputs = lattice()
    shares = shapley_shares("regression", target, outputs, np.arange(800) % 3)
    assert shares.note and np.isnan(shares.inputs["a"].value.low) and np.isfinite(shares.inputs["a"].value.mean)


def test_classes_start_at_chance():
    rng = np.random.default_rng(2)
    score = rng.normal(size=300)
    target = (rng.random(300) < 1 / (1 + np.exp(-2 * score))).astype(int)
    p = 1 / (1 + np.exp(-2 * score))
    outputs = {frozenset("a"): np.stack([1 - p, p], -1)[None]}
    shares = shapley_shares("binary", target, outputs)
    assert shares.nothing == 0.5 and shares.inputs["a"].share == pytest.approx(1)
