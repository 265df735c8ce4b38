"""Protects: numbers that name a place or a person are categories, and that is told; amounts stay amounts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.cohorts.coded_columns import holds_codes
from mmcore.cohorts.opening import open_cohort
from mmcore.cohorts.roles import Roles

CASES = 120
CODES = np.random.default_rng(0).integers(0, 6, CASES).astype(float)


def written(folder, column: str, cells: np.ndarray) -> str:
    chance = np.random.default_rng(1)
    table = pd.DataFrame({"id": [f"c{i}" for i in range(CASES)], "patient_id": [f"p{i // 2}" for i in range(CASES)],
                          "label": np.arange(CASES) % 2, "age": chance.integers(20, 80, CASES),
                          column: cells})  # fmt: skip
    table.to_csv(folder / "cases.csv", index=False)
    return str(folder)


def of(cohort, column: str):
    return next(spec for spec in cohort.inputs["table"].table if spec.name == column)


@pytest.mark.parametrize("roles", [Roles(), Roles(inputs={"table": "table:age,nurse"})])
def test_codes_of_persons_are_categories_and_told(tmp_path, roles):
    gaps = np.where(np.arange(CASES) % 10 == 0, np.nan, CODES)
    cohort = open_cohort(written(tmp_path, "nurse", gaps), roles)
    assert of(cohort, "nurse").type == "category" and of(cohort, "nurse").categories == tuple("012345")
    assert cohort.value("c1", "table")["nurse"] == str(int(CODES[1])) and cohort.value("c0", "table")["nurse"] is None
    assert any("'nurse'" in sentence and "6 categories" in sentence for sentence in cohort.problems)


def test_who_makes_it_a_number_gets_a_number(tmp_path):
    cohort = open_cohort(written(tmp_path, "nurse", CODES), Roles(columns={"nurse": "number:table"}))
    assert of(cohort, "nurse").type == "number" and not any("'nurse'" in sentence for sentence in cohort.problems)


def test_a_described_column_stays_as_described(tmp_path):
    path = written(tmp_path, "nurse", CODES)
    (tmp_path / "cohort.toml").write_text(
        'target = "label"\n[inputs.table]\nkind = "table"\ncolumns = ["age", "nurse"]\n', encoding="utf-8"
    )
    assert of(open_cohort(path), "nurse").type == "number"


@pytest.mark.parametrize("name", ["site", "study_site", "Hospital No", "ct scanner", "Attending Physician", "科室"])
def test_names_of_codes(name):
    assert holds_codes(pd.Series(CODES, name=name), name)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("age", CODES),
        ("days_in_hospital", CODES),
        ("number of doctor", CODES),
        ("site", CODES + 0.5),
        ("site", CODES * 500),
        ("site", CODES > 2),
        ("site", np.arange(CASES)),
        ("hospital", np.where(CODES > 2, 1.0, 0.0)),
        ("ward", CODES - 3),
    ],
)
def test_amounts_and_the_rest_stay(name, cells):
    assert not holds_codes(pd.Series(cells, name=name), name)
