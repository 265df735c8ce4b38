"""Protects the sentences on a cohort and on a selection: shares are of the cases whose target is known, and say so."""

from __future__ import annotations

import pandas as pd
import pytest

from mmcore.cohorts import Roles, open_cohort
from pages.explore.cohort import finding


@pytest.fixture
def cohort(tmp_path):
    """40 cases, 20 of them with a label, every fourth of these ill."""
    rows = range(40)
    labels = ["" if row < 20 else "ill" if row % 4 == 0 else "well" for row in rows]
    frame = pd.DataFrame({"id": [f"c{row}" for row in rows], "age": [40.5 + row for row in rows], "state": labels})
    frame.to_csv(tmp_path / "cases.csv", index=False)
    return open_cohort(tmp_path, roles=Roles(target="state", id="id", inputs={"vitals": "table:age"}))


def test_shares_are_of_the_cases_whose_target_is_known(cohort):
    words = finding.of_cohort(cohort)
    assert words.startswith("**40 cases** (20 with a known state), ") and "25% of them in class “ill”" in words
    full = cohort.select([f"c{row}" for row in range(20, 40)])
    assert finding.of_cohort(full).startswith("**20 cases**, ")


def test_a_selection_is_counted_and_says_of_how_many_the_target_is_known(cohort):
    assert finding.of_selection(cohort, []) == ""
    assert finding.of_selection(cohort, ["c24"]) == "**1 of 40 cases is selected.**", "of a single case no share"
    assert finding.of_selection(cohort, ["c1", "c24"]) == "**2 of 40 cases are selected.**"
    some = finding.of_selection(cohort, ["c1", "c24", "c25"])
    assert some.startswith("**3 of 40 cases are selected.** The state of 2 of them is known. 50% of them are in class ")
    assert "is known" not in finding.of_selection(cohort, ["c24", "c25"])
