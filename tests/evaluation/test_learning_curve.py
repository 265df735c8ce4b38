"""Protects learning curves: a power law is found again, its limit bounded, and doubt about it told."""

import numpy as np
import pytest

from mmcore.base.errors import BadInput
from mmcore.evaluation.learning_curve import fit_learning_curve

SIZES = [50, 100, 200, 400, 800]


def test_a_power_law_is_found_again():
    curve = fit_learning_curve("auroc", SIZES, [0.9 - 1.2 * n**-0.5 for n in SIZES])
    assert curve.limit == pytest.approx(0.9, abs=1e-6) and curve.rate == pytest.approx(0.5)
    assert curve.at(1600) == pytest.approx(0.9 - 1.2 / 40) and curve.error == pytest.approx(0, abs=1e-9)
    assert curve.cases_for(0.88) == 3600 and curve.cases_for(0.95) is None
    assert curve.limit_low <= 0.9 <= curve.limit_high


def test_errors_fall():
    curve = fit_learning_curve("rmse", SIZES, [5 + 40 * n**-0.7 for n in SIZES])
    assert curve.limit == pytest.approx(5, abs=1e-4) and curve.at(10**9) < curve.at(100)
    assert curve.cases_for(6) == pytest.approx(40 ** (1 / 0.7), rel=0.01)


def test_the_unit_of_an_error_decides_nothing():
    scores = [5 + 40 * n**-0.7 for n in SIZES[:3]]
    metres, millimetres = (fit_learning_curve("rmse", SIZES[:3], [unit * x for x in scores]) for unit in (1, 1000))
    assert millimetres.limit_low == pytest.approx(1000 * metres.limit_low)
    assert millimetres.limit_high == pytest.approx(1000 * metres.limit_high) and metres.limit_low < metres.limit_high


def test_no_share_grows_beyond_1():
    curve = fit_learning_curve("auroc", SIZES, [0.55, 0.62, 0.71, 0.82, 0.96])
    assert curve.limit <= 1 and curve.at(10**6) <= 1


def test_a_flat_curve_promises_nothing():
    rng = np.random.default_rng(0)
    curve = fit_learning_curve("auroc", SIZES, 0.7 + 0.001 * rng.normal(size=5))
    assert curve.at(10**6) == pytest.approx(0.7, abs=0.01) and curve.cases_for(0.8) is None


def test_two_sizes_are_a_sentence():
    with pytest.raises(BadInput, match="three cohort sizes"):
        fit_learning_curve("auroc", [100, 200, 300], [0.7, 0.8, float("nan")])
