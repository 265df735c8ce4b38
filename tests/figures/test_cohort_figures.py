"""Protects the cohort at a glance: counts that add up, patterns of missing inputs, filters that say what they do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.base.values import ColumnSpec, InputSpec, Kind
from mmcore.cohorts import Cohort, Schema
from mmcore.figures import case_table, column_distributions
from mmcore.figures import cohort as drawn


def made(task: str = "binary", classes: tuple[str, ...] = ("no", "yes"), count: int = 24) -> Cohort:
    ids = [f"c{i:02d}" for i in range(count)]
    target = (
        np.linspace(0, 1, count)
        if task == "regression"
        else [classes[i % len(classes)] for i in range(count)]
        if task
        else None
    )
    table = pd.DataFrame(
        {"age": np.linspace(20, 90, count), "sex": ["f", "m"] * (count // 2), "code": [0.0, 1.0] * (count // 2)},
        index=ids,
    )
    if task:
        table["target"] = target
    inputs = {
        "note": InputSpec(name="note", kind=Kind.TEXT, columns=("note",)),
        "labs": InputSpec(
            name="labs",
            kind=Kind.TABLE,
            columns=("age", "sex", "code"),
            table=(
                ColumnSpec(name="age", unit="years"),
                ColumnSpec(name="sex", type="category", categories=("f", "m")),
                ColumnSpec(name="code"),
            ),
        ),
    }
    schema = Schema(
        name="made",
        inputs=inputs,
        task=task,
        target="target" if task else None,
        classes=() if task in (None, "regression") else classes,
    )
    notes = {id: f"No pain <b>{id}</b>" for id in ids[4:]}
    return Cohort.from_memory(schema, table, {"note": notes}, fingerprint="made")


def test_balance_counts_every_case_once():
    table = drawn.balance_table(made())
    assert (
        list(table["class"]) == ["no", "yes"]
        and table["cases"].sum() == 24
        and table["share"].sum() == pytest.approx(1)
    )


def test_patterns_of_missing_inputs_add_up():
    cohort = made()
    table = drawn.missing_table(cohort)
    assert table["cases"].sum() == len(cohort) and table.iloc[0][["note", "labs"]].all()
    assert drawn.missing_share(cohort) == pytest.approx(4 / 48)
    assert drawn.few_patterns(cohort) and len(drawn.missing(cohort).data) == 3


def test_filters_search_all_cells_and_combine():
    cohort = made()
    frame, inputs = case_table.listing(cohort), list(cohort.inputs)
    assert len(case_table.filtered(frame, "PAIN c05")) == 1
    assert len(case_table.filtered(frame, targets=["yes"])) == 12
    assert list(case_table.filtered(frame, lacking=["note"]).index) == ["c00", "c01", "c02", "c03"]
    assert len(case_table.filtered(frame, complete=True, inputs=inputs)) == 20
    assert case_table.filtered(frame, "nothing like this").empty


@pytest.mark.parametrize(
    ("task", "classes"), [("binary", ("no", "yes")), ("multiclass", tuple("abcdef")), ("regression", ()), (None, ())]
)
def test_every_task_can_be_drawn(task, classes):
    cohort = made(task, classes)
    assert column_distributions.drawable(cohort) == ["age", "sex", "code"]
    assert all(
        column_distributions.spread(cohort, column).startswith("<svg")
        for column in column_distributions.drawable(cohort)
    )
    assert drawn.missing(cohort).data and len(case_table.listing(cohort)) == 24
    if task:
        assert drawn.balance(cohort).data


def test_names_are_escaped():
    assert "<i>" not in drawn.class_legend(["<i>x</i>", "y"])
    assert "<i>" not in column_distributions.spread(made(classes=("<i>x</i>", "y")), "sex")
