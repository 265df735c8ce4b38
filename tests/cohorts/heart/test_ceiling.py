"""Protects the ceiling of `heart`: the probability given what the inputs show is right by simulation, and no more."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from mmcore.cohorts.heart.ceiling import probability_given_inputs
from mmcore.cohorts.heart.labs import draw_labs
from mmcore.cohorts.heart.note import breathless
from mmcore.cohorts.heart.state import draw_state

CASES, SEED = range(1500), 11
INPUTS = ("xray", "note", "ecg", "labs")


@pytest.fixture(scope="module")
def drawn():
    """Hidden states, laboratory values and what the notes tell of breath; no film is drawn."""
    labs, risk, _shares, frailty = draw_labs(CASES, SEED)
    state = draw_state(CASES, SEED, risk, frailty)
    return state, labs, breathless(state, CASES, SEED)


@pytest.fixture(scope="module")
def given(drawn):
    """given("note", "ecg") -> [N] what those who see these inputs of a case can know; worked out once each."""

    @functools.cache
    def probability(*inputs):
        return probability_given_inputs(*drawn, {name: np.full(len(CASES), name in inputs) for name in INPUTS})

    return probability


@pytest.mark.parametrize(
    "inputs", [("xray", "labs"), ("note", "ecg"), ("note",), ("ecg",), ("labs",), ("xray", "note", "ecg")]
)
def test_it_is_the_mean_of_the_true_probability_over_cases_that_show_the_same(drawn, given, inputs):
    probability, truth = given(*inputs), drawn[0].probability.to_numpy()
    for part in np.array_split(np.argsort(probability, kind="stable"), 5):
        error = 4 * truth[part].std() / np.sqrt(len(part))
        assert probability[part].mean() == pytest.approx(truth[part].mean(), abs=error)


def test_matching_cases_agree_with_it_finding_by_finding(drawn, given):
    """A note alone: the cases that tell the same, by chest pain, breath, family and legs, average to it."""
    state, _labs, breath = drawn
    probability = given("note")
    text = state[["chest_pain", "family_history", "exertional_leg_pain"]].assign(breath=breath)
    for _answers, rows in text.groupby(list(text)).indices.items():
        assert np.ptp(probability[rows]) < 1e-9, "who tells the same has the same chance"
        if len(rows) > 50:
            error = 4 * state.probability[rows].std() / np.sqrt(len(rows))
            assert probability[rows].mean() == pytest.approx(state.probability[rows].mean(), abs=error)


def test_where_everything_is_shown_it_is_the_true_probability(drawn, given):
    state, labs, _breath = drawn
    ratio = state.cardiothoracic_ratio
    clear = labs.notna().all(axis=1) & ~ratio.between(0.48, 0.54)  # the film leaves no doubt about the heart
    difference = given(*INPUTS) - state.probability
    assert np.abs(difference[clear]).max() < 1e-9 < np.abs(difference[~clear]).max()


def test_more_inputs_never_tell_less(drawn, given):
    target = drawn[0].disease.to_numpy()
    few = probability_given_inputs(*(part[:20] for part in drawn), {name: np.zeros(20, bool) for name in INPUTS})
    assert np.ptp(few) < 1e-9, "where nothing is shown, all cases are the same, so a few stand for all"
    sets = [("note",), ("note", "ecg"), ("note", "ecg", "xray"), INPUTS]
    losses = [log_loss(target, p) for p in (np.full(len(CASES), few[0]), *(given(*inputs) for inputs in sets))]
    assert all(less < more for more, less in itertools.pairwise(losses))


def test_heart_with_missing_inputs_ends_below_the_ceiling_of_the_whole_state(drawn):
    state, labs, breath = drawn
    chance = np.random.default_rng(0)
    present = {name: chance.random(len(CASES)) >= 0.1 for name in INPUTS}
    probability = probability_given_inputs(state, labs, breath, present)
    whole, own = (roc_auc_score(state.disease, p) for p in (state.probability, probability))
    assert 0.005 < whole - own < 0.03 and 0.88 < own < 0.93
