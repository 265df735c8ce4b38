"""Protects: a workbook opens by the sheet and the header line that hold its table, and what was skipped is told."""

import pandas as pd
import pytest

from mmcore.cohorts.table_files import read_file

HEADER = ["id", "age", "crp", "label"]
ROWS = [[f"c{i}", 30 + i, 1.5 * i, "ab"[i % 2]] for i in range(12)]


def written(folder, **sheets):
    with pd.ExcelWriter(folder / "cases.xlsx") as book:
        for name, lines in sheets.items():
            pd.DataFrame(lines).to_excel(book, sheet_name=name, header=False, index=False)
    return read_file(folder / "cases.xlsx")


@pytest.mark.parametrize(
    "above",
    [[], [["Study of crp"], ["exported in May"]], [["Patient", None, "Labs", None]]],
    ids=["none", "titles", "merged headings"],
)
def test_lines_above_the_header_are_skipped_and_told(tmp_path, above):
    raw = written(tmp_path, Data=[*above, HEADER, *ROWS[:6], [None] * 4, *ROWS[6:]])
    assert list(raw.frame.columns) == HEADER and list(raw.frame["id"]) == [row[0] for row in ROWS]
    assert bool(above) == any(f"{len(above)} line" in problem for problem in raw.problems)


def test_a_page_about_the_others_is_no_table(tmp_path):
    raw = written(tmp_path, About=[["This workbook"], ["was made by"], ["somebody"]], Data=[HEADER, *ROWS])
    assert list(raw.frame.columns) == HEADER and "'Data' is read" in raw.problems[0]


def test_the_first_of_two_tables_is_read(tmp_path):
    raw = written(tmp_path, First=[HEADER, *ROWS], Second=[["a", "b"], *[[1, 2]] * 20])
    assert list(raw.frame.columns) == HEADER and "'First' is read" in raw.problems[0]
