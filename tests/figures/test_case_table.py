"""Protects the table of cases: filters find what they say, and combine."""

from __future__ import annotations

from mmcore.figures import case_table


def test_filters_search_all_cells_and_combine(made):
    cohort = made()
    frame, inputs = case_table.listing(cohort), list(cohort.inputs)
    assert len(case_table.filtered(frame, "PAIN c05")) == 1
    assert len(case_table.filtered(frame, targets=["yes"])) == 12
    assert list(case_table.filtered(frame, lacking=["note"]).index) == ["c00", "c01", "c02", "c03"]
    assert len(case_table.filtered(frame, complete=True, inputs=inputs)) == 20
    assert case_table.filtered(frame, "nothing like this").empty
