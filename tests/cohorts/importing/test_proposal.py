"""Protects the import's preview: every column has a role, a kind, a unit and a reason, and each can be overridden."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mmcore.base.errors import RolesNeeded
from mmcore.cohorts import Roles
from mmcore.cohorts.importing import Proposal, ProposedColumn, propose

CASES = 40


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """A table with units in cells, a note among numbers, patients that repeat, a fold, and signals in one array."""
    rng = np.random.default_rng(0)
    crp = [f"{value:.1f} mg/L" for value in rng.gamma(2, 5, CASES)]
    crp[3] = "see note"
    frame = pd.DataFrame(
        {
            "Patient ID": [f"P{i // 2}" for i in range(CASES)],
            "age (years)": rng.integers(30, 80, CASES),
            "crp": crp,
            "stage": rng.integers(1, 4, CASES),
            "constant": "x",
            "fold": np.arange(CASES) % 5,
            "outcome": rng.permutation(["well", "ill"] * (CASES // 2)),
        }
    )
    frame.to_csv(tmp_path / "cases.csv", index=False)
    np.save(tmp_path / "ecg.npy", rng.normal(size=(CASES, 100, 2)).astype("float32"))
    return tmp_path


def by_name(proposal: Proposal) -> dict[str, ProposedColumn]:
    return {column.name: column for column in proposal.columns}


def test_every_column_has_a_role_and_a_reason(messy):
    proposal = propose(messy)
    columns = by_name(proposal)
    assert {name: column.role for name, column in columns.items()} == {
        "Patient ID": "group", "age (years)": "input", "crp": "input", "stage": "input", "constant": "left out",
        "fold": "left out", "outcome": "target", "ecg": "input",
    }  # fmt: skip
    assert all(column.reason for column in columns.values()) and columns["constant"].reason == "the same in every case"
    assert (columns["age (years)"].unit, columns["crp"].unit, columns["stage"].unit) == ("years", "mg/L", "")
    assert columns["crp"].missing == 1 and len(columns["crp"].examples) == 3 and columns["outcome"].kind == "binary"
    assert "positive is 'ill'" in columns["outcome"].reason
    assert proposal.left_out["the same in every case"] == ["constant"]
    assert "make it the split" in columns["fold"].reason


def test_what_cannot_be_read_is_named_by_row(messy):
    (row,) = propose(messy).rows
    assert (row.row, row.column, row.cell) == (4, "crp", "see note") and "missing" in row.problem


def test_a_missing_rate_is_asked_for_and_an_implausible_one_too(messy):
    (question,) = propose(messy).questions
    assert (question.what, question.name) == ("rate", "ecg") and "100 samples each" in question.question
    assert propose(messy, Roles(rates={"ecg": 250})).questions == []
    (question,) = propose(messy, Roles(rates={"ecg": 8})).questions
    assert "At 8 Hz" in question.question


def test_each_choice_can_be_changed(messy):
    roles = Roles(
        target="stage", group="", columns={"outcome": "category:labs", "fold": "number:labs"}, ignore=("crp",),
        units={"age (years)": "a"},
    )  # fmt: skip
    proposal = propose(messy, roles)
    columns = by_name(proposal)
    assert (columns["stage"].role, columns["stage"].kind) == ("target", "multiclass")
    assert columns["outcome"].input == columns["fold"].input == "labs"
    assert (columns["outcome"].kind, columns["fold"].kind) == ("category", "number")
    assert columns["crp"].role == "left out" and columns["Patient ID"].role != "group"
    assert columns["age (years)"].unit == "a" and proposal.cohort.groups is None
    assert "as you chose" in columns["outcome"].reason


def test_numbers_can_be_categories(messy):
    stage = propose(messy, Roles(columns={"stage": "category:"})).cohort.inputs["table"].table
    assert next(column for column in stage if column.name == "stage").categories == ("1", "2", "3")


def test_ids_that_repeat_can_still_be_mended(tmp_path):
    frame = pd.DataFrame({"id": ["a", "a", "b", "b"] * 5, "x": [3, 1, 4, 1, 5] * 4, "label": [0, 1] * 10})
    frame.to_csv(tmp_path / "cases.csv", index=False)
    proposal = propose(tmp_path)
    assert proposal.cohort is None and "more than once" in str(proposal.error)
    assert {"id", "x", "label"} == {*by_name(proposal)}
    mended = propose(tmp_path, Roles(group="id"))
    assert mended.error is None and by_name(mended)["id"].role == "group"


def test_without_a_target_the_choice_is_named(messy):
    cohort = propose(messy, Roles(target="")).cohort
    with pytest.raises(RolesNeeded):
        cohort.require_target()


def test_columns_a_target_is_made_from_are_not_said_to_be_left_out(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"age": rng.integers(30, 80, CASES), "death": rng.integers(0, 2, CASES)})
    frame["followup_days"] = rng.integers(10, 900, CASES)
    frame.to_csv(tmp_path / "cases.csv", index=False)
    columns = by_name(propose(tmp_path))
    assert columns["death"].reason == columns["followup_days"].reason == ("the target was derived from this column")


def test_what_tells_who_a_person_is_has_no_examples(tmp_path):
    rng = np.random.default_rng(0)
    lines = ["id,surname,insurance no,ecg,age,label"]
    for i in range(CASES):
        np.save(tmp_path / f"mueller_{i}.npy", rng.normal(size=(1, 300)))
        lines.append(f"c{i},Mueller{i},{9000 - 7 * i % 11 + i},mueller_{i}.npy,{rng.integers(20, 80)},{i % 2}")
    (tmp_path / "cases.csv").write_text("\n".join(lines))
    plain = {column.name: column.examples for column in propose(tmp_path).columns}
    without = {column.name: column.examples for column in propose(tmp_path, Roles(deidentify=True)).columns}
    assert not plain["surname"] and plain["ecg"] and plain["id"] and plain["age"]
    assert without["age"] and not any(without[name] for name in ("surname", "id", "ecg"))


def test_large_numbers_are_written_out(tmp_path):
    pd.DataFrame({"stay": [7200.0, 1335600.0, 154800.0] * 8, "y": [0, 1] * 12}).to_csv(tmp_path / "cases.csv")
    stay = by_name(propose(tmp_path))["stay"]
    assert "7200 to 1335600" in stay.reason and "1335600" in stay.examples
