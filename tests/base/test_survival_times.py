"""Protects times to an event as numbers: written and read again, and horizons that are round and not too many."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.base import survival_times as times


def test_cells_come_back_and_nonsense_does_not():
    target = times.signed(np.array([3.5, 2, 0, -1, np.nan]), np.array([True, False, True, True, False]))
    assert [times.written(own) for own in target] == ["3.5", "2+", None, None, None]
    assert [times.read(cell) for cell in ("3.5", "2+")] == [3.5, -2]
    assert all(np.isnan(times.read(cell)) for cell in ("", "0+", "-2", "soon", None, "inf"))
    assert times.followed(target).tolist() == [True, True, False, False, False]


@pytest.mark.parametrize("last", [0.03, 1.0, 6.0, 60, 4321])
def test_horizons_are_round_and_end_while_cases_are_followed(last):
    target = np.linspace(last / 100, last, 200)
    names = times.horizons(target, "years")
    numbers = times.times_of(names)
    assert 2 <= len(names) <= 20 and times.unit_of(names) == "years"
    assert np.allclose(np.diff(numbers), numbers[0]) and 0.7 * last < numbers[-1] <= np.quantile(target, 0.9)
