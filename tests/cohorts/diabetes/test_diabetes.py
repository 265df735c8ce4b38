"""Protects the synthetic cohort `diabetes`: the same for a seed, a ceiling right by simulation, times that fit it."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from mmcore.base.errors import BadInput
from mmcore.base.survival_times import signed
from mmcore.cohorts import Roles, open_cohort
from mmcore.cohorts.diabetes import COLUMNS, generate
from mmcore.cohorts.diabetes.onset import draw_onset, probability_of_onset
from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.risk_table import draw_table
from mmcore.cohorts.writing import write_cohort
from mmcore.evaluation import measure
from mmcore.evaluation.kaplan_meier import kaplan_meier
from mmcore.training.thresholds import with_thresholds

INPUTS = ("glucose", "note", "values")
MANY = 3000


@pytest.fixture(scope="module")
def data():
    return generate(60, seed=0)


@pytest.fixture(scope="module")
def hidden():
    """States of many cases; nothing is recorded."""
    values = draw_table(COLUMNS, 0.04, Draws(range(MANY), 5, topic=44, count=28))
    return draw_onset(range(MANY), 5, values.risk), values


def given(hidden, *inputs):
    return probability_of_onset(*hidden, {name: np.full(MANY, name in inputs) for name in INPUTS})[:, 0]


def test_same_seed_same_cases_however_many(data):
    few = generate(4, seed=0)
    assert np.array_equal(few.glucose, data.glucose[:4]) and few.notes == data.notes[:4]
    assert few.state.equals(data.state[:4]) and generate(4, seed=1).notes != few.notes


@pytest.mark.parametrize("inputs", [("glucose",), ("note",), ("values",), ("note", "values"), INPUTS])
def test_the_ceiling_is_as_often_right_as_it_says(hidden, inputs):
    probability, onset = given(hidden, *inputs), hidden[0].onset.to_numpy()
    for part in np.array_split(np.argsort(probability, kind="stable"), 6):
        error = 4 * np.sqrt(probability[part].mean() * (1 - probability[part].mean()) / len(part))
        assert onset[part].mean() == pytest.approx(probability[part].mean(), abs=error)


def test_every_input_tells_something_and_two_settle_what_neither_does(hidden):
    state, onset = hidden[0], hidden[0].onset.to_numpy()
    losses = {inputs: log_loss(onset, given(hidden, *inputs)) for inputs in [(), *((n,) for n in INPUTS), INPUTS]}
    assert all(losses[INPUTS] + 0.1 < losses[(name,)] < losses[()] for name in INPUTS)
    assert 0.38 < onset.mean() < 0.55 and 0.87 < roc_auc_score(onset, given(hidden, *INPUTS)) < 0.96
    share = state.groupby(["rise_at_night", "works_at_night"]).onset.mean()
    assert share[True, False] - share[True, True] > 0.35
    assert abs(state.groupby("rise_at_night").onset.mean().diff().iloc[-1]) < 0.07, "by itself it says little"


def test_times_fit_the_target(hidden):
    state = hidden[0]
    assert ((state.years < 1) & state.event).equals(state.onset), "nobody is lost within the first year"
    assert 0.5 < state.event.mean() < 0.95 and state.years.max() <= 6
    late = state[~state.onset]
    assert late.event[late.probability > 0.4].mean() > late.event[late.probability < 0.1].mean() + 0.2


def test_the_true_risk_ranks_the_times(hidden):
    state, values = hidden
    years = np.array([0.5, 1.0, 2.0, 4.0])
    there = {name: np.ones(MANY, bool) for name in INPUTS}
    by_time = probability_of_onset(state, values, there, years)
    target = signed(np.maximum(state.years.to_numpy(), 0.001), state.event.to_numpy())
    best = measure("survival", target, with_thresholds(by_time, years), np.ones((MANY, 1)))
    assert 0.8 < best["c_index"][0] < 0.95
    seen = kaplan_meier(target)
    assert np.allclose(1 - seen.at(years), by_time.mean(0), atol=0.04)


def test_glucose_rises_where_the_state_says(data):
    assert data.glucose.shape == (60, 1, 288) and data.glucose.min() > 2 and data.glucose.max() < 20
    night = data.glucose[:, 0, 24:48].mean(1)
    rises = data.state.rise_at_night.to_numpy()
    assert night[rises].mean() > night[~rises].mean() + 1
    assert all(
        0 <= place.start < place.end <= 86400 for own in data.signs["glucose"] for s in own for place in s.places
    )


def test_the_cohort_says_it_is_synthetic_and_leaves_out_what_comes_afterwards(tmp_path):
    cohort = open_cohort("diabetes", cases=12)
    assert cohort.schema.synthetic and "none of them is real" in cohort.schema.description
    assert {"years", "event", "onset_within_a_year"} == {*cohort.schema.ignored} <= {*cohort.table}
    assert cohort.schema.task == "survival" and (np.diff(cohort.ceiling_probability) > 0).all()
    write_cohort(cohort, tmp_path / "out")
    back = open_cohort(tmp_path / "out")
    assert list(back.inputs) == list(INPUTS) and (back.target == cohort.target).all()
    assert np.allclose(back.ceiling_probability, cohort.ceiling_probability) and {"years", "event"} <= {*back.table}
    first_year = open_cohort(tmp_path / "out", Roles(target="onset_within_a_year"))
    assert first_year.schema.task == "binary" and first_year.ceiling_probability is None
    with pytest.raises(BadInput, match="Cannot draw"):
        generate(0)
