"""Protects what a comparison comes to in words: a plain baseline that wins first, what would settle it, and why not."""

import pytest

from mmcore import report
from mmcore.evaluation import Caution, Interval

LEAD = {
    "label": "Logistic regression of a + b", "over": "concat", "metric": "auroc", "difference": 0.05, "low": 0.01,
    "high": 0.09, "simultaneous": True, "note": "", "more_cases": None, "more_groups": None,
}  # fmt: skip


def test_a_plain_baseline_wins_only_where_it_is_shown():
    assert report.plain_ahead(LEAD).startswith(
        "A plain baseline wins: Logistic regression of a + b differs from concat in "
    )
    unsettled = report.plain_ahead({**LEAD, "low": -0.01, "more_cases": 1200})
    assert "may be chance" in unsettled and unsettled.endswith("About 1,200 more cases would be needed to settle it.")
    silent = report.plain_ahead({**LEAD, "low": float("nan"), "high": float("nan")})
    assert silent.startswith("A plain baseline is ahead: ")


def test_groups_are_named_where_cases_go_together():
    assert "12 more groups (240 cases)" in report.cases_needed({"more_cases": 240, "more_groups": 12})
    assert "1 more group (1,200 cases)" in report.cases_needed({"more_cases": 1200, "more_groups": 1})
    assert report.cases_needed({"more_cases": 1}).startswith("About 1 more case would")
    assert report.cases_needed({"more_cases": None}) == ""


@pytest.mark.parametrize("note", list(Caution))
def test_what_has_no_interval_says_why(note):
    sentence = report.no_interval(note, "auprc")
    silent = note in (Caution.NOTHING, Caution.TRAINING_APART)
    assert bool(sentence) is not silent and "{" not in sentence
    assert note is not Caution.FEW_CASES or "20" in sentence


@pytest.mark.parametrize(
    ("metric", "needs"),
    [
        ("c_index", "10 cases in which the event was seen"), ("rmse", "at least 5 cases."),
        ("auroc", "5 cases in each class; if"), ("precision", "predicted to be in it"),
    ],
)  # fmt: skip
def test_each_metric_names_the_cases_that_it_needs(metric, needs):
    assert needs in report.no_interval(Caution.FEW_CASES, metric)


def test_a_score_without_an_interval_stands_alone():
    nan = float("nan")
    assert report.interval(Interval(0.8, nan, nan, nan)) == "0.800"
    assert report.interval(Interval(0.8, 0.7, 0.9, nan)) == "0.800 [0.700, 0.900]"
