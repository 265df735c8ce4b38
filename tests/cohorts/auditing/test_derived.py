"""Protects: columns worked out from others are noticed, whatever the arithmetic, and measurements are not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.cohorts.auditing.derived import derived_columns


def measured(cases: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    columns = {"weight": (75, 12), "height": (1.7, 0.1), "age": (60, 9), "pulse": (80, 9)}
    frame = pd.DataFrame({name: rng.normal(mean, spread, cases) for name, (mean, spread) in columns.items()})
    return frame.assign(sex=rng.integers(0, 2, cases), visits=rng.integers(1, 5, cases))


def test_measurements_are_not_derived():
    assert derived_columns(measured()) == []


def test_a_sum_a_ratio_and_ranges_are():
    frame = measured()
    assert "total" in derived_columns(frame.assign(total=frame["age"] + 2 * frame["pulse"]))
    assert "bmi" in derived_columns(frame.assign(bmi=frame["weight"] / frame["height"] ** 2))
    assert derived_columns(frame.assign(band=np.digitize(frame["age"], [50, 60, 70]))) == ["band"]
    assert derived_columns(frame.assign(old=(frame["age"] > 60).astype(float))) == ["old"]
