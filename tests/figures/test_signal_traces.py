"""Protects how signals are drawn: an ECG on its paper, any length and rate."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from mmcore.base.values import Evidence, Seconds, Signal
from mmcore.figures import signal_traces, theme
from mmcore.figures.signal_traces import heights


def ecg(**more) -> Signal:
    time = np.arange(1250) / 125
    return Signal(
        np.stack([np.sin(time), np.cos(time), time * 0]).astype(np.float32), 125.0, ("I", "II", "V2"), "mV", **more
    )


def test_an_ecg_lies_on_paper_of_its_squares():
    figure = signal_traces.traces(
        ecg(), [0, 1, 2], colour=theme.ACCENT, paper=True, evidence=[Evidence("ST", (Seconds(1, 2),))]
    )
    assert (figure.layout.xaxis.dtick, figure.layout.xaxis.minor.dtick) == (0.2, 0.04)
    assert (figure.layout.yaxis.dtick, figure.layout.yaxis.minor.dtick) == (0.5, 0.1)
    assert len(figure.data) == 3 and len(figure.layout.shapes) == 1


def test_paper_is_for_ecg_only():
    sound = Signal(np.zeros((1, 8000), np.float32), 8000.0)
    unknown = Signal(np.zeros((12, 100), np.float32))
    assert (
        signal_traces.is_ecg(ecg())
        and not signal_traces.is_ecg(sound, "heart sound")
        and not signal_traces.is_ecg(unknown, "ecg")
    )
    assert "rate unknown" in signal_traces.facts(unknown)


@pytest.mark.parametrize("samples", [1, 7, 100, 20_000])
@pytest.mark.parametrize("rate", [None, 1.0, 8000.0])
def test_signals_of_any_length_and_rate_can_be_drawn(samples, rate):
    signal = Signal(np.zeros((2, samples), np.float32), rate)
    assert isinstance(signal_traces.traces(signal, [0, 1], colour="#16858F"), go.Figure)
    assert isinstance(signal_traces.spectrogram(signal, 1), go.Figure)
    assert np.abs(signal_traces.audible(signal)).max() <= 1


@pytest.mark.parametrize("loudness", [1e-4, 1e4])
def test_colours_of_a_spectrogram_reach_up_to_its_strongest_point(loudness):
    noise = loudness * np.random.default_rng(0).normal(size=(1, 2000)).astype(np.float32)
    heat = signal_traces.spectrogram(Signal(noise, 250.0)).data[0]
    assert heat.zmax == pytest.approx(np.max(heat.z), abs=1e-3) and heat.zmax - heat.zmin == pytest.approx(60)


def test_a_channel_far_from_zero_is_shown_whole_and_a_day_in_hours():
    level = (6 + np.sin(np.arange(288) / 20)).astype(np.float32)
    day = Signal(level[None], 1 / 300, ("glucose",), "mmol/L")
    figure = signal_traces.traces(day, [0], colour=theme.ACCENT)
    low, high = figure.layout.yaxis.range
    assert low < level.min() and level.max() < high < 8 and low > 4
    assert figure.layout.xaxis.title.text == "time (h)" and "12" in figure.layout.xaxis.ticktext
    assert signal_traces.facts(day).startswith("1 channel · 24 h · a value every 5 min")


def test_channels_of_different_units_stand_at_their_names_each_on_its_own_scale():
    at = np.arange(288) / 20
    vitals = Signal(np.stack([80 + 12 * np.sin(at), 37 + 0.3 * np.cos(at)]).astype(np.float32), 1 / 300, ("pulse", "T"))
    figure = signal_traces.traces(vitals, [0, 1], colour=theme.ACCENT)
    names = {note.text.split("<br>")[0]: note.y for note in figure.layout.annotations}
    for trace, name in zip(figure.data, ("<b>pulse</b>", "<b>T</b>"), strict=True):
        assert min(trace.y) < names[name] < max(trace.y) and np.ptp(trace.y) > 0.8, "neither far off nor flat"
    assert "68 – 92" in figure.layout.annotations[0].text and "own" in figure.layout.xaxis.title.text
    assert max(figure.data[0].customdata) > 91, "the pointer tells the value itself"


def test_channels_of_one_unit_share_a_scale():
    at = np.arange(1000) / 20
    gait = Signal(np.stack([9.8 + 5 * np.sin(at), 0.3 * np.cos(at)]).astype(np.float32), 50.0, ("up", "side"), "m/s²")
    figure = signal_traces.traces(gait, [0, 1], colour=theme.ACCENT)
    assert np.ptp(figure.data[0].y) == pytest.approx(10, abs=0.1) and np.ptp(figure.data[1].y) < 0.7
    assert "a division" in figure.layout.xaxis.title.text


def test_traces_beside_one_another_have_one_axis_on_which_both_have_room():
    low, high = (Signal(np.array([[0.0, top], [5.0, 9.0]], np.float32), 10.0) for top in (1.0, 3.0))
    ends = heights([low, high], 0)
    assert ends == heights([high, low], 0) and ends[0] < 0 and 3 < ends[1] < 4, "of that channel alone"
    assert heights([Signal(np.array([[np.nan]], np.float32), 10.0)], 0) is None
    assert heights([low], 7) is None, "no such channel"
