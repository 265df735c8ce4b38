"""Protects verdicts: what is equal is rarely called better or worse, what is better is, doubt stays doubt."""

import numpy as np
import pytest

from mmcore.base.errors import BadInput
from mmcore.evaluation import Caution, Verdict, compare_methods, difference


def predictions(skills, cases=200, seed=0, share=0.4):
    """target [N], and by method outputs [1, N, 2] of that skill, with an error in common."""
    rng = np.random.default_rng(seed)
    target = (rng.random(cases) < share).astype(int)
    common = rng.normal(size=cases)

    def outputs(skill):
        p = 1 / (1 + np.exp(-(skill * (2 * target - 1) + 0.7 * common + 0.7 * rng.normal(size=cases))))
        return np.stack([1 - p, p], -1)[None]

    return target, {name: outputs(skill) for name, skill in skills.items()}


@pytest.mark.slow
@pytest.mark.parametrize(("cases", "groups", "methods"), [(100, None, 6), (120, 5, 14)], ids=["cases", "5 groups"])
def test_among_equals_verdicts_are_rare(cases, groups, methods):
    names = [f"method {i}" for i in range(methods)] + ["a", "b", "c"]
    wrong = 0
    for seed in range(40):
        target, outputs = predictions(dict.fromkeys(names, 0.6), cases=cases, seed=seed)
        group = None if groups is None else np.arange(cases) % groups
        compared = compare_methods("binary", target, outputs, group, single_inputs=["a", "b", "c"])
        wrong += compared.count(Verdict.BETTER) + compared.count(Verdict.WORSE) > 0
    assert wrong <= 5, "5% of 40 comparisons and what chance adds"


def test_better_and_worse_are_told():
    target, outputs = predictions({"fusion": 1.6, "poor": 0.1, "a": 0.9, "b": 0.8}, cases=400)
    compared = compare_methods("binary", target, outputs, single_inputs=["a", "b"])
    assert compared.reference == "a" and compared.by_method["a"].verdict is Verdict.REFERENCE
    assert compared.by_method["fusion"].verdict is Verdict.BETTER
    assert compared.by_method["poor"].verdict is Verdict.WORSE
    gap = compared.by_method["fusion"].difference
    assert gap.simultaneous and 0 < gap.low < gap.difference < gap.high
    alone = difference("binary", target, outputs["fusion"], outputs["a"])
    assert gap.difference == pytest.approx(alone.difference) and gap.low < alone.low, "wider, for all at once"


def test_errors_are_better_when_lower():
    rng = np.random.default_rng(1)
    target = rng.normal(size=300)
    outputs = {
        name: (target + size * rng.normal(size=300))[None, :, None] for name, size in (("near", 0.3), ("far", 1))
    }
    compared = compare_methods("regression", target, outputs, single_inputs=["far"])
    row = compared.by_method["near"]
    assert compared.metric == "rmse" and row.verdict is Verdict.BETTER and row.difference.high < 0


def test_what_is_not_settled_says_how_many_more_cases_would_settle_it():
    target, outputs = predictions({"fusion": 0.68, "a": 0.65}, cases=120, seed=2)
    row = compare_methods("binary", target, outputs, single_inputs=["a"]).by_method["fusion"]
    assert row.verdict is Verdict.UNSETTLED and row.more_cases > 0 and row.more_groups is None
    groups = np.arange(120) // 6
    row = compare_methods("binary", target, outputs, groups, single_inputs=["a"]).by_method["fusion"]
    assert row.more_groups is not None and row.more_groups <= row.more_cases


def test_few_groups_have_no_verdict():
    target, outputs = predictions({"fusion": 1.6, "a": 0.5})
    compared = compare_methods("binary", target, outputs, np.arange(200) % 4, single_inputs=["a"])
    row = compared.by_method["fusion"]
    assert row.verdict is Verdict.NO_INTERVAL and row.difference.note is Caution.FEW_GROUPS
    assert np.isfinite(row.difference.difference) and np.isnan(row.difference.low)


def test_the_same_predictions_differ_by_nothing():
    target, outputs = predictions({"a": 1.0})
    row = compare_methods("binary", target, outputs | {"copy": outputs["a"]}, single_inputs=["a"]).by_method["copy"]
    assert row.verdict is Verdict.UNSETTLED and row.difference.difference == 0 and row.more_cases is None


def test_without_a_reference_nothing_is_told():
    target, outputs = predictions({"fusion": 1.0, "gated": 1.0})
    compared = compare_methods("binary", target, outputs, single_inputs=[])
    assert compared.reference is None and compared.count(Verdict.NO_INTERVAL) == 2


def test_a_reference_that_is_no_method_is_a_sentence():
    target, outputs = predictions({"fusion": 1.0})
    with pytest.raises(BadInput, match="xray"):
        compare_methods("binary", target, outputs, single_inputs=["xray"])


def test_methods_without_a_case_in_common_are_a_sentence():
    target, outputs = predictions({"fusion": 1.0, "a": 1.0})
    outputs["a"][:, :100] = np.nan
    outputs["fusion"][:, 100:] = np.nan
    with pytest.raises(BadInput, match="No case"):
        compare_methods("binary", target, outputs, single_inputs=["a"])


def test_some_are_judged_against_the_best_of_the_others():
    """As plain baselines are: neither the choice of the best baseline nor that of the best method is free."""
    names = {"plain a": 0.6, "plain b": 0.6, "concat": 0.6, "gated": 0.6}
    target, outputs = predictions(names, cases=150)
    judged = ["plain a", "plain b"]
    compared = compare_methods("binary", target, outputs, single_inputs=["concat", "gated"], judged=judged)
    assert list(compared.by_method) == judged and compared.tried == 2 and compared.reference in ("concat", "gated")
    alone = difference("binary", target, outputs["plain a"], outputs[compared.reference])
    gap = compared.by_method["plain a"].difference
    assert gap.simultaneous and gap.low < alone.low
