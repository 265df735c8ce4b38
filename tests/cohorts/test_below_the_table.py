"""Protects: notes below a table are no cases, sums are told, and the last cases stay."""

from __future__ import annotations

import pytest

from mmcore.cohorts.opening import open_cohort

LINES = [f"{9000 + i},{20 + 7 * i % 31},{i % 2}" for i in range(30)]


def write(folder, *below: str):
    (folder / "cases.csv").write_text("\n".join(["nr,age,label", *LINES, *below]))
    return open_cohort(folder)


@pytest.mark.parametrize("below", [["* as measured,,"], ["Summe,,", ",,", "Export of 03.02.2022,,"]])
def test_notes_are_skipped_and_told(tmp_path, below):
    cohort = write(tmp_path, *below)
    assert len(cohort.table) == 30 and any("below the table" in sentence for sentence in cohort.problems)
    assert cohort.inputs.keys() == {"table"} and cohort.inputs["table"].columns == ("age",)


def test_sums_with_numbers_are_told(tmp_path):
    cohort = write(tmp_path, "Mean,34.5,")
    assert any("'Mean'" in sentence for sentence in cohort.problems)


def test_a_last_case_with_little_in_it_stays(tmp_path):
    assert len(write(tmp_path, "9030,,").table) == 31
