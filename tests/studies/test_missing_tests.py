"""Protects which missing test would settle it: the input that carries the target is named, with an honest interval."""

from __future__ import annotations

import math

from mmcore import studies
from mmcore.base.values import Case
from mmcore.studies.missing_tests import NEAREST, worth_of_tests
from tests.explain.conftest import planted

__all__ = ["planted"]


def test_the_input_that_carries_the_target_settles_it(planted):
    cohort, run, _pain = planted
    whole = cohort.case(cohort.ids[0])
    lacking = Case(whole.id, {"drug": whole.values["drug"]}, whole.target)
    session = studies.what_if(run, cohort, lacking)
    rows = worth_of_tests(run, cohort, lacking, session)
    assert [row.input for row in rows] == ["note"], "without the drug nothing would be left to compare by"
    note = rows[0]
    assert not note.has and note.cases == NEAREST and 0 < note.low < note.certainty < note.high
    assert note.right_after > 0.9 > note.right_before and 0 < note.changes < 1


def test_inputs_of_a_whole_case_are_told_what_they_were_worth(planted):
    cohort, run, _pain = planted
    case = cohort.case(cohort.ids[1])
    rows = {row.input: row for row in worth_of_tests(run, cohort, case, studies.what_if(run, cohort, case))}
    assert set(rows) == {"note", "drug"} and all(row.has for row in rows.values())
    assert rows["note"].certainty > abs(rows["drug"].certainty)
    assert all(math.isfinite(row.before) and row.low <= row.certainty <= row.high for row in rows.values())


def test_too_few_cases_say_nothing(planted):
    cohort, run, _pain = planted
    part = cohort.select(cohort.ids[:6])
    case = cohort.case(cohort.ids[1])
    rows = worth_of_tests(run, part, case, studies.what_if(run, cohort, case))
    assert all(math.isnan(row.certainty) for row in rows)
