"""Curves behind the numbers show every method and every case, and find room for many."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore import evaluation
from mmcore.figures import prediction_quality, theme

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


def test_roc_breaks_each_line_in_its_own_way_names_each_and_bands_one():
    result = {name: evaluation.roc("binary", TARGET, outputs(s), draws=20) for s, name in enumerate(METHODS, 1)}
    areas = TABLE.set_index("method")["mean"].to_dict()
    figure = prediction_quality.roc(result, TINTS, areas=areas, band="concat")
    named = {trace.name: trace.line.dash for trace in figure.data if trace.name}
    assert {"xray 0.600", "cross attention 0.850"} < named.keys() and len({*named.values()}) == len(METHODS)
    assert len({trace.marker.symbol for trace in figure.data if trace.name}) == len(METHODS)
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
    result = evaluation.Confusion(tuple(f"class {i}" for i in range(size)), np.eye(size) * 5)
    figure = prediction_quality.confusion({str(i): result for i in range(11)})
    assert sum(trace.type == "heatmap" for trace in figure.data) == 11
    inks = dict(zip(zip(figure.data[1].x, figure.data[1].y, strict=True), figure.data[1].textfont.color, strict=True))
    assert inks["class 0", "class 0"] == "#FFFFFF" and inks["class 0", "class 1"] != "#FFFFFF"


def test_every_curve_of_many_finds_room_in_the_legend():
    curve = evaluation.roc("binary", TARGET, outputs(2), draws=5)
    figure = prediction_quality.roc({str(i): curve for i in range(20)}, TINTS, areas={})
    legend, room = figure.layout.legend, figure.layout.margin.b
    assert legend.orientation == "v" and legend.maxheight >= 20 * 20 and room > legend.maxheight
    assert figure.layout.height - room > 300


def test_a_regression_has_the_truth_over_the_prediction_as_reports_have_and_names_its_target_on_both_axes():
    scatter = evaluation.Scatter(true=np.arange(3.0), predicted=np.arange(3.0) + 1)
    figure = prediction_quality.true_against_predicted(scatter, "gain <m>")
    assert figure.layout.xaxis.title.text == "predicted gain &lt;m&gt;"
    assert figure.layout.yaxis.title.text == "true gain &lt;m&gt;"
    assert list(figure.data[-1].x) == [1, 2, 3] and list(figure.data[-1].y) == [0, 1, 2]
    assert figure.layout.xaxis.range == figure.layout.yaxis.range, "what is right lies on a true diagonal"


def test_reliability_shows_what_chance_gives_a_perfect_model_and_the_error_that_tables_show():
    curve = evaluation.calibration("binary", TARGET, outputs(3), draws=20)
    low, high = curve.stated - 0.1, curve.stated + 0.1
    figure = prediction_quality.calibration(
        {"concat": curve, "note": curve}, TINTS, bars="concat", perfect=(low, high), errors={"concat": 0.04}
    )
    ground = next(trace for trace in figure.data if trace.fill == "toself")
    assert np.allclose(ground.y, [*high, *low[::-1]]) and np.allclose(ground.x, [*curve.stated, *curve.stated[::-1]])
    names = [trace.name for trace in figure.data if trace.name]
    assert names == ["95% range if calibration were perfect", "concat: calibration error 0.040", "note"]
