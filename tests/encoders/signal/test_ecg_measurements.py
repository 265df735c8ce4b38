"""Protects ECG measurements: what is drawn into a signal is measured, and nothing is made up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from mmcore.base.values import Seconds, Signal
from mmcore.cohorts import open_cohort
from mmcore.encoders import make
from tests.encoders.signal.shared import ecg, noise, sine, usable


class TestECG:
    @pytest.mark.parametrize("per_minute", [45, 72, 110, 150])
    @pytest.mark.parametrize("rate", [100.0, 500.0])
    def test_rate_and_peaks(self, per_minute, rate):
        encoder, signal = usable("ecg_measurements"), ecg(per_minute, rate)
        readings = {reading.name: reading for reading in encoder.readings(signal)}
        assert readings["Heart rate"].value == pytest.approx(per_minute, abs=1)
        assert readings["SDNN"].value < 8
        expected = np.arange(0.4, 9.9, 60 / per_minute)
        peaks = encoder.peaks(signal)
        assert all(np.abs(expected - peak).min() < 0.02 for peak in peaks) and len(peaks) >= len(expected) - 1

    def test_intervals_and_heights(self):
        readings = {reading.name: reading for reading in usable("ecg_measurements").readings(ecg(60))}
        assert readings["PR interval"].value == pytest.approx(165, abs=30)
        assert readings["QRS duration"].value == pytest.approx(95, abs=25)
        assert readings["QT interval"].value == pytest.approx(440, abs=45)
        assert readings["QTc"].value == pytest.approx(readings["QT interval"].value, rel=0.02)
        assert readings["R in lead 1"].value == pytest.approx(1.0, abs=0.1) and readings["R in lead 1"].unit == "mV"
        assert readings["T in lead 1"].value == pytest.approx(0.3, abs=0.08)
        assert readings["T in lead 3"].value == pytest.approx(-0.15, abs=0.05)
        assert "R in lead 4" not in readings, "there are three"
        assert readings["Axis, horizontal"].value is None and "aVF" in readings["Axis, horizontal"].note

    def test_axis_from_the_leads_of_the_limbs(self):
        """Lead I as high as aVF times 2 / sqrt 3: halfway between left and down."""
        signal = replace(ecg(60, leads=2), channel_names=("I", "aVF"))
        wave = signal.samples[0]
        signal = replace(signal, samples=np.stack([wave, wave * 3**0.5 / 2]))
        readings = {reading.name: reading.value for reading in usable("ecg_measurements").readings(signal)}
        assert readings["Axis, horizontal"] == pytest.approx(0.5**0.5, abs=0.05)
        assert readings["Axis, vertical"] == pytest.approx(0.5**0.5, abs=0.05)

    def test_missing_readings_are_flagged(self):
        encoder = usable("ecg_measurements")
        good, unknown, still = encoder.prepare([ecg(60), noise(3, 800, None), noise(1, 1000, 100.0)]).values
        assert good[0].tolist()[:3] == [pytest.approx(60, abs=1), 0, 0]
        for tokens in (unknown, still):
            own = torch.stack([tokens[i, 2 * i : 2 * i + 2] for i in range(len(tokens))])
            assert (own == torch.tensor([0.0, 1.0])).all() and tokens.sum() == len(tokens)

    def test_places_are_the_waves_of_one_beat(self):
        encoder, signal = usable("ecg_measurements"), ecg(60)
        signal = replace(signal, samples=np.tile(signal.samples, (4, 1)))
        places = dict(zip([r.name for r in encoder.readings(signal)], encoder.places(signal), strict=True))
        assert places["Heart rate"] == Seconds(0.0, signal.duration)
        qrs = places["QRS duration"]
        assert any(qrs.start < peak < qrs.end for peak in encoder.peaks(signal)) and qrs.end - qrs.start < 0.15
        assert places["ST in V1"].start == pytest.approx(qrs.end)
        assert places["PR interval"].end == pytest.approx(qrs.start)

    def test_says_when_a_signal_is_not_an_ecg(self):
        encoder = usable("ecg_measurements")
        assert encoder.suits(ecg(70)) is None
        for other in (noise(1, 1000, 100.0), noise(12, 3000, None), sine(0.1, 8000.0), noise(1, 300, 10.0)):
            assert encoder.suits(other)

    def test_synthetic_recordings_are_read(self):
        cohort = open_cohort("heart", cases=24)
        encoder = make("ecg_measurements", cohort.inputs["ecg"])
        signals = [cohort.value(id, "ecg") for id in cohort.ids if cohort.value(id, "ecg") is not None]
        assert all(encoder.suits(signal) is None for signal in signals)
        rates = [encoder.readings(signal)[0].value for signal in signals]
        assert all(40 < rate < 140 for rate in rates)

    def test_rates_agree_with_what_cardiologists_wrote(self, shared_data):
        cases = pd.read_csv(shared_data / "ecg_ptbxl" / "cases.csv")
        encoder = usable("ecg_measurements")
        for code, low, high in (("SBRAD", 30, 62), ("STACH", 95, 180)):
            for path in cases.loc[cases["scp_codes"].str.contains(code), "signal"]:
                signal = Signal(np.load(shared_data / "ecg_ptbxl" / path).T.astype(np.float32), 100.0)
                assert low < encoder.readings(signal)[0].value < high, path
