"""Protects: notes below a table are no cases, sums are told, and the last cases stay."""

from __future__ import annotations

import pytest

from mmcore.cohorts.opening import open_cohort

LINES = [f"{9000 + i},{20 + 7 * i % 31},{i % 2}" for i in range(30)]


def write(folder, *below: str):
    (folder / "cases.csv").write_text("\n".join(["nr,age,label", *LINES, *below]))
    return open_cohort(folder)


@pytest.mark.parametrize(
    "below", [["* as measured,,"], ["Total,,", "Source: ward 3,,"], ["Summe,,", ",,", "Export of 03.02.2022,,"]]
)
def test_notes_are_skipped_and_told(tmp_path, below):
    cohort = write(tmp_path, *below)
    assert len(cohort.table) == 30 and any("below the table" in sentence for sentence in cohort.problems)
    assert cohort.inputs.keys() == {"table"} and cohort.inputs["table"].columns == ("age",)


def test_sums_with_numbers_are_told(tmp_path):
    cohort = write(tmp_path, "Mean,34.5,")
    assert any("'Mean'" in sentence for sentence in cohort.problems)


def test_a_last_case_with_little_in_it_stays(tmp_path):
    assert len(write(tmp_path, "9030,,").table) == 31


PEOPLE = ["Anna", "Ben", "Clara", "David", "Emma", "Felix", "Greta", "Hans", "Ida", "Jonas", "Klara", "Leo", "Mia"]


def of_people(folder, *below: str):
    lines = [f"{name},{20 + 7 * i % 31},{3 * i % 7 + 0.5},{i % 2}" for i, name in enumerate(PEOPLE)]
    (folder / "cases.csv").write_text("\n".join(["name,age,crp,label", *lines, *below]))
    return open_cohort(folder)


@pytest.mark.parametrize("below", ["Max,41,2.5,1", "Min,33,,0", "Media,30,4.5,0", "Max,48,2.5,1"])
def test_a_person_called_as_a_total_stays_a_case_and_is_told(tmp_path, below):
    cohort = of_people(tmp_path, below)
    assert len(cohort.table) == 14 and any("is read as a case" in sentence for sentence in cohort.problems)


@pytest.mark.parametrize("below", [["Total,434,44.5,6"], ["Mean,33.4,3.42,0.46", "Max,48,6.5,1"]])
def test_totals_below_names_are_known_by_their_numbers(tmp_path, below):
    cohort = of_people(tmp_path, *below)
    wanted = "has the name of a total" if len(below) == 1 else "have the names of totals"
    assert len(cohort.table) == 13 and any(wanted in sentence for sentence in cohort.problems)
