"""Protects `audit`: one JSON document with findings as scripts expect them, and sentences for a person."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from mmcore.cli import main


@pytest.fixture
def table(tmp_path) -> str:
    """Sixty patients; two have an age that cannot be."""
    rows = pd.DataFrame(
        {
            "id": [f"p{i}" for i in range(60)],
            "age": [40 + i % 30 for i in range(60)],
            "bp": [110 + i % 17 for i in range(60)],
        }
    )
    rows.loc[:1, "age"] = 999
    rows["ill"] = ["yes" if i % 3 == 0 else "no" for i in range(60)]
    rows.to_csv(tmp_path / "cases.csv", index=False)
    return str(tmp_path / "cases.csv")


def test_json_holds_findings(table, capsys):
    assert main(["audit", table, "--target", "ill", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    (finding,) = [row for row in document["findings"] if row["check"] == "impossible_values"]
    assert set(finding) == {"check", "severity", "summary", "numbers", "cases", "advice"}
    assert finding["cases"] == ["p0", "p1"] and not any("999" in sentence for sentence in document["problems"])


def test_a_person_reads_sentences(table, capsys):
    assert main(["audit", table, "--target", "ill"]) == 0
    shown = capsys.readouterr().out
    assert "MEDIUM: 'age' has 2 impossible values: 999" in shown and "Cases: p0, p1\n" in shown
