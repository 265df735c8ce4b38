"""Protects the verdict on fusion: right on generated cohorts whose composition is decided here."""

import numpy as np
import pytest

from mmcore.evaluation.need import Answer, FusionFinding, need_of_fusion

CASES = 1500


def logistic(score):
    return 1 / (1 + np.exp(-score))


def two_classes(score):
    p = logistic(score)
    return np.stack([1 - p, p], -1)[None]


def generated(kind, cases=CASES, seed=0):
    """Target, and what good models of a cohort of this composition predict: single inputs, average, all, additive."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, cases))
    if kind == "copies":
        b = a + 0.1 * rng.normal(size=cases)
    true = {"one": 2 * a, "additive": 1.5 * a + 1.5 * b, "interaction": a + b + 2.5 * a * b, "copies": 2 * a}[kind]
    target = (rng.random(cases) < logistic(true)).astype(int)
    noise = 0.1 * rng.normal(size=(4, cases))  # of estimated models
    alone = {"one": (2 * a, 0 * b), "additive": (1.2 * a, 1.2 * b), "interaction": (a, b), "copies": (2 * a, 2 * b)}[
        kind
    ]
    single = {name: two_classes(score + n) for name, score, n in zip("ab", alone, noise, strict=False)}
    average = (single["a"] + single["b"]) / 2
    sums = {"one": 2 * a, "additive": true, "interaction": 0.9 * (a + b), "copies": a + b}[kind]
    return target, single, average, two_classes(true + noise[2]), two_classes(sums + noise[3])


@pytest.mark.parametrize(
    ("kind", "needs", "finding"),
    [
        ("one", Answer.NO, FusionFinding.ONE_INPUT_SUFFICES),
        ("copies", Answer.NO, FusionFinding.ONE_INPUT_SUFFICES),
        ("additive", Answer.NO, FusionFinding.AVERAGE_SUFFICES),
        ("interaction", Answer.YES, FusionFinding.INTERACTION),
    ],
)
def test_it_is_right_on_cohorts_of_known_composition(kind, needs, finding):
    target, single, average, fusion, additive = generated(kind)
    need = need_of_fusion("binary", target, single, average, fusion, additive=additive, folds=5)
    assert (need.needs_fusion, need.finding) == (needs, finding)
    if kind == "additive":
        assert need.several_inputs.answer is Answer.YES and need.beyond_adding.answer is Answer.NO


def test_few_cases_settle_nothing():
    target, single, average, fusion, additive = generated("additive", cases=40)
    need = need_of_fusion("binary", target, single, average, fusion, additive=additive)
    assert need.beyond_average.answer is Answer.UNSETTLED and need.needs_fusion is not Answer.YES
    assert need.beyond_average.more_cases > 0 and need.beyond_average.more_groups is None


def test_few_groups_settle_nothing():
    target, single, average, fusion, additive = generated("interaction")
    need = need_of_fusion("binary", target, single, average, fusion, np.arange(CASES) % 3, additive=additive)
    assert need.needs_fusion is Answer.UNSETTLED and need.note and np.isnan(need.beyond_one.difference.low)


def test_errors_are_better_when_lower():
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 600))
    target = a + b + a * b

    def values(prediction):
        return (prediction + 0.1 * rng.normal(size=600))[None, :, None]

    single = {"a": values(a), "b": values(b)}
    need = need_of_fusion("regression", target, single, values((a + b) / 2), values(target), additive=values(a + b))
    assert need.metric == "rmse" and need.finding is FusionFinding.INTERACTION and need.beyond_one.difference.high < 0
    assert need.document()["needs_fusion"] == "yes"
