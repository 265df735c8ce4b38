"""Protects the large simulation: what it computes at once is what the library gives cohort by cohort."""

import numpy as np
import pytest

from mmcore.evaluation import difference, scores
from tests.benchmarks import batched


@pytest.mark.parametrize(("cases", "share", "auroc"), [(60, 0.4, 0.8), (120, 0.1, 0.95)])
def test_intervals_are_those_of_single_cohorts(cases, share, auroc):
    target, p = batched.draw(np.random.default_rng(0), 4, cases, share, auroc)
    bounds_of = batched.intervals(target, p)
    for s in range(4):
        rows = scores("binary", target[s].astype(int), np.stack([1 - p[s], p[s]], -1)[None], metrics=batched.BINARY)
        for name, row in rows.items():
            own = bounds_of[name]
            expected = pytest.approx((row.mean, row.low, row.high), rel=2e-3, abs=1e-4, nan_ok=True)
            assert (own.value[s], own.low[s], own.high[s]) == expected, name


def test_values_and_differences_too():
    rng = np.random.default_rng(1)
    target = rng.normal(size=(2, 80))
    outputs = target + rng.normal(size=(2, 80))
    bounds_of = batched.regression(target, outputs)
    for name, row in scores("regression", target[0], outputs[0][None, :, None]).items():
        assert (bounds_of[name].low[0], bounds_of[name].high[0]) == pytest.approx((row.low, row.high), rel=1e-4)
    labels, p = batched.draw(rng, 1, 100, 0.4, 0.8)
    _labels, q = batched.draw(rng, 1, 100, 0.4, 0.8)
    both = [np.stack([1 - x[0], x[0]], -1)[None] for x in (p, q)]
    gap = difference("binary", labels[0].astype(int), *both, metric="auroc")
    own = batched.paired("auroc", batched.leave_out(labels, p)["auroc"], batched.leave_out(labels, q)["auroc"], labels)
    assert (own.low[0], own.high[0]) == pytest.approx((gap.low, gap.high), rel=2e-3)
