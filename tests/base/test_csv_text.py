"""Protects: a table that is taken away starts no formula in the spreadsheet that opens it, and numbers stay numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from mmcore.base.csv_text import csv_bytes, harmless, without_formulas


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1", "-", "+a"])
def test_what_a_spreadsheet_would_carry_out_becomes_text(cell):
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize(
    "cell", ["-1.5", "+3", "-1,5", "1e-3", "-2e5", "-12 %", "no pain", "a=b", "", -1.5, None, True]
)
def test_numbers_and_words_stay(cell):
    assert harmless(cell) == cell


def test_cells_headers_and_the_index_are_all_looked_at():
    table = pd.DataFrame({"=x": ["=1", "-2"], "n": [-1.5, 2]}, index=pd.Index(["@a", "b"], name="+name"))
    assert csv_bytes(table).decode().splitlines() == ["'+name,'=x,n", "'@a,'=1,-1.5", "b,-2,2.0"]
    assert csv_bytes(pd.DataFrame({"a": [1]})) == b"a\n1\n"


def test_a_table_that_is_shown_starts_no_formula_either_and_keeps_its_kinds():
    table = pd.DataFrame(
        {"=x": ["=1", "+"], "c": pd.Categorical(["@a", "b"]), "n": [-1.5, 2], "yes": [True, False]},
        index=pd.Index(["-1+2", "b"], name="id"),
    )
    safe = without_formulas(table)
    assert list(safe.index) == ["'-1+2", "b"] and safe.index.name == "id" and list(safe["'=x"]) == ["'=1", "+"]
    assert list(safe["c"]) == ["'@a", "b"] and [*map(str, safe.dtypes)] == [*map(str, table.dtypes)]
    assert without_formulas(table.iloc[:0]).empty
