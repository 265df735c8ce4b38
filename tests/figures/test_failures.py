"""Protects the picture of where a method fails: outcomes in words and colours, parts with verdicts, any task."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.evaluation.case_outcomes import case_outcomes
from mmcore.evaluation.subgroup_scores import compare_subgroups, parts_of
from mmcore.figures import failures as drawn
from mmcore.figures import linked_views as views
from mmcore.figures import theme


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_cases_are_drawn_by_how_they_came_out(task):
    chance = np.random.default_rng(0)
    regression, ids = task == "regression", [f"c{i}" for i in range(40)]
    target = chance.normal(size=40) if regression else chance.integers(0, 2, 40)
    p = chance.random((1, 40))
    outputs = p[..., None] if regression else np.stack([1 - p, p], -1)
    outcomes = case_outcomes(task, ("no", "yes"), target, {"a": outputs, "b": outputs[:, ::-1]}, "a", ids)
    columns = {"age": pd.Series(range(40)), "sex": pd.Series(["f", "m"] * 20)}
    classes = () if regression else ("no", "yes")
    charts = drawn.outcome_charts(outcomes, columns, regression=regression, several=True, classes=classes)
    truth = next(chart for chart in charts if chart.field == "truth")
    assert truth.order == classes, "in the order of the cohort, however many cases each has"
    frame = drawn.outcome_frame(outcomes, charts, columns, ["c1", "c2"], regression=regression)
    spec = views.linked_views(frame, charts, drawn.outcome_colours(regression)).to_dict()
    assert len(spec["concat"]) == 6 and frame["chosen"].sum() == 2
    assert set(frame["outcome"]) <= set(drawn.outcome_names(regression).values())
    wrong = drawn.outcome_names(regression)["wrong"]
    picked = views.passing(frame.assign(chosen=True), charts, {"pick_outcome": [{"outcome": wrong}]})
    assert picked.tolist() == (outcomes["outcome"] == "wrong").tolist()
    assert drawn.outcome_colours(regression)[wrong] == theme.BAD


def test_true_classes_stand_in_their_own_order():
    truth = ["mild", "none", "none", "severe", "severe", "severe"]
    outcomes = pd.DataFrame({"truth": truth, "outcome": "right"})
    charts = drawn.outcome_charts(outcomes, {}, regression=False, several=False, classes=("none", "mild", "severe"))
    assert charts[-1].order == ("none", "mild", "severe")


@pytest.mark.parametrize(("task", "title"), [("survival", "Time followed"), ("multilabel", "True labels")])
def test_what_is_true_of_a_case_is_named_by_its_task(task, title):
    outcomes = pd.DataFrame({"truth": ["1", "2"], "outcome": "right"})
    charts = drawn.outcome_charts(outcomes, {}, regression=task == "survival", several=False, task=task)
    assert charts[-1].title == title


def test_parts_carry_their_size_interval_and_verdict():
    chance = np.random.default_rng(0)
    target = chance.integers(0, 2, 200)
    p = np.clip(0.3 + 0.4 * target + 0.2 * chance.normal(size=200), 0.01, 0.99)
    table = pd.DataFrame({"site": ["a"] * 10 + ["b"] * 90 + ["c"] * 100})
    compared = compare_subgroups("binary", target, np.stack([1 - p, p], -1)[None], parts_of(table, ["site"]))
    frame = drawn.subgroup_frame(compared)
    assert frame["cases"].tolist() == [100, 90, 10] and frame["verdict"].iloc[-1] == "too few cases to tell"
    spec = drawn.subgroup_scores(compared).to_dict()
    legend = next(
        layer["encoding"]["color"]["legend"] for layer in spec["layer"] if "color" in layer.get("encoding", {})
    )
    assert set(legend["values"]) == set(frame["verdict"]), "the legend names what is there, and nothing else"
    assert {parameter["name"] for parameter in spec["params"]} == {drawn.PART}
