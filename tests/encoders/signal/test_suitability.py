"""Protects the doubts that a signal encoder tells of a signal."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.base.values import Signal
from tests.encoders.signal.shared import ecg, noise, usable


class TestReasonsAgainst:
    @pytest.mark.parametrize("name", ["minirocket", "log_mel", "mfcc", "cnn1d"])
    def test_what_is_wrong_with_a_recording(self, name):
        encoder, good = usable(name), noise(3, 1000, 100.0)
        assert encoder.suits(good) is None and encoder.suits(ecg(70)) is None
        assert "flat" in encoder.suits(Signal(np.full((2, 500), 3.0, np.float32), 100.0))
        off = good.samples.copy()
        off[1] = 0
        assert "V2" in encoder.suits(Signal(off, 100.0, ("V1", "V2", "V3")))
        assert "cut off" in encoder.suits(Signal(good.samples.clip(-0.8, 0.8), 100.0))
        assert encoder.suits(noise(1, 10, 100.0)) and encoder.suits(Signal(np.zeros((1, 0), np.float32), 100.0))

    def test_windows_that_do_not_fit(self):
        assert "one frame" in usable("log_mel", window=20).suits(noise(1, 1000, 100.0))
        assert "one token" in usable("minirocket", window=20).suits(noise(1, 1000, 100.0))
        assert "averaged" in usable("log_mel", hop=0.01).suits(noise(1, 3000, 100.0))
