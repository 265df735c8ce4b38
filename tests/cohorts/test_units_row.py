"""Protects a line of units below the header: it is no case, and its units are those of the columns."""

from __future__ import annotations

import pandas as pd
import pytest

from mmcore.cohorts import open_cohort

ROWS = [f"p{i},{40 + 7 * i % 31},{5.1 + i * 3 % 11},{'mf'[i % 2]},{i // 2 % 2}" for i in range(12)]
HEADER = "patient,age,crp,sex,label"


@pytest.mark.parametrize("line", [",years,mg/L,,", "-,(years),[mg/L],-,-", "unit,years,mg/L,unit,unit"])
def test_a_line_of_units_is_no_case(tmp_path, line):
    (tmp_path / "cases.csv").write_text("\n".join([HEADER, line, *ROWS]))
    cohort = open_cohort(tmp_path)
    assert len(cohort) == 12 and cohort.schema.classes == ("0", "1")
    assert {column.name: column.unit for column in cohort.inputs["table"].table} == {
        "age": "years", "crp": "mg/L", "sex": "",
    }  # fmt: skip
    assert any("holds units and is not a case: age years, crp mg/L" in problem for problem in cohort.problems)


def test_an_excel_sheet_with_units(tmp_path):
    pytest.importorskip("openpyxl")
    rows = [row.split(",") for row in ROWS]
    cells = [[None, "years", "mg/L", None, None], *([a, int(b), float(c), d, int(e)] for a, b, c, d, e in rows)]
    pd.DataFrame(cells, columns=HEADER.split(",")).to_excel(tmp_path / "cases.xlsx", index=False)
    cohort = open_cohort(tmp_path / "cases.xlsx")
    assert len(cohort) == 12 and cohort.inputs["table"].table[0].type == "number"


@pytest.mark.parametrize("line", ["p,44,mg,m,1", "x,see note,7,m,1", "p99,,,m,1"])
def test_a_case_is_no_line_of_units(tmp_path, line):
    (tmp_path / "cases.csv").write_text("\n".join([HEADER, line, *ROWS]))
    assert len(open_cohort(tmp_path)) == 13
