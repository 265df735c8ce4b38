"""Protects the synthetic cohort `rehab`: the same for a seed, what can be expected is right, and the plan matters."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.base.errors import BadInput
from mmcore.cohorts import open_cohort
from mmcore.cohorts.rehab import COLUMNS, generate
from mmcore.cohorts.rehab.gait import RATE_HZ
from mmcore.cohorts.rehab.recovery import FIT, draw_patients, expected_given_inputs
from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.risk_table import draw_table
from mmcore.cohorts.writing import write_cohort

INPUTS = ("before", "during", "plan", "values")
MANY = 6000


@pytest.fixture(scope="module")
def data():
    return generate(60, seed=0)


@pytest.fixture(scope="module")
def hidden():
    """States of many cases; nothing is recorded."""
    values = draw_table(COLUMNS, 0.04, Draws(range(MANY), 5, topic=36, count=24))
    return draw_patients(range(MANY), 5, values.risk), values


def given(hidden, *inputs):
    return expected_given_inputs(*hidden, {name: np.full(MANY, name in inputs) for name in INPUTS})


def explained(hidden, *inputs):
    gain = hidden[0].gain.to_numpy()
    return 1 - ((gain - given(hidden, *inputs)) ** 2).mean() / gain.var()


def test_same_seed_same_cases_however_many(data):
    few = generate(4, seed=0)
    assert np.array_equal(few.before, data.before[:4]) and np.array_equal(few.during, data.during[:4])
    assert few.plans == data.plans[:4] and few.state.equals(data.state[:4])
    assert generate(4, seed=1).plans != few.plans


@pytest.mark.parametrize(
    "inputs", [("before",), ("during",), ("plan",), ("values",), ("during", "plan"), ("before", "during"), INPUTS]
)
def test_what_is_expected_is_the_mean_of_what_comes(hidden, inputs):
    expected, gain = given(hidden, *inputs), hidden[0].gain.to_numpy()
    for part in np.array_split(np.argsort(expected, kind="stable"), 6):
        assert gain[part].mean() == pytest.approx(expected[part].mean(), abs=4 * gain[part].std() / len(part) ** 0.5)
    slope = np.cov(gain, expected)[0, 1] / expected.var()
    assert slope == pytest.approx(1, abs=0.12), "neither too bold nor too timid"


def test_no_input_alone_comes_near_all_together(hidden):
    alone = [explained(hidden, name) for name in INPUTS]
    assert all(0.04 < r2 < 0.35 for r2 in alone) and 0.82 < explained(hidden, *INPUTS) < 0.92
    assert explained(hidden, "before", "plan") > explained(hidden, "before") + explained(hidden, "plan") + 0.2


def test_another_plan_changes_what_is_expected(hidden):
    state, values = hidden
    other = state.assign(balance=~state.balance)
    change = expected_given_inputs(other, values, {name: np.ones(MANY, bool) for name in INPUTS}) - given(
        hidden, *INPUTS
    )
    right = state.asymmetric == state.balance
    assert np.allclose(change[right], -2 * FIT) and np.allclose(change[~right], 2 * FIT)


def test_recordings_step_at_the_cadence_and_limp_where_one_leg_is_weak(data):
    assert data.before.shape == (60, 3, 1000) and np.isfinite(data.before).all()
    power = np.abs(np.fft.rfft(data.before[:, 0] - data.before[:, 0].mean(1, keepdims=True))) ** 2
    rate = np.fft.rfftfreq(1000, 1 / RATE_HZ)
    steps = data.state.cadence_before.to_numpy() / 60
    band = (rate > 1.2) & (rate < 2.2)
    assert np.median(np.abs(rate[band][power[:, band].argmax(1)] - steps)) < 0.06
    halves = np.array([own[np.abs(rate - step / 2).argmin()] for own, step in zip(power, steps, strict=True)])
    limps = data.state.asymmetric.to_numpy()
    assert np.median(halves[limps]) > 3 * np.median(halves[~limps]), "every other step differs"


def test_the_plan_says_what_is_planned(data):
    for plan, state, signs in zip(data.plans, data.state.itertuples(), data.signs["plan"], strict=True):
        assert "[" not in plan and {sign.name for sign in signs} == {"what is trained", "sessions", "home exercises"}
        assert any(
            word in plan.lower() for word in (("balance", "symmetry") if state.balance else ("strength", "calf"))
        )


def test_the_cohort_says_it_is_synthetic_and_survives_a_folder(tmp_path):
    cohort = open_cohort("rehab", cases=12)
    assert (
        cohort.schema.synthetic
        and cohort.schema.task == "regression"
        and "none of them is real" in cohort.schema.description
    )
    write_cohort(cohort, tmp_path / "out")
    back = open_cohort(tmp_path / "out")
    assert not back.problems and list(back.inputs) == list(INPUTS) and np.allclose(back.target, cohort.target)
    assert np.allclose(back.ceiling_probability, cohort.ceiling_probability)
    with pytest.raises(BadInput, match="Cannot draw"):
        generate(3, seed=-1)
