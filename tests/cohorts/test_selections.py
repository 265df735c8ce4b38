"""Protects selections of cases: a link or a name brings back the same cases, and never those of another cohort."""

from __future__ import annotations

import pandas as pd
import pytest

from mmcore.base.errors import BadInput, NotFound
from mmcore.base.values import ColumnSpec, InputSpec, Kind
from mmcore.cohorts import Cohort, Schema, selections


def cohort_of(count: int, prefix: str = "c") -> Cohort:
    spec = InputSpec(name="labs", kind=Kind.TABLE, columns=("age",), table=(ColumnSpec(name="age"),))
    table = pd.DataFrame({"age": range(count)}, index=[f"{prefix}{i:04d}" for i in range(count)])
    return Cohort.from_memory(Schema(name="made", inputs={"labs": spec}), table, {}, fingerprint=f"{count}")


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
def test_text_brings_back_the_same_cases(step):
    cohort = cohort_of(2000)
    ids = cohort.ids[::step]
    text = selections.as_text(cohort, reversed(ids))
    assert selections.from_text(cohort, text) == ids
    assert len(text) < 500, "it fits into an address"


def test_few_cases_are_readable_and_none_are_nothing():
    cohort = cohort_of(30)
    assert selections.as_text(cohort, ["c0007", "c0003"]) == "c0003,c0007"
    assert selections.as_text(cohort, []) == "" and selections.from_text(cohort, "") == []


def test_a_selection_of_other_cases_is_refused():
    text = selections.as_text(cohort_of(100), cohort_of(100).ids[:50])
    with pytest.raises(BadInput, match="other cases"):
        selections.from_text(cohort_of(101), text)
    with pytest.raises(BadInput, match="damaged"):
        selections.from_text(cohort_of(100), text[:-6])
    with pytest.raises(NotFound):
        selections.from_text(cohort_of(100), "c0003,x0004")


def test_ids_with_commas_are_never_listed():
    cohort = cohort_of(5, "a,b")
    assert selections.from_text(cohort, selections.as_text(cohort, cohort.ids[:2])) == cohort.ids[:2]


def test_saved_by_name_replaced_and_deleted(home):
    cohort = cohort_of(50)
    selections.save(cohort, " Old men ", cohort.ids[:20])
    selections.save(cohort, "Old men", cohort.ids[:9])
    selections.save(cohort, "a: b/../c", cohort.ids[3:5])
    assert [(s.name, len(s.ids)) for s in selections.saved(cohort)] == [("a: b/../c", 2), ("Old men", 9)]
    assert selections.saved(cohort_of(51)) == []
    selections.delete(cohort, "Old men")
    assert [s.name for s in selections.saved(cohort)] == ["a: b/../c"]
    with pytest.raises(BadInput):
        selections.save(cohort, "  ", cohort.ids)
    next((home / "cohorts" / "selections").rglob("*.json")).write_text("{", encoding="utf-8")
    assert selections.saved(cohort) == [], "a damaged file is left out"
