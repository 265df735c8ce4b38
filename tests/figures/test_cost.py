"""The figure of costs names every method where it can be read, in bold those that none beats at less cost."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from mmcore.figures import cost, theme

METHODS = ["xray", "note", "concat", "cross_attention"]

TINTS = theme.method_colours(METHODS, ["xray", "note"])

TABLE = pd.DataFrame(
    {
        "method": METHODS,
        "mean": [0.6, 0.7, 0.8, 0.85],
        "low": [0.55, 0.65, 0.75, 0.8],
        "high": [0.65, 0.75, 0.85, 0.9],
        "parameters": [10, 20, 3000, 40000],
        "seconds": [0.5, 0.6, 2.0, 30.0],
    }
)


def test_every_method_is_named_and_bold_where_none_beats_it_at_less_cost():
    beaten = pd.DataFrame([("late", 0.79, 0.8, 0.8, 500, 3.0)], columns=TABLE.columns)
    figure = cost.cost(pd.concat([TABLE, beaten]), "auroc", TINTS)
    named = {note.text for note in figure.layout.annotations}
    bold = {f"<b>{name}</b>" for name in ("xray", "note", "concat", "cross attention")}
    assert named == {*bold, "late"}, "late is slower than concat, and no better"
    assert any(trace.name == "late" and "3.0 s" in trace.hovertemplate for trace in figure.data)
    assert cost.best_for_its_cost(TABLE, "brier") == ["xray"]


@pytest.mark.parametrize("width", [720, 790, 1340])
def test_names_of_many_alike_methods_neither_cover_each_other_nor_leave_the_figure(width):
    rng = np.random.default_rng(3)
    names = [f"attention_method_{i}" for i in range(24)]
    table = pd.DataFrame(
        {"method": names, "mean": 0.857 + 0.004 * rng.standard_normal(24), "parameters": 90_000, "seconds": 20.0}
    ).assign(seconds=np.exp(rng.normal(3.0, 0.5, 24)))
    table.loc[24] = ["labs", 0.7, 30_000, 4.0]  # one far below, which presses the others together
    figure = cost.cost(table, "auroc", theme.method_colours(names, ["labs"]))
    (left, right), (low, high) = figure.layout.xaxis.range, figure.layout.yaxis.range
    room = np.array([width, figure.layout.height - 90])
    boxes = []
    for note in figure.layout.annotations:
        centre = np.array([(note.x - left) / (right - left), (note.y - low) / (high - low)]) * room
        centre += (note.ax, -note.ay)
        half = np.array([6 * len(note.text.removeprefix("<b>").removesuffix("</b>")), 13]) / 2
        boxes.append((centre - half, centre + half))
        assert (centre - half > -20).all() and (centre + half < room + 20).all()
    assert len(boxes) == 25
    for (low_a, high_a), (low_b, high_b) in itertools.combinations(boxes, 2):
        assert not ((np.minimum(high_a, high_b) - np.maximum(low_a, low_b)) > 2).all()


def test_no_name_lies_on_the_line_that_joins_the_best():
    table = pd.DataFrame(
        {"method": list("abcdef"), "mean": [0.8, 0.8001, 0.8002, 0.8003, 0.7, 0.7], "parameters": 900.0,
         "seconds": [1.0, 1.3, 2.0, 9.0, 1.1, 8.0]}
    ).assign(method=[f"attention_method_{i}" for i in range(6)])  # fmt: skip
    figure = cost.cost(table, "auroc", {})
    joined = figure.data[0]
    assert len(joined.x) == 4
    (left, right), (low, high) = figure.layout.xaxis.range, figure.layout.yaxis.range
    room = np.array([720, figure.layout.height - 90])
    for note in figure.layout.annotations:
        at = np.array([(note.x - left) / (right - left), (note.y - low) / (high - low)]) * room + (note.ax, -note.ay)
        half = 3 * len(note.text.removeprefix("<b>").removesuffix("</b>"))
        if (np.log10(joined.x[0]) - left) / (right - left) * room[0] < at[0] - half:
            level = (0.80015 - low) / (high - low) * room[1]
            assert abs(at[1] - level) > 6 or at[0] + half > room[0] * 0.93, note.text
