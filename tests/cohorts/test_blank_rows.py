"""Protects: lines of separators alone are no cases, and it is told that they were there."""

import pandas as pd
import pytest

from mmcore.cohorts import open_cohort
from mmcore.cohorts.blank_rows import without_blank_rows

LINES = [f"c{i},{30 + i * 7 % 13},{'ab'[i % 2]}" for i in range(12)]


@pytest.mark.parametrize("blank", [",,", " , , "])
def test_blank_lines_are_left_out(tmp_path, blank):
    lines = ["id,age,label", *LINES[:6], blank, *LINES[6:], blank]
    (tmp_path / "cases.csv").write_text("\n".join(lines) + "\n")
    cohort = open_cohort(tmp_path)
    assert len(cohort) == 12 and "2 rows are empty and are skipped, the first being row 7" in " ".join(cohort.problems)


def test_a_row_that_holds_anything_is_a_case():
    frame = pd.DataFrame({"a": [1.0, None, None], "b": [None, 0, None]})
    assert len(without_blank_rows(frame, [])) == 2
