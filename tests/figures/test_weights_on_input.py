"""Attention figures keep numbers with their names: weights, spreads, places and evidence end where they belong."""

import numpy as np
import pytest

from mmcore.base.values import Box, Column, ColumnSpec, Evidence, InputSpec, Seconds, Segment, Signal, Span
from mmcore.figures import evidence_outlines, weights_on_input
from mmcore.figures.heat import HeatScale

HEAT = HeatScale(4.0)
SIGNAL = Signal(np.sin(np.linspace(0, 60, 1250))[None].astype(np.float32), 125.0, ("II",), "mV")


def test_a_mask_is_outlined_and_boxes_are_framed():
    places = [Box(0, 0, 1, 0.5), Box(0, 0.5, 1, 1)]
    mask = np.zeros((10, 10), bool)
    mask[2:5, 2:5] = True
    evidence = [Evidence("effusion", (), 1.0, mask), Evidence("heart", (Box(0.1, 0.1, 0.4, 0.4),))]
    figure = weights_on_input.image(np.zeros((10, 10), np.uint8), places, np.array([1.8, 0.2]), HEAT, evidence=evidence)
    assert [trace.name for trace in figure.data if trace.type == "contour"] == ["effusion"]
    assert len(figure.layout.shapes) == 1 and [a.text for a in figure.layout.annotations] == ["effusion", "heart"]
    assert not weights_on_input.image(np.zeros((10, 10), np.uint8), places, np.array([1.8, 0.2]), HEAT).layout.shapes


def test_the_band_lies_under_the_trace_and_evidence_is_framed():
    evidence = [Evidence("ST elevation", (Seconds(2, 3),))]
    figure = weights_on_input.signal(
        SIGNAL, [Seconds(0, 5), Seconds(5, 10)], np.array([1.6, 0.4]), HEAT, colour="#CF4B62", evidence=evidence
    )
    band = figure.data[1]
    assert band.z[0][0] == 1.6 and band.z[0][-1] == pytest.approx(0.4)
    assert (band.zmin, band.zmax) == (1, HEAT.top), "the scale is that of the view"
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
    bar, numbers = weights_on_input.columns(
        {"age": 63.0, "sex": "f", "bmi": None},
        places,
        np.array([0.6, 1.5, 0.9]),
        HEAT,
        spec,
        evidence=[Evidence("old", (Column("age"),))],
    ).data
    assert list(bar.x) == [0.6, 0.9, 1.5] and numbers.text[2].strip() == "1.5×"
    assert min(numbers.x) == 1, "no number lies across the line of an even share"
    assert bar.y[0] == "● age  <b>63 years</b>" and bar.y[1] == "bmi  <b>missing</b>" and bar.y[2] == "sex  <b>f</b>"


def test_words_wear_the_heat_and_tell_even_shares():
    html = weights_on_input.text("no pain", [Span(0, 2), Span(3, 7)], np.array([0.5, 4.0]), HEAT)
    assert 'title="4.0×"' in html and "rgba(142, 27, 58, 0.45)" in html, "the deepest heat"


def test_a_named_segment_is_shaded_in_every_beat_of_its_own_channel():
    signal = Signal(np.random.default_rng(0).normal(size=(2, 1000)).astype(np.float32), 100.0, ("I", "V2"), "mV")
    beats = (Seconds(1, 1.5), Seconds(3, 3.5))
    places = [Segment(1, 1.5, "ST segment in I", "ST", 0, beats), Segment(1, 1.5, "ST segment in V2", "ST", 1, beats)]
    shares = np.array([0.1, 3.0])
    for channel, expected in ((0, []), (1, [(1, 1.5), (3, 3.5)])):
        figure = weights_on_input.signal(signal, places, shares, HEAT, colour="#123456", channel=channel)
        assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == expected
        band = np.array(figure.data[1].z[0], float)
        assert np.nanmax(band) == shares[channel] and np.isfinite(band).sum() == 40, "one second of ten, in 400 steps"
