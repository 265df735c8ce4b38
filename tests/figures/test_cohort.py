"""Protects the cohort at a glance: counts that add up."""

from __future__ import annotations

import pytest

from mmcore.figures import cohort as drawn


def test_balance_counts_every_case_once(made):
    table = drawn.balance_table(made())
    assert (
        list(table["class"]) == ["no", "yes"]
        and table["cases"].sum() == 24
        and table["share"].sum() == pytest.approx(1)
    )


def test_missing_inputs_add_up(made):
    cohort = made()
    there = drawn.presence(cohort)
    assert there["labs"].all() and (~there["note"]).sum() == 4
    assert drawn.missing_share(cohort) == pytest.approx(4 / 48)
