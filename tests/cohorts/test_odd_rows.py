"""Protects: ids of parts of one patient and lines of sums are named; ordinary ids are not."""

from __future__ import annotations

import pandas as pd
import pytest

from mmcore.cohorts import odd_rows, open_cohort


def test_two_eyes_of_a_patient_are_named_unless_grouped():
    ids = [f"S{number // 2}_{'LR'[number % 2]}" for number in range(40)]
    (sentence,) = odd_rows.sentences(ids, grouped=False)
    assert "'S0_L', 'S0_R'" in sentence and "20 such beginnings" in sentence
    (apart,) = odd_rows.sentences([*ids, *(f"S{number}_L" for number in range(50, 53))], grouped=False)
    assert "20 such beginnings" in apart, "those of a single case are none of them"
    assert odd_rows.sentences(ids, grouped=True) == []


@pytest.mark.parametrize("form", ["case_{}", "{}", "2021-{:03d}", "P{:02d}_x", "{0}_{0}"])
def test_ordinary_ids(form):
    assert odd_rows.sentences([form.format(number) for number in range(60)], grouped=False) == []


def test_lines_of_sums_are_named(tmp_path):
    table = pd.DataFrame(
        {"id": [f"c{i}" for i in range(30)], "age": [20 + 7 * i % 31 for i in range(30)], "label": ["a", "b"] * 15}
    )
    table.loc[30] = ["Total", 435, None]
    table.to_csv(tmp_path / "cases.csv", index=False)
    assert any("'Total'" in sentence for sentence in open_cohort(tmp_path).problems)


def test_units_that_disagree_are_named(tmp_path):
    rows = range(40)
    table = pd.DataFrame({"id": [f"c{i}" for i in rows], "label": ["a", "b"] * 20})
    table["weight_kg"] = [f"{150 + 7 * i % 31} lb" for i in rows]
    table["symptoms"] = [f"{i + 2} days" if i % 2 else f"{i % 9 + 1} weeks" for i in rows]
    table.to_csv(tmp_path / "cases.csv", index=False)
    problems = " ".join(open_cohort(tmp_path).problems)
    assert "names the unit 'kg', but its cells carry 'lb'" in problems
    assert "'symptoms' is written in several units" in problems


def test_ids_that_only_case_and_spaces_tell_apart_are_told():
    (sentence,) = odd_rows.sentences(["P1", "p1 ", "P2", "P3"], grouped=False)
    assert "'P1'" in sentence and not odd_rows.sentences(["P1", "p1"], grouped=True)
