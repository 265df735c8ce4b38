"""Comparison figures show every method with its interval, the ceiling, the reference and the right colours."""

import numpy as np
import pandas as pd
import pytest

from mmcore import evaluation
from mmcore.evaluation import Interval
from mmcore.figures import comparison, prediction_quality, theme

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
RNG = np.random.default_rng(0)
TARGET = RNG.integers(0, 2, 120)


def outputs(strength: float) -> np.ndarray:
    p = 1 / (1 + np.exp(-(TARGET - 0.5) * strength - RNG.normal(size=(2, 120))))
    return np.stack([1 - p, p], -1)


def test_forest_shows_points_intervals_ceiling_and_reference():
    figure = comparison.forest(TABLE, "auroc", TINTS, ceiling=0.95, reference="note")
    points = {trace.name: trace for trace in figure.data if trace.mode == "markers"}
    assert {name: point.x[0] for name, point in points.items()} == {
        "xray": 0.6,
        "note": 0.7,
        "concat": 0.8,
        "cross attention": 0.85,
    }
    assert points["cross attention"].marker.color == TINTS["cross_attention"]
    bars = [tuple(trace.x) for trace in figure.data if trace.mode == "lines"]
    assert (0.55, 0.65) in bars and len(bars) == 4
    assert [shape.x0 for shape in figure.layout.shapes] == [0.7, 0.95]
    assert any("0.950" in note.text for note in figure.layout.annotations)


def test_forest_without_intervals_ceiling_or_rows():
    bare = TABLE.assign(low=np.nan, high=np.nan)
    assert len(comparison.forest(bare, "rmse", TINTS, ceiling=float("nan")).layout.shapes) == 0
    assert len(comparison.forest(TABLE[:0], "auroc", TINTS).data) == 0


def test_axes_say_which_way_is_better():
    assert "lower is better" in comparison.forest(TABLE, "brier", TINTS).layout.xaxis.title.text
    assert "higher is better" in comparison.forest(TABLE, "auroc", TINTS).layout.xaxis.title.text


GAPS = TABLE.assign(
    difference=[np.nan, np.nan, 0.1, 0.15],
    difference_low=[np.nan, np.nan, 0.02, 0.1],
    difference_high=[np.nan, np.nan, 0.18, 0.2],
)


def test_differences_stand_in_the_rows_of_their_methods_and_the_zero_line_is_named():
    figure = comparison.forest(GAPS, "auroc", TINTS, reference="note")
    points = [trace for trace in figure.data if trace.mode == "markers"]
    left, right = ({t.y[0]: t.x[0] for t in points if t.xaxis == axis} for axis in ("x", "x2"))
    assert list(left) == ["xray", "note", "concat", "cross attention"] and right == {
        "concat": 0.1,
        "cross attention": 0.15,
    }
    assert figure.layout.yaxis2.matches == "y", "one row for both"
    words = [note.text for note in figure.layout.annotations]
    assert {"+0.100", "as good as note", "best single input"} <= set(words)
    low, high = figure.layout.xaxis2.range
    assert low < 0 < high


def test_words_on_lines_stand_above_the_rows_and_not_on_each_other():
    notes = comparison.forest(TABLE, "auroc", TINTS, ceiling=0.71, reference="note").layout.annotations
    above = [note for note in notes if note.yshift]
    assert len(above) == 2 and len({note.yshift for note in above}) == 2
    assert all(note.y == 1 and note.yanchor == "bottom" for note in above)


def test_a_method_far_off_does_not_press_the_others_together():
    means = [0.996, 0.995, 0.994, 0.993, 0.99, 0.89]
    names = list("abcdef")
    far = pd.DataFrame({"method": names, "mean": means, "low": np.subtract(means, 0.002), "high": np.add(means, 0.002)})
    low, high = comparison.shown_range(far, "auroc")
    assert 0.96 < low < 0.988 and high > 0.998
    figure = comparison.forest(far, "auroc", {}, reference="e")
    point = next(trace for trace in figure.data if trace.name == "f")
    assert point.marker.symbol == "triangle-left" and "0.890" in point.hovertemplate
    alike = far.assign(mean=0.9, low=0.8999, high=0.9001)
    low, high = comparison.shown_range(alike, "auroc")
    assert high - low > 0.015, "noise is not blown up to a difference"
    low, high = comparison.shown_range(far.assign(mean=np.subtract(1, means), low=np.nan, high=np.nan), "brier")
    assert high < 0.05, "of an error the small values are the good ones"


def test_roc_dashes_single_inputs_and_bands_one():
    found = {name: evaluation.roc("binary", TARGET, outputs(s), draws=20) for s, name in enumerate(METHODS, 1)}
    areas = TABLE.set_index("method")["mean"].to_dict()
    figure = prediction_quality.roc(found, TINTS, areas=areas, band="concat", singles=["xray", "note"])
    named = {trace.name: trace.line.dash for trace in figure.data if trace.name}
    assert named["xray 0.600"] == "dash" and named["cross attention 0.850"] == "solid"
    assert sum(trace.fill == "toself" for trace in figure.data) == 1


def test_calibration_and_confusion_carry_cases():
    stated = {"concat": evaluation.calibration("binary", TARGET, outputs(3), draws=20)}
    assert sum(prediction_quality.calibration(stated, TINTS, bars="concat").data[1].customdata) == pytest.approx(120)
    tables = {name: evaluation.confusion("binary", TARGET, outputs(3), ("no", "yes")) for name in METHODS}
    figure = prediction_quality.confusion(tables)
    assert len(figure.data) == 8 and np.asarray(figure.data[0].customdata).sum() == pytest.approx(120)
    assert np.allclose(np.asarray(figure.data[0].z).sum(1), 1)


@pytest.mark.parametrize("size", [2, 10])
def test_confusion_of_many_methods_and_classes_can_be_laid_out(size):
    found = evaluation.Confusion(tuple(f"class {i}" for i in range(size)), np.eye(size) * 5)
    figure = prediction_quality.confusion({str(i): found for i in range(11)})
    assert sum(trace.type == "heatmap" for trace in figure.data) == 11
    inks = dict(zip(zip(figure.data[1].x, figure.data[1].y, strict=True), figure.data[1].textfont.color, strict=True))
    assert inks["class 0", "class 0"] == "#FFFFFF" and inks["class 0", "class 1"] != "#FFFFFF"


def test_cost_and_regression():
    beaten = pd.DataFrame([("late", 0.79, 0.8, 0.8, 500, 3.0)], columns=TABLE.columns)
    figure = comparison.cost(pd.concat([TABLE, beaten]), "auroc", TINTS)
    named = {trace.text[0] for trace in figure.data if trace.text}
    assert named == {"xray", "note", "concat", "cross attention"}, "late is slower than concat, and no better"
    assert any(trace.name == "late" and "3.0 s" in trace.hovertemplate for trace in figure.data)
    assert comparison.best_for_its_cost(TABLE, "brier") == ["xray"]
    found = evaluation.Scatter(np.arange(3.0), np.arange(3.0) + 1)
    assert (
        prediction_quality.true_against_predicted({"concat": found}, TINTS, "mmHg").layout.xaxis.title.text
        == "true (mmHg)"
    )


def test_tables_hold_every_metric():
    rows = [
        (
            "cross_attention",
            {"auroc": Interval(0.8, 0.7, 0.9, 0.01), "ece": Interval(0.1, 0.05, 0.2, float("nan"))},
            100,
            1.234,
        )
    ]
    shown = comparison.metrics_table(rows)
    assert shown["AUROC"][0] == "0.800 [0.700, 0.900]" and shown["Method"][0] == "cross attention"
    assert len(comparison.metrics_data(rows)) == 2


def test_the_ceiling_lies_within_the_axis():
    low, high = comparison.forest(TABLE, "auroc", TINTS, ceiling=0.99).layout.xaxis.range
    assert low < 0.55 and high > 0.99


def test_every_curve_of_many_finds_room_in_the_legend():
    one = evaluation.roc("binary", TARGET, outputs(2), draws=5)
    figure = prediction_quality.roc({str(i): one for i in range(20)}, TINTS, areas={})
    legend, room = figure.layout.legend, figure.layout.margin.b
    assert legend.orientation == "v" and legend.maxheight >= 20 * 20 and room > legend.maxheight
    assert figure.layout.height - room > 300
