"""Protects doubts of a sampling rate: they rest on what was measured, and an unnamed signal may have any."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.base.values import InputSpec, Kind, Signal
from mmcore.readers.plausible import implausible_rate
from mmcore.readers.signals import signal_of


@pytest.mark.parametrize(
    ("name", "channels", "rate", "doubted"),
    [
        ("ecg", (), 250, False), ("ecg", (), 8, True), ("x", ("I", "II", "V1"), 44_100, True), ("x", (), 8, False),
        ("heart_sound", (), 100, True), ("pcg", (), 4000, False), ("ecg", (), None, False),
    ],
)  # fmt: skip
def test_a_rate_is_doubted_where_it_cannot_be(name, channels, rate, doubted):
    signal = Signal(np.zeros((max(1, len(channels)), 500), np.float32), rate, channels)
    assert bool(implausible_rate(signal, name)) is doubted


@pytest.mark.parametrize(("own", "taken"), [(8, 250.0), (500, 500.0)])
def test_a_rate_given_by_hand_goes_before_one_that_cannot_be(own, taken):
    remarks: list[str] = []
    spec = InputSpec(name="ecg", kind=Kind.SIGNAL, columns=("ecg",), rate_hz=250)
    signal = signal_of(np.ones((1, 500)), "a.wav", spec, remarks=remarks, rate_hz=own)
    assert signal.rate_hz == taken and bool(remarks) is (own != taken)
