"""Small cohorts in which one thing is wrong, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from mmcore.base.values import ColumnSpec, InputSpec, Kind, Signal, Value
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.schema import Schema

CASES = 120


def clean(cases: int = CASES, seed: int = 0) -> tuple[pd.DataFrame, dict[str, dict[str, Value]]]:
    """A table (age, pressure, ill) and images, ecgs and notes in which nothing misleads; the target is weakly told."""
    rng = np.random.default_rng(seed)
    ids = [f"p{i:03d}" for i in range(cases)]
    ill = rng.permutation(np.arange(cases) % 2 == 0)
    table = pd.DataFrame(
        {
            "age": rng.normal(60 + 3 * ill, 10).round(),
            "pressure": rng.normal(120, 12, cases).round(1),
            "ill": np.where(ill, "yes", "no").astype(object),
        },
        index=ids,
    )
    words = ["cough", "fever", "fatigue", "nausea", "palpitations", "dyspnoea", "oedema", "syncope", "headache"]
    values: dict[str, dict[str, Value]] = {
        "film": {id: rng.integers(0, 255, (64, 64)).astype(np.uint8) for id in ids},
        "ecg": {id: Signal(rng.normal(size=(2, 500)).astype(np.float32), 100.0, ("I", "II"), "mV") for id in ids},
        "note": {id: " ".join(rng.choice(words, 40)) for id in ids},
    }
    return table, values


def cohort_of(
    table: pd.DataFrame,
    values: Mapping[str, Mapping[str, Value]],
    *,
    columns: tuple[str, ...] = ("age", "pressure"),
    group: str | None = None,
    classes: tuple[str, ...] = ("no", "yes"),
    target: str = "ill",
    task: str = "binary",
) -> Cohort:
    kinds = {"film": Kind.IMAGE, "ecg": Kind.SIGNAL, "note": Kind.TEXT}
    inputs = {name: InputSpec(name=name, kind=kinds[name], columns=(name,)) for name in values}
    if columns:
        specs = tuple(
            ColumnSpec(name=c)
            if pd.api.types.is_numeric_dtype(table[c])
            else ColumnSpec(name=c, type="category", categories=tuple(sorted(set(table[c].dropna()))))
            for c in columns
        )
        inputs["values"] = InputSpec(name="values", kind=Kind.TABLE, columns=columns, table=specs)
    schema = Schema(name="made", inputs=inputs, task=task, target=target, classes=classes, group=group)
    return Cohort.from_memory(schema, table, values, fingerprint="made")
