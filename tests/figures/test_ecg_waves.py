"""Protects the marks on an ECG: they lie on the trace of each lead shown, have a legend, and say what is missing."""

from __future__ import annotations

import numpy as np

from mmcore.base.values import Signal
from mmcore.encoders.signal.delineation import BeatWaves, Delineation, Wave
from mmcore.figures import ecg_waves, signal_traces, theme

BEAT = BeatWaves(Wave(1.0, 1.04, 1.1), Wave(0.8, 0.85, 0.9), Wave(1.2, 1.3, 1.4))
WITHOUT_P = BeatWaves(Wave(2.0, 2.04, 2.08), None, Wave(2.2, 2.3, 2.4))
TWO = Delineation((BEAT, WITHOUT_P), (1.04, 2.04, 3.0), until=4.0)
SIGNAL = Signal(np.random.default_rng(0).normal(size=(3, 400)).astype(np.float32), 100.0, ("I", "II", "V2"), "mV")


def test_marks_lie_on_the_leads_that_are_shown():
    figure = signal_traces.traces(SIGNAL, [0, 2], colour=theme.ACCENT, paper=True, waves=TWO)
    legend = [trace.name for trace in figure.data if trace.showlegend]
    assert legend == ["P wave", "QRS complex", "T wave"] and figure.layout.showlegend
    lead, p = figure.data[0], next(trace for trace in figure.data if trace.name == "P wave")
    times = [time for time in p.x if time is not None]
    assert min(times) == 0.8 and max(times) == 0.9 and p.x.count(None) == 2, "one P wave on each of two leads"
    assert p.y[0] == lead.y[80], "on the trace itself"


def test_an_ecg_without_marks_is_drawn_as_ever():
    plain = signal_traces.traces(SIGNAL, [0], colour=theme.ACCENT, paper=True)
    none = signal_traces.traces(SIGNAL, [0], colour=theme.ACCENT, paper=True, waves=Delineation(reason="flat"))
    assert len(plain.data) == len(none.data) == 1 and not none.layout.showlegend


def test_what_is_seen_and_what_is_not_is_said():
    words = ecg_waves.in_words(TWO)
    assert "2 beats marked, P in 1 and T in 2" in words and "could not be identified: 1" in words
    assert "PR 200 ms, QRS 90 ms, QT 400 ms" in words
    assert ecg_waves.in_words(Delineation(reason="It is flat.")) == "No waves are marked. It is flat."


def test_every_wave_is_a_row_to_download():
    table = ecg_waves.frame(TWO)
    assert table.wave.tolist() == ["P", "QRS", "T", "QRS", "T"] and table.onset_s[3] == 2.0
    assert list(ecg_waves.frame(Delineation()).columns) == list(table.columns)
