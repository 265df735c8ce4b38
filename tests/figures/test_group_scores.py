"""Scores in each group: every method in every row, told apart without colour, and groups without a score named."""

import numpy as np
import pandas as pd

from mmcore.figures import group_scores

TABLE = pd.DataFrame(
    [
        ("Ulm", 40, "gated", 0.8),
        ("Ulm", 40, "labs", 0.7),
        ("<Bern>", 60, "gated", 0.6),
        ("<Bern>", 60, "labs", 0.9),
        ("Graz", 3, "gated", np.nan),
        ("Graz", 3, "labs", np.nan),
    ],
    columns=["group", "cases", "method", "value"],
)


def test_each_mark_stands_in_the_row_of_its_group():
    figure = group_scores.group_scores(TABLE, "auroc", {"gated": "#16858F"})
    marks = {trace.name: trace for trace in figure.data if trace.mode == "markers"}
    assert dict(zip(marks["gated"].y, marks["gated"].x, strict=True)) == {0: 0.8, 1: 0.6}
    assert dict(zip(marks["labs"].y, marks["labs"].x, strict=True)) == {0: 0.7, 1: 0.9}
    assert marks["gated"].marker.symbol != marks["labs"].marker.symbol
    assert [tuple(trace.x) for trace in figure.data if trace.mode == "lines"] == [(0.7, 0.8), (0.6, 0.9)]


def test_groups_are_named_with_their_cases_escaped_and_those_without_a_score_say_so():
    figure = group_scores.group_scores(TABLE, "auroc", {})
    labels = figure.layout.yaxis.ticktext
    assert "Ulm" in labels[0] and "40 cases" in labels[0] and "&lt;Bern&gt;" in labels[1]
    assert [(note.y, note.text) for note in figure.layout.annotations] == [(2, "cannot be measured in this group")]
