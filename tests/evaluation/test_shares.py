"""Protects the interval of a share: it holds the truth about as often as it says, and never leaves 0 to 1."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.evaluation.shares import share_interval


@pytest.mark.parametrize(("share", "of"), [(0.5, 20), (0.1, 40), (0.97, 60)])
def test_it_holds_the_truth_about_as_often_as_it_says(share, of):
    counts = np.random.default_rng(0).binomial(of, share, 800)
    held = [low <= share <= high for low, high in (share_interval(int(count), of) for count in counts)]
    assert 0.91 < np.mean(held) < 0.99


def test_ends_stay_between_none_and_all():
    assert share_interval(0, 8)[0] == 0 and share_interval(8, 8)[1] == 1 and share_interval(0, 0) == (0.0, 1.0)
    assert share_interval(30, 100)[0] == pytest.approx(0.2189, abs=1e-3)
