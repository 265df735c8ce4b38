"""Protects the target made of a flag and a time: who had the event, who is left out and why, and that it comes back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.base.errors import RolesNeeded
from mmcore.cohorts import Roles, open_cohort
from mmcore.cohorts.auditing.base import AuditedCohort
from mmcore.cohorts.followup import FollowUp
from mmcore.cohorts.time_to_event import time_to_event
from mmcore.cohorts.writing import write_cohort

PAIR = FollowUp("status", "os_days")


def _table(flags, times=None):
    count = len(flags)
    return pd.DataFrame(
        {"age": np.arange(count) % 7 + 50, "status": flags, "os_days": times or list(range(1, count + 1))}
    )


def test_whoever_cannot_be_used_is_named():
    table = _table([0, 1] * 10, [-3, 0, None, *range(1, 18)])
    table.loc[5, "status"] = None
    made = time_to_event(table, PAIR, None)
    assert made.name == "time to status" and made.cells.isna().sum() == 4 and made.horizons[0].endswith(" days")
    sentences = " ".join(made.problems)
    for words in ("below 0", "time of 0", "no time in 'os_days'", "no value in 'status'", "'1'"):
        assert words in sentences


@pytest.mark.parametrize(
    ("event", "flags", "positive", "expected"),
    [
        ("status", [1, 2], None, "2"),
        ("status", ["alive", "dead"], None, "dead"),
        ("status", [0, 1], "0", "0"),
        ("censored", [0, 1], None, "0"),  # a 1 there says that the event was not seen
        ("status", [0, 1, 2], None, "2"),
    ],
)
def test_the_flag_of_the_event(event, flags, positive, expected):
    table = _table(flags * 10).rename(columns={"status": event})
    made = time_to_event(table, FollowUp(event, "os_days"), positive)
    there = made.cells.str.endswith("+")
    assert (there == (table[event].astype(str) != expected)).all() and f"('{expected}')" in made.problems[0]


def test_too_few_events_are_refused():
    with pytest.raises(RolesNeeded):
        time_to_event(_table([0] * 20 + [1] * 2), PAIR, None)


def test_a_written_cohort_comes_back_the_same(tmp_path):
    _table([0, 1] * 20).to_csv(tmp_path / "cases.csv", index=False)
    cohort = open_cohort(tmp_path)
    assert cohort.schema.task == "survival" and (cohort.target < 0).sum() == 20
    again = open_cohort(write_cohort(cohort, tmp_path / "out"))
    assert again.schema.task == "survival" and again.schema.classes == cohort.schema.classes
    assert np.array_equal(again.target, cohort.target) and "status" not in str(again.inputs["table"].columns)


def test_who_wants_the_event_alone_leaves_the_time_out(tmp_path):
    _table([0, 1] * 20).to_csv(tmp_path / "cases.csv", index=False)
    assert open_cohort(tmp_path, Roles(ignore=("os_days",), target="status")).schema.task == "binary"


def test_the_schema_says_what_the_target_was_made_from(tmp_path):
    """Whatever the columns are called: an audit must not take them for circumstances that tell the target."""
    table = pd.DataFrame(
        {"age": np.arange(40) * 7 % 31 + 40, "gone": [0, 1] * 20, "weeks seen": np.arange(40) * 3 % 41 + 1}
    )
    table.to_csv(tmp_path / "cases.csv", index=False)
    cohort = open_cohort(tmp_path, Roles(event="gone", time="weeks seen"))
    assert cohort.schema.target_columns == ("gone", "weeks seen")
    assert not {"gone", "weeks seen"} & {*AuditedCohort(cohort).other_columns()}
    write_cohort(cohort, tmp_path / "again")
    assert open_cohort(tmp_path / "again").schema.target_columns == ("gone", "weeks seen")
