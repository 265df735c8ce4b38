"""Protects against quiet mistakes in tables: people's ids as features, and a typo that turns numbers into words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.cohorts import Roles, folds_of, open_cohort


@pytest.mark.parametrize("column", ["participant_id", "mrn", "patient_id", "person", "pat_id", "Paciente", "환자 번호"])
def test_columns_that_name_people_become_the_group(tmp_path, column):
    rng = np.random.default_rng(0)
    people = np.repeat(np.arange(24), 6)
    frame = pd.DataFrame({column: people, "x": rng.normal(size=144), "label": np.where(people % 2, "ill", "well")})
    frame.to_csv(tmp_path / "t.csv", index=False)
    cohort = open_cohort(tmp_path / "t.csv")
    assert cohort.schema.group == column
    assert cohort.inputs["table"].columns == ("x",)
    assert folds_of(cohort).kind == "group"


def test_repeated_identifiers_are_never_features(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"record_id": np.repeat(np.arange(24), 6), "x": rng.normal(size=144), "label": [0, 1] * 72})
    frame.to_csv(tmp_path / "t.csv", index=False)
    cohort = open_cohort(tmp_path / "t.csv")
    assert "record_id" in cohort.schema.ignored and cohort.inputs["table"].columns == ("x",)


def test_a_typo_is_a_missing_number_and_is_told(tmp_path):
    x = [f"{value:.2f}" for value in np.linspace(0, 9, 120)]
    x[7] = "12,5"
    pd.DataFrame({"x": x, "label": ["a", "b"] * 60}).to_csv(tmp_path / "t.csv", index=False)
    cohort = open_cohort(tmp_path / "t.csv", Roles(inputs={"v": "table:x"}))
    assert cohort.inputs["v"].table[0].type == "number"
    assert not cohort.present("v")[7] and cohort.present("v").sum() == 119
    assert any("12,5" in problem for problem in cohort.problems)


@pytest.mark.parametrize(
    "people, warned", [(np.repeat(np.arange(300, 324), 3), True), (np.arange(72) % 24 + 300, False)]
)
def test_numbers_that_stand_in_blocks_may_be_people_whatever_they_are_called(tmp_path, people, warned):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"owner": people, "x": rng.normal(size=72), "label": np.where(rng.random(72) < 0.5, "a", "b")})
    frame.to_csv(tmp_path / "t.csv", index=False)
    assert any("'owner' repeats" in problem for problem in open_cohort(tmp_path / "t.csv").problems) is warned


def test_the_record_of_several_visits_is_the_group(tmp_path):
    rows = [
        f"{person},{visit},{30 + 7 * person % 40},{person % 2}"
        for person in range(20)
        for visit in ("baseline_arm_1", "month_6_arm_1")
    ]
    (tmp_path / "t.csv").write_text("\n".join(["record_id,redcap_event_name,age,label", *rows]))
    cohort = open_cohort(tmp_path / "t.csv")
    assert cohort.schema.group == "record_id" and not cohort.problems


def test_numbers_of_patients_that_a_spreadsheet_cut_are_told(tmp_path):
    rows = [f"1.2345{i % 3}E+11,{30 + 7 * i % 40},{i % 2}" for i in range(30)]
    (tmp_path / "t.csv").write_text("\n".join(["MRN,age,label", *rows]))
    assert any("MRN" in problem and "last digits" in problem for problem in open_cohort(tmp_path / "t.csv").problems)


def test_amounts_of_money_are_numbers(tmp_path):
    rows = [f"{1 + i % 8}.{200 + i},{10 + i} €;{i % 2}" for i in range(30)]
    (tmp_path / "t.csv").write_text("\n".join(["Kosten;label", *rows]), encoding="utf-8")
    cohort = open_cohort(tmp_path / "t.csv")
    assert cohort.table["Kosten"].iloc[0] == 1200.10
