"""Protects: what Excel hides, merges or never computed is told, so that no case or value changes without a word."""

import openpyxl
import pytest

from mmcore.cohorts.table_files import read_file


@pytest.fixture
def book():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "cases"
    sheet.append(["id", "site", "age", "bmi", "label"])
    for i in range(12):
        sheet.append([f"c{i}", "A" if i < 6 else "B", 30 + i, 20.5 + i, "ab"[i % 2]])
    return book


def read(book, tmp_path):
    book.save(tmp_path / "cases.xlsx")
    return read_file(tmp_path / "cases.xlsx")


def sentences(raw, *words):
    return [sentence for sentence in raw.problems if all(word in sentence for word in words)]


def test_an_ordinary_sheet_says_nothing(book, tmp_path):
    raw = read(book, tmp_path)
    assert len(raw.frame) == 12 and not raw.problems


def test_hidden_rows_and_columns_are_named(book, tmp_path):
    sheet = book["cases"]
    sheet.row_dimensions[4].hidden = sheet.row_dimensions[9].hidden = True
    sheet.column_dimensions.group("C", "D", hidden=True)
    raw = read(book, tmp_path)
    assert len(raw.frame) == 12
    assert sentences(raw, "2 rows", "hidden", "4, 9") and sentences(raw, "2 columns", "'age', 'bmi'")


def test_formulas_without_a_result_and_errors_are_counted(book, tmp_path):
    sheet = book["cases"]
    for row in (5, 6, 8):
        sheet[f"D{row}"] = f"=C{row}/3"
    sheet["C7"] = "#DIV/0!"
    raw = read(book, tmp_path)
    assert sentences(raw, "'bmi'", "3 cells", "formula", "row 5") and sentences(
        raw, "'age'", "1 cell", "error", "row 7"
    )


def test_a_hidden_sheet_is_not_taken_for_the_table(book, tmp_path):
    old = book.create_sheet("old", 0)
    old.append(["id", "age", "label"])
    for i in range(12):
        old.append([f"x{i}", i, "a"])
    old.sheet_state = "hidden"
    raw = read(book, tmp_path)
    assert raw.frame["id"].iloc[0] == "c0" and sentences(raw, "'old'", "not read")


def test_a_cell_merged_over_rows_holds_for_each(book, tmp_path):
    sheet = book["cases"]
    sheet.merge_cells("B2:B7")
    raw = read(book, tmp_path)
    assert list(raw.frame["site"])[:7] == ["A"] * 6 + ["B"]
    assert sentences(raw, "merged", "'A'", "2 to 7")
