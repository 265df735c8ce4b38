"""Predictions and input weights keep numbers with their names: a missing input is not a zero."""

from __future__ import annotations

import numpy as np

from mmcore.figures import prediction, theme


def test_bars_carry_mean_and_spread_in_the_inputs_colour():
    colours = theme.colour_of_input(["xray", "note"])
    bar, *lines = prediction.input_weights({"xray": (0.7, 0.1), "note": (0.3, 0.05)}, colours).data
    assert dict(zip(bar.y, bar.x, strict=True)) == {"xray": 0.7, "note": 0.3}
    for line in lines:
        assert dict(zip(line.y, line.error_x.array, strict=True)) == {"xray": 0.1, "note": 0.05}
        assert list(line.x) == list(bar.x)
    rim, spread = (line.error_x for line in lines)
    assert rim.thickness > spread.thickness and rim.color != spread.color, "seen on the bar and beside it"
    assert dict(zip(bar.y, bar.marker.color, strict=True)) == colours


def test_a_missing_input_is_called_missing_and_not_zero():
    figure = prediction.input_weights(
        {"xray": (1.0, 0.0), "note": (0.0, 0.0)}, theme.colour_of_input(["xray", "note"]), missing=["note"]
    )
    assert sorted(note.text for note in figure.layout.annotations) == ["<b>100%</b>", "missing"]


def test_classes_that_are_numbers_stay_names():
    assert (
        prediction.prediction(["5", "0"], np.array([0.2, 0.8]), np.zeros(2), truth="0").layout.yaxis.type == "category"
    )


def test_the_true_class_is_marked():
    bar = prediction.prediction(["well", "ill"], np.array([0.2, 0.8]), np.array([0.1, 0.1]), truth="ill").data[0]
    assert "✓" in bar.y[1] and "✓" not in bar.y[0] and list(bar.x) == [0.2, 0.8]
