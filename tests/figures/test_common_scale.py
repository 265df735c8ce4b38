"""Protects what is drawn of inputs on one scale: the numbers are those of the alignment, and text is escaped."""

from __future__ import annotations

import numpy as np

from mmcore.base.values import Box, Seconds, Signal, Span, Whole
from mmcore.encoders.alignment import windows
from mmcore.figures import common_scale as drawn

tokens = np.random.default_rng(0).standard_normal((8, 5)).astype(np.float32)
ecg = Signal(np.random.default_rng(1).standard_normal((2, 1000)).astype(np.float32), 100.0, ("I", "II"), "mV")
sound = Signal(np.random.default_rng(2).standard_normal((1, 4000)).astype(np.float32), 1000.0)
tiles = [Seconds(i * 1.25, (i + 1) * 1.25) for i in range(8)]


def lanes(common):
    return [
        drawn.lane("ecg <b>", "minirocket", "#3F74C9", ecg, tokens, tiles, common),
        drawn.lane("sound", "whole", "#C58A1C", sound, tokens[:1], [Whole()], common, "norm"),
    ]


def test_lanes_share_one_axis_and_hold_what_falls_to_each_window():
    common = windows(10, 2.5)
    lane, other = lanes(common)
    assert lane.covered.all() and other.covered.tolist() == [True, True, False, False], "the sound ends after 4 s"
    np.testing.assert_allclose(lane.values, drawn.MEASURES["distinct"](tokens))
    np.testing.assert_allclose(lane.aligned, lane.values.reshape(4, 2).mean(1), rtol=1e-4)
    figure = drawn.time_lanes([lane, other], common, measure_name="distance", unit="s")
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert [len(bar.x) for bar in bars] == [8, 4, 1], "a single token is not averaged into windows"
    assert "nothing to average" in figure.layout.annotations[1].text
    assert (
        list(bars[0].base) == [place.start for place in tiles] and "ecg &lt;b&gt;" in figure.layout.annotations[0].text
    )
    frame = drawn.time_frame([lane, other], common)
    assert len(frame) == 8 and frame[frame.input == "sound"].value.isna().tolist() == [False, False, True, True]


def test_windows_that_overlap_are_drawn_side_by_side():
    common = windows(10, 2.5, 1.25)
    figure = drawn.time_lanes(lanes(common)[:1], common, measure_name="distance")
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert len(set(bars[0].y)) == 1 and len(set(bars[1].y)) == 2


def test_windows_have_the_shades_of_the_tokens_they_hold():
    common = windows(10, 1.25)
    bars = [t for t in drawn.time_lanes(lanes(common)[:1], common, measure_name="distance").data if t.type == "bar"]
    assert list(bars[0].marker.color) == list(bars[1].marker.color)


def test_images_under_their_own_and_the_common_grid():
    image = np.zeros((20, 30), np.uint8)
    boxes = [Box(r / 2, c / 4, (r + 1) / 2, (c + 1) / 4) for r in range(2) for c in range(4)]
    own = drawn.own_grid(image, tokens, boxes, "norm", "length")
    assert sum(trace.type == "scatter" for trace in own.data) == 8
    common = drawn.common_grid(image, tokens, boxes, 3, 3, "norm", "length")
    cells = [trace for trace in common.data if trace.type == "scatter"]
    assert len(cells) == 9 and "row 3, column 3" in cells[-1].text
    frame = drawn.grid_frame(tokens, boxes, 2, 4, "norm")
    np.testing.assert_allclose(frame.value, np.linalg.norm(tokens, axis=1), rtol=1e-4)


def test_a_text_as_chips():
    text = "no <script> pain " * 60
    spans = [Span(i, i + 2) for i in range(0, 400, 2)]
    drawn_text = drawn.chips(text, spans, np.arange(len(spans), dtype=float), "#3F74C9", 'so "far"')
    assert "<script>" not in drawn_text and "and 40 more" in drawn_text and "&quot;far&quot;" in drawn_text
    assert "no &lt;b&gt;" in drawn.chips("no <b>", [Whole()], np.zeros(1), "#3F74C9", "length")
