"""Protects: letters that an export damaged are told from letters as languages write them."""

from __future__ import annotations

import pytest

from mmcore.cohorts.auditing import audit
from mmcore.cohorts.damaged_letters import damaged_word
from tests.cohorts.auditing.made import clean, cohort_of


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("block v\u00c4nster", "v\u00c4nster"),
        ("verl\u00e4ngert".encode().decode("cp1252"), "verl\u00c3\u00a4ngert"),
        ("den\u00ed dolor".encode().decode("latin-1"), "den\u00c3\u00ad"),
        ("patient\u2019s wish".encode().decode("cp1252"), "patient\u00e2\u20ac\u2122s"),
        ("\u0431\u043e\u043b\u044c".encode().decode("latin-1"), "\u00d0\u00b1\u00d0\u00be\u00d0\u00bb\u00d1\u008c"),
        ("f\ufffdr stunden", "f\ufffdr"),
        ("Schm&auml;lerung", "Schm&auml;lerung"),
        ("37 &#176;C", "&#176;C"),
    ],
)
def test_damaged(text, word):
    assert damaged_word(text) == word


@pytest.mark.parametrize(
    "text",
    [
        "Erste \u00dcberweisung, \u00c4rztin McDonald, 5 mmHg, pH 7.4, R&D",
        "VERL\u00c4NGERUNG DER PQ-ZEIT",
        "Ni\u00f1o con fiebre; \u00bfdolor? L\u2019enfant a d\u00e9j\u00e0 mang\u00e9",
        "\u00abmang\u00e9\u00bb, \u00ab\u00a0mang\u00e9\u00a0\u00bb",
        "\u0416\u0430\u043b\u043e\u0431 \u043d\u0435\u0442. \u80f8\u75db\u306f\u306a\u3044\u3002",
        "37 \u00b0C \u00b1 0.5, 20 \u00b5g, \u00c3 and \u00c2",
    ],
)
def test_as_languages_write(text):
    assert damaged_word(text) == ""


def test_an_audit_tells_in_how_many_cases():
    table, values = clean()
    notes = {id: note + (" block v\u00c4nster" if i < 3 else "") for i, (id, note) in enumerate(values["note"].items())}
    (finding,) = [f for f in audit(cohort_of(table, {"note": notes})) if f.check == "damaged_texts"]
    assert finding.numbers["cases"] == 3 and "v\u00c4nster" in finding.summary
    assert "small letters" in finding.advice and "UTF-8" not in finding.advice
    notes = {id: note + " block v\u00c4nster" * (i == 0) for i, (id, note) in enumerate(values["note"].items())}
    assert not [f for f in audit(cohort_of(table, {"note": notes})) if f.check == "damaged_texts"]
