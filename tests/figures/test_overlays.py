"""Protects numbers laid over images and traces: each in its place, nothing lost by thinning."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.base.values import Box, Seconds, Signal, Whole
from mmcore.figures import (
    overlays,
)

GRID = [Box(i / 3, j / 3, (i + 1) / 3, (j + 1) / 3) for i in range(3) for j in range(3)]


def test_small_images_keep_their_pixels():
    tile = np.arange(64, dtype=np.uint8).reshape(8, 8)
    assert overlays.crisp(tile).shape == (256, 256) and set(np.unique(overlays.crisp(tile))) == set(range(64))
    film = np.zeros((200, 100), np.uint8)
    assert overlays.crisp(film) is film


def test_grid_puts_each_value_into_its_box():
    grid = overlays.grid_of(GRID, np.arange(9))
    assert np.array_equal(grid, np.arange(9).reshape(3, 3))
    assert overlays.grid_of([Whole()], np.ones(1)) is None


def test_thinning_keeps_highs_and_lows():
    samples = np.zeros((1, 100_000), np.float32)
    samples[0, 77_777], samples[0, 3] = 9, -7
    at, shown = overlays.trace(Signal(samples, 1000.0), points=500)
    assert shown.max() == 9 and shown.min() == -7 and len(shown) <= 500 and (np.diff(at) >= 0).all()


@pytest.mark.parametrize("count", [4499, 5000, 8999, 100_001])
def test_thinning_reaches_the_end(count):
    """Bins of one width would drop what is left over: of 10 s at 500 Hz, the last second."""
    samples = np.zeros((1, count), np.float32)
    samples[0, -1], samples[0, count // 2] = 3, -2
    at, shown = overlays.trace(Signal(samples, 500.0))
    assert shown[-1] == 3 and at[-1] == (count - 1) / 500 and shown.min() == -2 and len(shown) <= 3000


def test_overlapping_stretches_are_averaged_and_gaps_stay_empty():
    _times, curve = overlays.over_time([Seconds(0, 2), Seconds(1, 3)], np.array([1.0, 3.0]), 4.0, steps=8)
    assert curve[0] == 1 and curve[2] == 2 and curve[4] == 3 and np.isnan(curve[-1])


def test_measures_without_a_zero_are_stretched():
    assert list(overlays.stretched(np.array([5.0, 7.0, 6.0]))) == [0, 1, 0.5]
    assert not overlays.stretched(np.ones(3)).any()


def test_only_a_name_that_says_little_is_followed_by_the_want_of_a_unit():
    samples = np.zeros((2, 10), np.float32)
    recording = Signal(samples, 100.0, ("II", "saturation"), "")
    assert overlays.channel_title(recording, 0) == "II (no unit)"
    assert overlays.channel_title(recording, 1) == "saturation"
    assert overlays.channel_title(Signal(samples, 100.0, ("II", "III"), "mV"), 0) == "II (mV)"
