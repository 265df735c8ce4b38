"""Protects the marking of waves: drawn waves are marked where they lie, and nothing is marked in what is no ECG."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmcore.base.values import Signal
from mmcore.cohorts.heart import ecg as heart_ecg
from mmcore.cohorts.heart import generate
from mmcore.cohorts.synthetic.draws import Draws
from mmcore.encoders.signal import delineation, wave_network
from mmcore.encoders.signal.delineation import delineate
from tests.encoders.signal.shared import ecg, noise, sine

pytestmark = pytest.mark.skipif(wave_network.unavailable() is not None, reason="openecg is not here")


@pytest.mark.slow
def test_waves_lie_where_the_heart_cohort_drew_them():
    cases = 3
    data = generate(cases, seed=0)
    fibrillates = data.state.atrial_fibrillation.to_numpy()
    peaks = heart_ecg._beats(Draws(range(cases), 0, topic=5, count=220), fibrillates)
    hits = {"P": [], "QRS": [], "T": []}
    for samples, times, no_p in zip(data.ecgs, peaks, fibrillates, strict=True):
        marked = delineate(Signal(samples, float(heart_ecg.RATE_HZ), heart_ecg.LEADS, "mV"))
        lengths = np.sqrt(np.diff(times))
        expected = {"QRS": times[1:-1], "T": times[1:-1] + 0.27 * lengths[1:]}
        if not no_p:
            expected["P"] = times[1:-1] - 0.17 * lengths[:-1]
        for name, at in expected.items():
            middle = np.array([wave.peak for wave in marked.waves(name)])
            hits[name] += [np.abs(middle - time).min() < 0.05 for time in at if 0.2 < time < 9.8]
    assert np.mean(hits["QRS"]) > 0.95 and np.mean(hits["P"]) > 0.9 and np.mean(hits["T"]) > 0.8


def test_waves_and_segments_follow_one_another():
    marked = delineate(ecg(60))
    assert len(marked.beats) >= 9 and not marked.reason
    beat = marked.beats[4]
    assert beat.p.onset < beat.p.peak < beat.p.offset <= beat.qrs.onset < beat.qrs.offset <= beat.t.onset
    spans = {name: marked.segments(name)[4] for name in ("PR", "ST", "TP")}
    assert (spans["PR"].start, spans["PR"].end) == (beat.p.offset, beat.qrs.onset)
    assert spans["ST"].start == beat.qrs.offset and spans["TP"].end == marked.beats[5].p.onset
    assert marked.segments("TP")[-1] is None, "nothing follows the last beat"


def test_times_do_not_hang_on_the_rate():
    slow, other = (delineate(ecg(72, rate, leads=1)).waves("QRS") for rate in (100.0, 1000.0))
    assert len(slow) == len(other)
    assert max(abs(a.onset - b.onset) for a, b in zip(slow, other, strict=True)) < 0.03


@pytest.mark.slow
def test_of_a_long_recording_the_beginning_is_read_in_windows_without_a_seam(monkeypatch):
    part = delineate(ecg(60))
    monkeypatch.setattr(delineation, "LONGEST", 13.0)
    whole = delineate(ecg(60, seconds=20))
    assert whole.until == 13 and 12 <= len(whole.beats) <= 13
    for beat, other in zip(whole.beats[:8], part.beats[:8], strict=True):
        assert beat.qrs.onset == pytest.approx(other.qrs.onset, abs=0.02)


def test_a_lead_that_is_off_does_not_count():
    signal = replace(ecg(60), channel_names=("II", "V2", "V5"))
    off = replace(signal, samples=signal.samples * np.array([[0], [1], [1]], np.float32))
    assert len(delineate(off).beats) >= 9


@pytest.mark.parametrize(
    "signal",
    [
        noise(3, 2500, 250.0),
        noise(3, 2500, None),
        noise(3, 300, 250.0),
        noise(3, 3000, 20.0),
        noise(1, 30_000, 4000.0),
        sine(0.02, 250.0, 20.0),
        Signal(np.ones((2, 2500), np.float32), 250.0),
        Signal(np.full((2, 2500), np.nan, np.float32), 250.0),
        Signal(np.cumsum(noise(3, 2500, 250.0).samples, 1), 250.0),
    ],
    ids=["noise", "no rate", "short", "slow", "sound", "tone", "flat", "gaps", "drift"],
)
def test_what_is_no_ecg_gives_nothing_but_a_reason(signal):
    marked = delineate(signal)
    assert marked.reason and not marked.beats and not marked.peaks


def test_says_what_is_missing_when_the_package_is(monkeypatch):
    monkeypatch.setattr(wave_network, "missing_packages", lambda name: f"Install it with: pip install {name}")
    assert "openecg" in wave_network.unavailable()
