"""Pictures of attributions keep signs apart from sizes, and their steps end where the prediction stands."""

import numpy as np
import pytest

from mmcore.base.values import Box, Column, ColumnSpec, InputSpec, Seconds, Signal, Span
from mmcore.figures import attribution
from mmcore.figures.heat import HeatScale
from mmcore.figures.overlays import AGAINST, FOR

LOG_ODDS = HeatScale(2.0, "log-odds")
SIGNAL = Signal(np.sin(np.linspace(0, 60, 1250))[None].astype(np.float32), 125.0, ("II",), "mV")


def test_an_image_tells_values_with_their_signs():
    figure = attribution.image(
        np.zeros((10, 10), np.uint8), [Box(0, 0, 1, 0.5), Box(0, 0.5, 1, 1)], np.array([0.3, -0.1]), LOG_ODDS
    )
    hover = figure.data[-1]
    assert np.allclose(hover.z, [[0.3, -0.1]]) and "+.3f" in hover.hovertemplate


def test_the_band_is_even_handed_and_stretches_take_the_colour_of_their_sign():
    figure = attribution.signal(
        SIGNAL, [Seconds(0, 5), Seconds(5, 10)], np.array([0.2, -0.8]), LOG_ODDS, colour="#CF4B62"
    )
    assert (figure.data[1].zmin, figure.data[1].zmax) == (-LOG_ODDS.top, LOG_ODDS.top)
    assert [(s.x0, s.fillcolor) for s in figure.layout.shapes] == [(0, FOR), (5, AGAINST)]
    assert figure.layout.yaxis.title.text == "II (mV)" and "(s)" in figure.layout.xaxis2.title.text


def test_words_wear_the_colour_of_their_sign_and_are_escaped():
    text = attribution.text("pain <b>", [Span(0, 4), Span(5, 8)], np.array([0.5, -0.25]), HeatScale(4 / 3, "log-odds"))
    assert 'title="+0.500"' in text and 'title="-0.250"' in text and "&lt;b&gt;" in text
    assert "rgba(43, 163, 107, 0.45)" in text and "rgba(180, 85, 176, 0.22)" in text


def test_columns_are_ordered_by_size_and_told_with_value_and_unit():
    table = (ColumnSpec(name="age", unit="years"), ColumnSpec(name="bmi", unit="kg/m²"))
    spec = InputSpec(name="labs", kind="table", columns=("age", "bmi"), table=table)
    figure = attribution.columns(
        {"age": 63.0, "bmi": 22.0}, [Column("age"), Column("bmi")], np.array([-0.6, 0.2]), LOG_ODDS, spec
    )
    (bar,) = figure.data
    assert list(bar.x) == [0.2, -0.6] and bar.y[1] == "age  <b>63 years</b>"
    assert list(bar.marker.color) == [FOR, AGAINST] and figure.layout.xaxis.title.text == "log-odds"
    low, high = figure.layout.xaxis.range
    assert low < -0.6 and high > 0.2


def test_steps_lead_from_no_input_to_the_prediction():
    figure = attribution.steps(
        {"xray": 0.1, "note": -0.3}, 0.5, 0.3, start="no input", end="prediction", title="probability", percent=True
    )
    (bar,) = figure.data
    assert list(bar.y) == ["no input", "note", "xray", "<b>prediction</b>"], "the largest step comes first"
    assert list(bar.x) == pytest.approx([0.5, -0.3, 0.1, 0.3]) and list(bar.base) == pytest.approx([0, 0.5, 0.2, 0])
    assert [note.text for note in figure.layout.annotations] == ["50%", "−30", "+10", "<b>30%</b>"]


def test_no_step_leaves_what_a_probability_can_be():
    added = {"note": 0.7, "ecg": -0.4, "labs": 0.1}
    figure = attribution.steps(added, 0.5, 0.9, start="none", end="all", title="p", percent=True)
    (bar,) = figure.data
    ends = 0.5 + np.cumsum(list(bar.x)[1:-1])
    assert ends.min() >= 0 and ends.max() <= 1 + 1e-9 and list(figure.layout.xaxis.range) == [0, 1]
