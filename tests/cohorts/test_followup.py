"""Protects follow-up: an event with a time is recognised, is the target, and is no input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.cohorts import Roles, open_cohort

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(("event", "time"), [("DEATH_EVENT", "time"), ("status", "os_months"), ("event", "tte")])
def test_a_pair_is_recognised_by_its_names(tmp_path, event, time):
    pd.DataFrame({"age": RNG.normal(60, 9, 40), event: [0, 1] * 20, time: RNG.exponential(99, 40)}).to_csv(
        tmp_path / "cases.csv", index=False
    )
    cohort = open_cohort(tmp_path)
    assert cohort.schema.task == "survival" and cohort.inputs["table"].columns == ("age",)
    assert {event, time} <= {*cohort.schema.ignored} and "time to an event" in " ".join(cohort.problems)


def test_a_pair_can_be_named(tmp_path):
    pd.DataFrame({"age": RNG.normal(60, 9, 40), "relapsed": [0, 1] * 20, "weeks": range(40)}).to_csv(
        tmp_path / "cases.csv", index=False
    )
    cohort = open_cohort(tmp_path, Roles(event="relapsed", time="weeks"))
    assert cohort.schema.target == "time to relapsed" and cohort.schema.classes[0].endswith(" weeks")


def test_another_target_keeps_its_place(tmp_path):
    table = {
        "age": RNG.normal(60, 9, 40),
        "status": [0, 1] * 20,
        "tte": RNG.exponential(9, 40),
        "label": ["a", "b"] * 20,
    }
    pd.DataFrame(table).to_csv(tmp_path / "cases.csv", index=False)
    cohort = open_cohort(tmp_path)
    assert cohort.schema.task == "binary" and "known only afterwards" in cohort.schema.ignored["tte"]


def test_a_time_alone_is_an_ordinary_column(tmp_path):
    pd.DataFrame({"time": RNG.exponential(99, 40), "age": RNG.normal(60, 9, 40), "label": [0, 1] * 20}).to_csv(
        tmp_path / "cases.csv", index=False
    )
    assert "time" in open_cohort(tmp_path).inputs["table"].columns
