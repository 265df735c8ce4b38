"""Protects: noise uploaded as a chest film or an ECG is unlike the cohort, and the cohort's own cases are not."""

from __future__ import annotations

import numpy as np

from mmcore.base.values import Signal
from mmcore.cohorts import open_cohort
from mmcore.encoders import make
from mmcore.studies.unlike_cohort import is_unlike, measured


def test_noise_is_unlike_and_the_cohorts_own_cases_are_not():
    cohort, rng = open_cohort("heart", cases=90), np.random.default_rng(0)
    for input, encoder in (("xray", "hog"), ("ecg", "minirocket")):
        ways = measured(cohort, input, make(encoder, cohort.inputs[input]))  # nothing is encoded: by coarse pictures
        values = [value for id in cohort.ids[:40] if (value := cohort.value(id, input)) is not None]
        assert len(ways) == 1 and sum(is_unlike(ways, value) for value in values) <= 1
        first = values[0]
        if isinstance(first, Signal):
            noise = Signal(rng.normal(size=first.samples.shape).astype(np.float32), first.rate_hz)
        else:
            noise = rng.integers(0, 255, first.shape).astype(np.uint8)
            noise[40:90, 40:90] = 255
        assert is_unlike(ways, noise)
    assert measured(cohort, "labs", make("columns", cohort.inputs["labs"])) == []
