"""Protects: the quick look at many columns passes over none that settles the target."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.cohorts.leaks import may_settle, settles


def table(target: np.ndarray, chance: np.random.Generator) -> pd.DataFrame:
    """Columns that settle the target, nearly do, or do not; some with empty cells or equal numbers."""
    n = len(target)
    noise = chance.normal(size=n)
    parted = np.where(target == target.max(), 5, 0) + chance.random(n)
    one_wrong, rounded, gap = parted.copy(), np.round(parted), parted.copy()
    one_wrong[0], gap[chance.integers(n)] = 10 - one_wrong[0], np.nan
    codes = target * 7.0
    return pd.DataFrame(
        {"noise": noise, "parted": parted, "down": -parted, "one_wrong": one_wrong, "rounded": rounded, "gap": gap,
         "codes": codes, "coin": chance.integers(0, 2, n).astype(float), "words": target.astype(str)}
    )  # fmt: skip


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("seed", range(5))
def test_what_settles_is_always_asked(classes, seed):
    chance = np.random.default_rng(seed)
    target = chance.integers(0, classes, 400)
    target[:3] = -1
    frame = table(target, chance)
    settling = {name for name in frame if settles(frame[name], target)}
    assert settling <= may_settle(frame, target) and {"codes", "words"} <= settling
    assert ("parted" in settling) == (classes == 2) and "noise" not in may_settle(frame, target)
