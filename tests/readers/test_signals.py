"""Protects: short gaps are bridged and told, long ones and rates that cannot be are refused."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.base.errors import BadInput
from mmcore.readers.signals import signal_of


def wave(*gaps: slice) -> np.ndarray:
    samples = np.sin(np.arange(1000) / 20)[None].repeat(2, axis=0).astype(np.float32)
    for gap in gaps:
        samples[1, gap] = np.nan
    return samples


@pytest.mark.parametrize("gaps", [[slice(5, 6)], [slice(0, 3), slice(990, 1000)], [slice(100, 110), slice(300, 304)]])
def test_short_gaps_are_bridged_and_told(gaps):
    remarks: list[str] = []
    given = wave(*gaps)
    given.flags.writeable = False
    signal = signal_of(given, "a.npy", None, remarks=remarks)
    assert np.isfinite(signal.samples).all() and np.abs(signal.samples - wave()).max() < 0.5
    assert len(remarks) == 1 and "a.npy" in remarks[0] and "of 2000 samples" in remarks[0]


def test_the_rate_says_how_long_a_gap_may_be():
    assert signal_of(wave(slice(0, 40)), "a", None, remarks=[], rate_hz=500).samples.shape == (2, 1000)
    with pytest.raises(BadInput, match="40 in a row"):
        signal_of(wave(slice(0, 40)), "a", None, remarks=[], rate_hz=50)


def test_a_channel_that_is_mostly_gaps_is_refused():
    with pytest.raises(BadInput):
        signal_of(wave(*(slice(k, k + 2) for k in range(0, 1000, 10))), "a", None, remarks=[])


@pytest.mark.parametrize("rate", [2e9, -1.0, float("nan"), float("inf")])
def test_a_rate_that_cannot_be(rate):
    with pytest.raises(BadInput, match="impossible"):
        signal_of(wave(), "a.wav", None, remarks=[], rate_hz=rate)
