"""Protects follow-up: an event with a time is recognised, is the target, and is no input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.cohorts import Roles, open_cohort

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("event", "time"),
    [
        ("DEATH_EVENT", "time"),
        ("status", "os_months"),
        ("event", "tte"),
        ("Verstorben", "Follow-up (Monate)"),
        ("Décès", "Suivi (mois)"),
        ("死亡", "観察期間 (日)"),
        ("사망", "추적기간(개월)"),
    ],
)
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


def test_those_who_lived_have_their_time_in_a_column_of_its_own(tmp_path):
    dead = np.arange(40) % 2 == 1
    table = pd.DataFrame({"age": RNG.normal(60, 9, 40), "vital_status": np.where(dead, "Dead", "Alive")})
    table["days_to_death"] = np.where(dead, 100.0 + np.arange(40), np.nan)
    table["days_to_last_follow_up"] = np.where(dead, np.nan, 500.0 + np.arange(40))
    table.to_csv(tmp_path / "cases.csv", index=False)
    cohort = open_cohort(tmp_path)
    assert cohort.schema.task == "survival" and cohort.inputs["table"].columns == ("age",)
    assert cohort.table["time to vital_status"].tolist()[:2] == ["500+", "101"]
    assert "'days_to_last_follow_up' says how long" in " ".join(cohort.problems)
    table.drop(columns="days_to_last_follow_up").to_csv(tmp_path / "cases.csv", index=False)
    assert "The cases without the event have no times" in " ".join(open_cohort(tmp_path).problems)
