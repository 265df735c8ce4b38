"""Protects changes by hand: a column becomes what it was made, is nothing else any more, and the others stay."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mmcore.cohorts import Roles
from mmcore.cohorts.importing import Proposal, changed, propose


@pytest.fixture
def table(tmp_path: Path) -> Path:
    frame = pd.DataFrame(
        {
            "id": [f"p{i}" for i in range(30)], "patient": [f"q{i // 2}" for i in range(30)],
            "age": [50 + i * 7 % 31 for i in range(30)], "ward": ["a", "b", "c"] * 10, "label": [0, 1] * 15,
            "stage": [i * 5 % 4 for i in range(30)],
        }
    )  # fmt: skip
    frame.to_csv(tmp_path / "cases.csv", index=False)
    return tmp_path / "cases.csv"


def after(table: Path, *steps: tuple) -> Proposal:
    proposal = propose(table)
    for column, to, more in steps:
        proposal = propose(table, changed(proposal, column, to, **more))
        assert proposal.error is None
    return proposal


def roles(proposal: Proposal) -> dict[str, str]:
    return {column.name: column.role for column in proposal.columns}


BEFORE = {"id": "id", "patient": "group", "age": "input", "ward": "input", "label": "target", "stage": "input"}


@pytest.mark.parametrize(
    ("step", "changes"),
    [
        (("stage", "target", {}), {"stage": "target", "label": "input"}),
        (("label", "left out", {}), {"label": "left out"}),
        (("patient", "left out", {}), {"patient": "left out"}),
        (("patient", "input", {"kind": "category"}), {"patient": "input"}),
        (("ward", "group", {}), {"ward": "group", "patient": "left out"}),
        (("age", None, {"input": "person"}), {}),
        (("stage", None, {"kind": "category"}), {}),
        (("label", "event", {}), {}),
    ],
)
def test_one_change(table, step, changes):
    expected = BEFORE | changes
    if step[0] == "label" and step[1] == "event":
        expected["label"] = "target"  # whether it happened is what can be learnt
    assert roles(after(table, step)) == expected


def test_changes_add_up_and_can_be_taken_back(table):
    proposal = after(table, ("age", None, {"input": "person"}), ("ward", None, {"input": "person"}))
    assert proposal.cohort.inputs["person"].columns == ("age", "ward") and "table" in proposal.cohort.inputs
    again = propose(table, changed(proposal, "age", "left out"))
    assert again.cohort.inputs["person"].columns == ("ward",)
    back = propose(table, changed(again, "age"))
    assert "age" in back.cohort.inputs["person"].columns or "age" in back.cohort.inputs["table"].columns


def test_roles_given_otherwise_can_be_changed_too(table):
    proposal = propose(table, Roles(inputs={"a": "table:age,ward"}))
    assert roles(propose(table, changed(proposal, "ward", "left out")))["ward"] == "left out"
