"""Protects a row of values on the range of the cohort: ranks and shares are right, missing values say so."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from mmcore.base.values import Column, ColumnSpec, Evidence, InputSpec, Kind
from mmcore.figures import table_row

LABS = InputSpec(
    name="labs",
    kind=Kind.TABLE,
    columns=("age", "smoker"),
    table=(ColumnSpec(name="age", unit="years"), ColumnSpec(name="smoker", type="category", categories=("no", "yes"))),
)

COHORT = pd.DataFrame(
    {"age": [30.0, 40, 50, 60, 70, 80, 90, np.nan], "smoker": ["no", "no", "no", "yes", "no", "no", "yes", None]}
)


def test_values_stand_on_the_range_of_the_cohort():
    row = {"age": 65.0, "smoker": "yes"}
    shown = table_row.ranges(
        row, COHORT, LABS, colour="#3F74C9", evidence=[Evidence("age", (Column("age"),), effect=0.4)]
    )
    assert "above 57% of cases" in shown and "29% of cases" in shown and "age (+0.40)" in shown
    assert list(table_row.frame(row, COHORT, LABS)["share"].round(2)) == [0.57, 0.29]


def test_bins_of_numbers_with_few_digits_hold_as_many_each():
    """46 whole numbers over 32 equal bins would leave gaps."""
    for step in (1.0, 0.1):
        cohort = pd.DataFrame({"age": np.tile(np.arange(30, 76) * step, 10), "smoker": "no"})
        shown = table_row.ranges({"age": 40 * step, "smoker": "no"}, cohort, LABS, colour="#3F74C9")
        assert set(re.findall(r"0;height:(\d+)%", shown)) == {"100"}


def test_missing_values_say_so():
    shown = table_row.ranges({"age": None, "smoker": None}, COHORT, LABS, colour="#3F74C9")
    assert shown.count("missing") == 2


def test_values_that_nearly_none_of_the_cohort_has_are_named():
    spec = InputSpec(
        name="labs",
        kind=Kind.TABLE,
        columns=("age", "bmi", "code"),
        table=tuple(ColumnSpec(name=name, type="number") for name in ("age", "bmi", "code")),
    )
    rows = pd.DataFrame({"age": range(100), "bmi": range(100), "code": [0, 1] * 50})
    assert table_row.unusual({"age": 99.5, "bmi": 1, "code": 7}, rows, spec) == [
        "age (above 100% of cases)",
        "bmi (below 98% of cases)",
    ]
    assert table_row.unusual({"age": 50, "bmi": None}, rows, spec) == []


def test_the_name_of_a_category_is_whole_in_its_bar_or_not_seen():
    categories = ("no", *(f"device {i}" for i in range(9)))
    spec = InputSpec(
        name="labs", kind=Kind.TABLE, columns=("device",),
        table=(ColumnSpec(name="device", type="category", categories=categories),),
    )  # fmt: skip
    rows = pd.DataFrame({"device": ["no"] * 91 + list(categories[1:])})
    shown = table_row.ranges({"device": "device 3"}, rows, spec, colour="#3F74C9")
    assert 'title="device 1: 1%"' in shown
    bars = re.findall(r'title="[^"]+: \d+%" style="([^"]+)"', shown)
    assert len(bars) == 10 and all("flex-wrap:wrap" in look and "overflow:hidden" in look for look in bars)


def test_codes_written_as_numbers_are_counted():
    spec = InputSpec(
        name="ward", kind=Kind.TABLE, columns=("site",),
        table=(ColumnSpec(name="site", type="category", categories=("0", "1")),),
    )  # fmt: skip
    sites = pd.DataFrame({"site": [0.0, 0.0, 1.0, np.nan, 1.0, 0.0, 0.0]})
    assert "67% of cases" in table_row.ranges({"site": "0"}, sites, spec, colour="#3F74C9")
    assert list(table_row.frame({"site": "1"}, sites, spec)["share"].round(2)) == [0.33]
