"""Protects copies under two numbers of a person: the pair is named with the column that tells them apart."""

from __future__ import annotations

from mmcore.cohorts.auditing import audit
from tests.cohorts.auditing.made import clean, cohort_of


def test_one_recording_under_two_numbers_is_named():
    table, values = clean()
    ecg = values["ecg"]
    ecg["p003"], ecg["p007"] = ecg["p002"], ecg["p006"]
    table["patient_id"] = ["1", "2", "3", "3", "5", "6", "7", "8", *map(str, range(9, len(table) + 1))]
    finding = next(f for f in audit(cohort_of(table, {"ecg": ecg})) if f.check == "duplicates")
    assert finding.numbers["different_identifiers"] == {"patient_id": [["p006", "p007"]]}
    assert "1 with different 'patient_id' (p006, p007)" in finding.summary
