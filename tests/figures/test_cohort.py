"""Protects the cohort at a glance: counts that add up, patterns of missing inputs."""

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


def test_patterns_of_missing_inputs_add_up(made):
    cohort = made()
    table = drawn.missing_table(cohort)
    assert table["cases"].sum() == len(cohort) and table.iloc[0][["note", "labs"]].all()
    assert drawn.missing_share(cohort) == pytest.approx(4 / 48)
    assert drawn.few_patterns(cohort) and len(drawn.missing(cohort).data) == 3
