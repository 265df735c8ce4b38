"""Protects doubts of a sampling rate: they rest on what was measured, and an unnamed signal may have any."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.base.values import Signal
from mmcore.readers.plausible import implausible_rate


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
