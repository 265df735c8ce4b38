"""A cohort made in memory, for figures of cohorts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from mmcore.base.values import ColumnSpec, InputSpec, Kind
from mmcore.cohorts import Cohort, Schema


@pytest.fixture
def made() -> Callable[..., Cohort]:
    """Builds a cohort of a note and a table: made(task, classes, count)."""
    return _made


def _made(task: str = "binary", classes: tuple[str, ...] = ("no", "yes"), count: int = 24) -> Cohort:
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
