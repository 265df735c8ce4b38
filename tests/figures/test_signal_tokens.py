"""Tokens of signals share the axis of time with the trace; beats and filters are drawn one by one."""

from __future__ import annotations

import numpy as np

from mmcore.base.values import Seconds, Signal
from mmcore.figures import signal_tokens


def test_signal_and_tokens_share_one_time_axis():
    signal = Signal(np.random.default_rng(0).normal(size=(2, 5000)).astype(np.float32), 500.0, ("I", "II"), "mV")
    figure = signal_tokens.signal_tokens(
        signal,
        [Seconds(0, 4), Seconds(3, 7), Seconds(6, 10)],
        np.ones((2, 3)),
        colour="#3F74C9",
        channel=1,
        row_title="component",
    )
    trace, heat = figure.data
    assert len(trace.x) <= 3000 and trace.x[-1] <= 10
    assert list(heat.x) == [0, 3.5, 6.5, 10], "stretches that overlap meet half way"
    assert figure.layout.yaxis.title.text == "II (mV)"


def test_a_single_row_is_a_strip_and_many_share_the_height():
    signal, places = Signal(np.zeros((1, 500), np.float32), 100.0), [Seconds(0, 2), Seconds(2, 5)]
    heights = [
        signal_tokens.signal_tokens(signal, places, np.ones((rows, 2)), colour="#3F74C9", row_title="").layout.height
        for rows in (1, 2, 40, 400)
    ]
    assert heights[0] < 230 and heights[0] < heights[1] < heights[2] == heights[3] == 420


def test_beats_are_marked_on_the_trace():
    samples = np.zeros((1, 500), np.float32)
    samples[0, [100, 300]] = 1
    figure = signal_tokens.with_peaks(Signal(samples, 100.0), [1.0, 3.0], colour="#3F74C9")
    assert list(figure.data[1].x) == [1, 3] and list(figure.data[1].y) == [1, 1]
    assert not len(signal_tokens.with_peaks(Signal(samples, 100.0), [], colour="#3F74C9").data[1].x)


def test_filters_of_a_bank_are_drawn_one_by_one():
    figure = signal_tokens.filter_bank(np.linspace(0, 50, 5), np.eye(3, 5), axis_title="frequency (Hz)")
    assert len(figure.data) == 3 and figure.layout.xaxis.title.text == "frequency (Hz)"
