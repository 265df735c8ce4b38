"""Protects: texts that name the class are found in the share of cases that they name it in, and are ranked by it."""

from __future__ import annotations

import pytest

from mmcore.cohorts import Roles, open_cohort
from mmcore.cohorts.auditing import Severity, audit
from tests.cohorts.auditing.made import clean, cohort_of


def verdicts(cohort):
    return [finding for finding in audit(cohort) if finding.check == "stated_verdict"]


@pytest.mark.parametrize(("every", "severity"), [(2, Severity.MEDIUM), (20, None)], ids=["half", "few"])
def test_a_class_called_by_its_name(every, severity):
    table, values = clean()
    table["ill"] = table["ill"].map({"yes": "pneumonia", "no": "normal"})
    notes = values["note"]
    for id in table.index[table["ill"] == "pneumonia"][::every]:
        notes[id] += " diagnosis pneumonia"
    findings = verdicts(cohort_of(table, {"note": notes}, classes=("normal", "pneumonia")))
    assert [finding.severity for finding in findings] == ([severity] if severity else [])
    if findings:
        assert "50%" in findings[0].summary and len(findings[0].cases) == 30


def test_a_class_that_is_denied_as_often_is_none():
    table, values = clean()
    table["ill"] = table["ill"].map({"yes": "pneumonia", "no": "normal"})
    notes = {id: note + " question of pneumonia" for id, note in values["note"].items()}
    assert verdicts(cohort_of(table, {"note": notes}, classes=("normal", "pneumonia"))) == []


def test_a_text_left_out_since_it_states_the_verdict_is_the_gravest(tmp_path):
    table, values = clean()
    table["note"] = [f"{values['note'][id]} impression {ill} fully" for id, ill in table["ill"].items()]
    table.rename_axis("id").to_csv(tmp_path / "cases.csv")
    (finding,) = verdicts(open_cohort(tmp_path, Roles(target="ill")))
    assert finding.severity is Severity.HIGH and "'note'" in finding.summary and finding.numbers["left_out"]
