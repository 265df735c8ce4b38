"""Attention figures keep numbers with their names: weights, spreads, places and evidence end where they belong."""

import numpy as np
import pytest

from mmcore.base.values import Box, Column, ColumnSpec, Evidence, InputSpec, Seconds, Signal
from mmcore.figures import evidence_outlines, theme, weights_on_input

SIGNAL = Signal(np.sin(np.linspace(0, 60, 1250))[None].astype(np.float32), 125.0, ("II",), "mV")


def test_bars_carry_mean_and_spread_in_the_inputs_colour():
    colours = theme.colour_of_input(["xray", "note"])
    bar = weights_on_input.input_weights({"xray": (0.7, 0.1), "note": (0.3, 0.05)}, colours).data[0]
    assert dict(zip(bar.y, bar.x, strict=True)) == {"xray": 0.7, "note": 0.3}
    assert dict(zip(bar.y, bar.error_x.array, strict=True)) == {"xray": 0.1, "note": 0.05}
    assert dict(zip(bar.y, bar.marker.color, strict=True)) == colours


def test_a_missing_input_is_called_missing_and_not_zero():
    figure = weights_on_input.input_weights(
        {"xray": (1.0, 0.0), "note": (0.0, 0.0)}, theme.colour_of_input(["xray", "note"]), missing=["note"]
    )
    assert sorted(note.text for note in figure.layout.annotations) == ["<b>100%</b>", "missing"]


def test_classes_that_are_numbers_stay_names():
    assert (
        weights_on_input.prediction(["5", "0"], np.array([0.2, 0.8]), np.zeros(2), truth="0").layout.yaxis.type
        == "category"
    )


def test_the_true_class_is_marked():
    bar = weights_on_input.prediction(["well", "ill"], np.array([0.2, 0.8]), np.array([0.1, 0.1]), truth="ill").data[0]
    assert "✓" in bar.y[1] and "✓" not in bar.y[0] and list(bar.x) == [0.2, 0.8]


def test_a_mask_is_outlined_and_boxes_are_framed():
    places = [Box(0, 0, 1, 0.5), Box(0, 0.5, 1, 1)]
    mask = np.zeros((10, 10), bool)
    mask[2:5, 2:5] = True
    evidence = [Evidence("effusion", (), 1.0, mask), Evidence("heart", (Box(0.1, 0.1, 0.4, 0.4),))]
    figure = weights_on_input.image(np.zeros((10, 10), np.uint8), places, np.array([0.9, 0.1]), evidence=evidence)
    assert [trace.name for trace in figure.data if trace.type == "contour"] == ["effusion"]
    assert len(figure.layout.shapes) == 1 and [a.text for a in figure.layout.annotations] == ["effusion", "heart"]
    assert not weights_on_input.image(np.zeros((10, 10), np.uint8), places, np.array([0.9, 0.1])).layout.shapes


def test_the_band_lies_under_the_trace_and_evidence_is_framed():
    evidence = [Evidence("ST elevation", (Seconds(2, 3),))]
    figure = weights_on_input.signal(
        SIGNAL, [Seconds(0, 5), Seconds(5, 10)], np.array([0.8, 0.2]), colour="#CF4B62", evidence=evidence
    )
    band = figure.data[1]
    assert band.z[0][0] == 0.8 and band.z[0][-1] == pytest.approx(0.2)
    frames = [shape for shape in figure.layout.shapes if shape.line.color == evidence_outlines.PROOF]
    assert [(frame.x0, frame.x1) for frame in frames] == [(2, 3)]
    shaded = [shape for shape in figure.layout.shapes if shape.line.color != evidence_outlines.PROOF]
    assert [(shape.x0, shape.x1) for shape in shaded] == [(0, 5)], "only what weighs more than an even share is shaded"


def test_columns_are_sorted_and_told_with_the_value():
    spec = InputSpec(
        name="labs",
        kind="table",
        columns=("age", "sex", "bmi"),
        table=(ColumnSpec(name="age", unit="years"), ColumnSpec(name="sex", type="category"), ColumnSpec(name="bmi")),
    )
    places = [Column("age"), Column("sex"), Column("bmi")]
    bar = weights_on_input.columns(
        {"age": 63.0, "sex": "f", "bmi": None},
        places,
        np.array([0.2, 0.5, 0.3]),
        spec,
        colour="#7C60B8",
        evidence=[Evidence("old", (Column("age"),))],
    ).data[0]
    assert list(bar.x) == [0.2, 0.3, 0.5]
    assert bar.y[0] == "● age  <b>63 years</b>" and bar.y[1] == "bmi  <b>missing</b>" and bar.y[2] == "sex  <b>f</b>"
