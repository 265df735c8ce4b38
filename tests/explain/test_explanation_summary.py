"""Scores of explanations are summed up over cases with intervals, and come to a fair sentence."""

import numpy as np
import pytest

from mmcore.explain.explanation_summary import mean_interval, summarise, verdict
from mmcore.explain.tests.scores import GroundTruth, score_explanations


@pytest.mark.parametrize(("fusion", "level"), [("cross_attention", "tokens"), ("gated", "inputs"), ("concat", None)])
def test_a_row_holds_every_test_of_every_explanation(trained, read, fusion, level):
    reading = read(trained(fusion))
    row = summarise(score_explanations(reading, [GroundTruth()] * len(reading)), None, list(reading.masks))
    assert row["attention"] == level and row["by"] == ("attention" if level else "integrated_gradients")
    assert ("deletion_vs_attribution" in row) == bool(level) and row["pointing"] is None and row["points"] is None
    assert row["deletion"] == row["explanations"][row["by"]]["deletion"]["mean"]
    assert row["cases"] == len(reading) and set(row["shapley"]) == set(reading.masks)
    assert set(row["agreement"]) == (
        {*row["explanations"], "shapley"} - {"attention", "even", "random"} if level else set()
    )


def test_the_interval_of_a_mean_leaves_out_what_is_not_known_and_keeps_groups_together():
    values = np.random.default_rng(0).normal(1, 1, 200)
    interval = mean_interval([*values, np.nan])
    assert interval["mean"] == pytest.approx(values.mean())
    assert interval["low"] < 1 < interval["high"] and interval["high"] - interval["low"] == pytest.approx(
        0.277, abs=0.05
    )
    grouped = mean_interval(np.repeat(values[:20], 10), np.repeat(np.arange(20), 10).tolist())
    assert grouped["high"] - grouped["low"] > 2 * (interval["high"] - interval["low"])
    assert np.isnan(list(mean_interval([np.nan]).values())).all()


def row(attention, faithful, pointing=None, points=None, even=True):
    return {
        "attention": attention,
        "faithful": faithful,
        "better_than_even": even,
        "pointing": pointing,
        "points": points,
    }


def test_attention_that_explains_nothing_is_told_so():
    useless = verdict("m", row("tokens", False, {"a": {}}, []))
    assert "does not tell" in useless and "clearly more often than chance" in useless
    assert "does not tell" in verdict("m", row("tokens", False))
    assert "Its weights do not show" in verdict("m", row("inputs", False))
    idle = verdict("m", row("tokens", True, {"a": {}}, [], even=False))
    assert "does not tell" in idle and "equal weights" in idle
    assert "poor guide" in verdict("m", row("tokens", False, {"a": {}}, ["a"]))
    assert "shows no weights" in verdict("m", row(None, True, {"a": {}}, ["a"]))
    silent = verdict("m", row(None, True, even=False))
    assert "equal weights" in silent and "Its weights" not in silent, "a method without weights has none to speak of"
    mixed = verdict("m", row("tokens", True, {"a": {}, "b": {}}, ["a"]))
    assert "in a, but not clearly in b" in mixed and "a fair guide" in mixed
    several = verdict("m", row("tokens", True, {name: {} for name in "abcde"}, ["a", "b"]))
    assert "in a and b, but not clearly in c, d or e." in several


def test_a_gain_that_is_certain_but_tiny_is_no_guide():
    for gain, words in ((0.016, "hardly a guide"), (0.2, "a fair guide")):
        explanations = {"attention": {"deletion_vs_even": {"mean": -gain}, "insertion_vs_even": {"mean": gain}}}
        assert words in verdict("m", {**row("tokens", True), "by": "attention", "explanations": explanations})


def test_where_most_of_the_answer_is_linear_the_attention_is_said_to_be_a_part_of_it():
    part = {**row("tokens", True, {"a": {}}, ["a"]), "network_share": 0.4}
    assert "40% of the answer" in verdict("m", part)
    assert "of the answer" not in verdict("m", part | {"network_share": 0.9})
