"""Protects: numbers in another unit than those a run was trained on are told, and usual ones are not."""

import numpy as np
import pandas as pd

from mmcore.base.values import ColumnSpec, InputSpec, Kind
from mmcore.cohorts.usual_ranges import far_outside, usual_ranges

COLUMNS = ("weight_kg", "crp", "age")
SPEC = InputSpec(name="table", kind=Kind.TABLE, columns=COLUMNS, table=tuple(ColumnSpec(name=n) for n in COLUMNS))


def cases(count, seed):
    rng = np.random.default_rng(seed)
    drawn = {
        "weight_kg": rng.normal(72, 10, count), "crp": rng.lognormal(1, 0.6, count), "age": rng.integers(30, 80, count),
    }  # fmt: skip
    return pd.DataFrame(drawn, index=[f"c{i}" for i in range(count)]).astype(float)


def sentences_of(table):
    return far_outside(table, [SPEC], usual_ranges(cases(200, 0), [SPEC]))


def test_usual_numbers_are_not_told():
    assert sentences_of(cases(60, 1)) == []


def test_another_unit_is_told():
    new = cases(12, 2)
    assert "'weight_kg': 12 of 12 numbers lie" in sentences_of(new.assign(weight_kg=new["weight_kg"] * 1000))[0]
    assert "'crp': 12 of 12 numbers lie" in sentences_of(new.assign(crp=new["crp"] / 1000))[0]
    assert "'age': 12 of 12 numbers lie" in sentences_of(new.assign(age=new["age"] * 12))[0]


def test_single_cells_are_told_by_case():
    new = cases(12, 3)
    new.loc["c4", "age"], new.loc["c7", "crp"], new.loc["c8", "crp"] = 9999, -5, np.nan
    assert [("c4" in text, "c7" in text) for text in sentences_of(new)] == [(False, True), (True, False)]


def test_what_a_run_does_not_say_is_not_told():
    assert far_outside(cases(12, 4) * 1000, [SPEC], {}) == []
    assert usual_ranges(cases(3, 0), [SPEC]) == {}
