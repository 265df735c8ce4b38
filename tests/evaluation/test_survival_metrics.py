"""Protects metrics of times to an event: closed forms, a published library's figures, and intervals that hold."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.evaluation import ceiling, measure, scores
from mmcore.evaluation.kaplan_meier import kaplan_meier, still_followed, still_free
from mmcore.evaluation.pair_counts import pairs_of
from mmcore.evaluation.risk_thirds import by_third
from mmcore.training.tasks import Task
from mmcore.training.thresholds import with_thresholds

HORIZONS = np.linspace(0.2, 2, 10)


def _drawn(cases, seed=1, slope=0.5):
    """Signed times, and outputs of somebody who takes the effect for `slope` (it is 0.8)."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=cases)
    times, end = rng.exponential(1 / np.exp(0.8 * x)), rng.uniform(0, 3, cases)
    return np.where(times <= end, times, -end), _stated(np.exp(slope * x))


def _stated(relative):
    return with_thresholds(1 - np.exp(-HORIZONS * relative[:, None]), HORIZONS)


def test_kaplan_and_meier_by_hand():
    curve = kaplan_meier(np.array([1.0, -1.5, 2.0, 2.0, -3.0]))
    assert np.allclose(curve.at([0.5, 1, 1.7, 2, 9]), [1, 4 / 5, 4 / 5, 4 / 15, 4 / 15])
    assert (curve.low <= curve.free).all() and (curve.free <= curve.high).all() and curve.at_risk.tolist() == [5, 5, 3]


def test_events_come_before_those_who_are_censored_at_the_same_time():
    before, after = still_followed(np.array([1.0, -1.0, -2.0, 3.0]), np.ones((4, 1)))
    assert np.allclose(before[:, 0], [1, 1, 2 / 3, 1 / 3]) and np.allclose(after[:, 0], [2 / 3, 2 / 3, 1 / 3, 1 / 3])


def test_who_is_censored_at_the_time_of_an_event_is_at_risk_of_it():
    target = np.random.default_rng(2).choice([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0], 60)
    assert np.allclose(still_free(target, np.ones((60, 1)))[:, 0], kaplan_meier(target).at(np.abs(target)))


def test_an_event_at_a_horizon_counts_as_one_by_it():
    """0.7 lies above itself in single precision, in which outputs are kept."""
    target, horizons = np.array([0.7, 1.4, 2.8, -2.8, 0.7, 1.4]), np.array([0.7, 1.4])
    sure = with_thresholds((np.abs(target)[:, None] <= horizons).astype(float), horizons)
    assert measure("survival", target, sure, np.ones((6, 1)))["ibs"][0] == 0


def test_pairs_by_hand():
    target, risk = np.array([1.0, -1.0, 2.0, -0.5, 3.0]), np.array([0.9, 0.1, 0.9, 0.99, 0.2])
    pairs = pairs_of(target, risk, np.ones((5, 1)))
    assert pairs.event.tolist() == [0, 2, 4] and pairs.pairs[:, 0].tolist() == [3, 1, 0]
    assert pairs.right[:, 0].tolist() == [2.5, 1, 0]


def test_figures_of_another_library():
    """scikit-survival 0.28 gave these of the same draws, by hand: its licence does not go with ours."""
    target, outputs = _drawn(120)
    measured = {
        name: float(value[0]) for name, value in measure("survival", target, outputs, np.ones((120, 1))).items()
    }
    expected = {"c_index": 0.65764, "uno_c": 0.67103, "ibs": 0.16614}
    assert {name: measured[name] for name in expected} == pytest.approx(expected, abs=2e-5)


@pytest.mark.slow
def test_intervals_hold_the_truth():
    target, outputs = _drawn(20000)
    some, few = np.ones((4000, 1)), {name: [] for name in ("c_index", "uno_c", "ibs", "ibs_gain")}
    truth = {name: float(value[0]) for name, value in measure("survival", target[:4000], outputs[:4000], some).items()}
    for start in range(4000, 20000, 160):
        rows = slice(start, start + 160)
        for name, interval in scores("survival", target[rows], outputs[None, rows]).items():
            few[name].append(interval.low <= truth[name] <= interval.high)
    assert all(np.mean(held) >= 0.88 for held in few.values()), {name: np.mean(held) for name, held in few.items()}


def test_the_truth_is_the_ceiling_and_guessing_gains_nothing():
    target, outputs = _drawn(400, slope=0.8)
    best = ceiling(Task(name="survival", classes=tuple(map(str, HORIZONS))), target, outputs[:, :10])
    own = measure("survival", target, outputs, np.ones((400, 1)))
    assert best is not None and best["c_index"] == pytest.approx(float(own["c_index"][0]))
    same = np.tile(with_thresholds(1 - kaplan_meier(target).at(HORIZONS), HORIZONS), (400, 1))
    plain = measure("survival", target, same, np.ones((400, 1)))
    assert plain["c_index"][0] == 0.5 and abs(plain["ibs_gain"][0]) < 1e-6 < own["ibs_gain"][0]


def test_thirds_fare_differently():
    low, middle, high = by_third(*(part if i == 0 else part[None] for i, part in enumerate(_drawn(300))))
    assert low.at([1.0])[0] > middle.at([1.0])[0] > high.at([1.0])[0]
