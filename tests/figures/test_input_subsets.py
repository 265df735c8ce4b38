"""Pictures of subsets of inputs and of what each adds: every number where it belongs, the best marked, ties apart."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from mmcore.figures import input_subsets, theme

INPUTS = ["xray", "note", "<ecg>"]
TINTS = theme.colour_of_input(INPUTS)
SUBSETS = [subset for size in (1, 2, 3) for subset in itertools.combinations(INPUTS, size)]
SCORES = pd.DataFrame(
    {"inputs": SUBSETS, "mean": [0.6, 0.7, 0.65, 0.75, 0.72, 0.74, 0.8], "low": np.nan, "high": np.nan}
).assign(low=lambda t: t["mean"] - 0.03, high=lambda t: t["mean"] + 0.02)


def marks(figure, symbols) -> dict[str, object]:
    return {t.name: t for t in figure.data if t.mode == "markers" and t.marker.symbol in symbols}


def test_every_subset_has_its_score_in_the_column_of_its_dots():
    figure = input_subsets.subset_scores(SCORES, "auroc", TINTS)
    points = marks(figure, ("circle", "circle-open"))
    assert len(points) == 7 and points["xray + note"].y == (0.75,)
    assert points["&lt;ecg&gt;"].marker.color == TINTS["<ecg>"], "a single input wears its colour, and is escaped"
    dots = {t.name: t for t in figure.data if t.mode == "markers" and t.name in INPUTS and len(t.x) == 7}
    for subset in SUBSETS:
        at = points[" + ".join(subset).replace("<ecg>", "&lt;ecg&gt;")].x[0]
        has = {name for name, t in dots.items() if t.marker.size[list(t.x).index(at)] == max(t.marker.size)}
        assert has == set(subset)


def test_only_the_best_is_full_and_columns_go_by_size_then_score():
    for metric, best, order in (("auroc", "xray + note + &lt;ecg&gt;", ["note", "&lt;ecg&gt;", "xray"]),
                                ("brier", "xray", ["xray", "&lt;ecg&gt;", "note"])):  # fmt: skip
        points = marks(input_subsets.subset_scores(SCORES, metric, TINTS), ("circle", "circle-open"))
        assert [name for name, t in points.items() if t.marker.symbol == "circle"] == [best]
        assert sorted(points, key=lambda name: points[name].x[0])[:3] == order
        assert max(points, key=lambda name: points[name].x[0]) == "xray + note + &lt;ecg&gt;"


def test_names_of_lines_across_stand_apart():
    figure = input_subsets.subset_scores(SCORES, "auroc", TINTS, lines={"average of single models": 0.705})
    assert [shape.y0 for shape in figure.layout.shapes] == [0.7, 0.705], "the best single input, and the line given"
    low, high = sorted(note.y for note in figure.layout.annotations if note.xanchor == "left")
    assert high - low > 0.02


def test_five_inputs_and_none_but_two_can_be_laid_out():
    five = [f"input {i}" for i in range(5)]
    subsets = [s for size in range(1, 6) for s in itertools.combinations(five, size)]
    table = pd.DataFrame({"inputs": subsets, "mean": np.linspace(0.5, 0.9, 31), "low": 0.4, "high": 0.95})
    figure = input_subsets.subset_scores(table, "auroc", theme.colour_of_input(five))
    assert len(marks(figure, ("circle", "circle-open"))) == 31
    assert {"1 input", "4 inputs", "all inputs"} <= {note.text for note in figure.layout.annotations}
    pair = SCORES[[len(s) == 1 for s in SUBSETS]][:2]
    assert len(marks(input_subsets.subset_scores(pair, "auroc", TINTS), ("circle", "circle-open"))) == 2


def test_only_sets_that_none_beats_at_the_same_cost_are_named():
    priced = SCORES.assign(cost=[10, 20, 30, 30, 40, 50, 60])
    figure = input_subsets.acquisition(priced, "auroc", "EUR")
    named = [trace.name for trace in figure.data if trace.mode == "markers+text"]
    assert named == ["xray", "note", "xray + note", "xray + note + &lt;ecg&gt;"]
    assert figure.layout.xaxis.title.text.endswith("(EUR)") and list(figure.data[0].x) == [10, 20, 30, 60]
    cheapest = input_subsets.acquisition(priced, "brier", "")
    assert [trace.name for trace in cheapest.data if trace.mode == "markers+text"] == ["xray"]


def test_the_alternative_text_tells_the_best_of_all_and_of_single_inputs():
    text = input_subsets.alt_text(SCORES, "auroc")
    assert "xray + note + <ecg>, 0.800" in text and "note, 0.700" in text and "7 sets" in text
    assert "xray, 0.600" in input_subsets.alt_text(SCORES, "brier")
