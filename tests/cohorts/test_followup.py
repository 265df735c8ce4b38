"""Protects follow-up: an event with a time is recognised, what can be learnt of it is, and the time is no input."""

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
    assert cohort.schema.target == event and cohort.inputs["table"].columns == ("age",)
    assert "known only afterwards" in cohort.schema.ignored[time] and "Time to an event" in " ".join(cohort.problems)


def test_a_pair_can_be_named(tmp_path):
    pd.DataFrame({"age": RNG.normal(60, 9, 40), "relapsed": [0, 1] * 20, "weeks": range(40)}).to_csv(
        tmp_path / "cases.csv", index=False
    )
    cohort = open_cohort(tmp_path, Roles(event="relapsed", time="weeks"))
    assert cohort.schema.target == "relapsed" and "weeks" in cohort.schema.ignored


def test_a_time_alone_is_an_ordinary_column(tmp_path):
    pd.DataFrame({"time": RNG.exponential(99, 40), "age": RNG.normal(60, 9, 40), "label": [0, 1] * 20}).to_csv(
        tmp_path / "cases.csv", index=False
    )
    assert "time" in open_cohort(tmp_path).inputs["table"].columns
