"""Protects the distributions of columns: every task can be drawn, names are escaped."""

from __future__ import annotations

import pytest

from mmcore.figures import case_table, column_distributions
from mmcore.figures import cohort as drawn


@pytest.mark.parametrize(
    ("task", "classes"), [("binary", ("no", "yes")), ("multiclass", tuple("abcdef")), ("regression", ()), (None, ())]
)
def test_every_task_can_be_drawn(made, task, classes):
    cohort = made(task, classes)
    assert column_distributions.drawable(cohort) == ["age", "sex", "code"]
    assert all(
        column_distributions.spread(cohort, column).startswith("<svg")
        for column in column_distributions.drawable(cohort)
    )
    assert drawn.presence(cohort).shape == (24, 2) and len(case_table.listing(cohort)) == 24
    if task not in (None, "regression"):
        assert drawn.balance_table(cohort)["cases"].sum() == 24


def test_names_are_escaped(made):
    assert "<i>" not in drawn.class_legend(["<i>x</i>", "y"])
    assert "<i>" not in column_distributions.spread(made(classes=("<i>x</i>", "y")), "sex")
