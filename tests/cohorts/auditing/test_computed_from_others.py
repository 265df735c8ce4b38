"""Protects scores of points and targets made of limits: both are named with their columns, measurements are not."""

from __future__ import annotations

import numpy as np

from mmcore.cohorts.auditing import audit
from tests.cohorts.auditing.made import clean, cohort_of


def checks_of(**made):
    rng = np.random.default_rng(3)
    table, _values = clean(240)
    table["pressed"], table["sugar"] = rng.integers(0, 2, 240), rng.integers(0, 2, 240)
    table["sex"] = rng.choice(["f", "m"], 240)
    table["points"] = (table.age >= 60) * 1 + (table.age >= 70) + table.pressed + table.sugar + (table.sex == "f")
    table["rule"] = np.where((table.age > 62) | (table.pressure > 130), "yes", "no")
    return {finding.check: finding for finding in audit(cohort_of(table, {}, **made))}


def test_a_score_of_several_limits_is_named_with_what_it_counts():
    finding = checks_of(columns=("age", "pressure", "pressed", "sugar", "sex", "points"))["scores"]
    assert finding.numbers["scores"][0]["column"] == "points"
    assert {*finding.numbers["scores"][0]["from"]} == {"age", "pressed", "sugar", "sex"}


def test_a_target_made_of_columns_is_named():
    finding = checks_of(columns=("age", "pressure", "pressed"), target="rule")["target_from_columns"]
    assert {*finding.numbers["columns"]} == {"age", "pressure"}


def test_measurements_are_neither():
    assert not {"scores", "target_from_columns"} & {*checks_of(columns=("age", "pressure", "pressed", "sugar", "sex"))}
