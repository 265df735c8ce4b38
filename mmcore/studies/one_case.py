"""One case of a run: what its prediction rests on, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mmcore.base.values import Case, Kind
from mmcore.cohorts import Cohort
from mmcore.explain.attribution import Attribution
from mmcore.explain.attribution import attribute as attributed
from mmcore.explain.counterfactual import Alternatives
from mmcore.explain.shapley import ShapleyValues, shapley
from mmcore.explain.what_if import WhatIf
from mmcore.runs import Run
from mmcore.studies.prediction import folds_seen, replicates_of

_QUANTILES = (0.02, 0.25, 0.5, 0.75, 0.98)


def what_if(run: Run, cohort: Cohort | None, case: Case) -> WhatIf:
    """A session for one case, as `attend` looks at it: replicates that had not seen it, or all for an uploaded one.

    Its own replicates are few (one a seed), so answers come quickly. Raises BadInput for a value that cannot be
    encoded.
    """
    fold = -1
    if cohort is not None and case.id in cohort.ids:
        fold = int(folds_seen(run, cohort.select([case.id]))[0])
    return WhatIf(run.fitted, run.spec.make_encoders(), case, replicates=replicates_of(run, fold))


def attribute(
    run: Run, cohort: Cohort | None, case: Case, by: Sequence[str] = ("integrated_gradients",)
) -> tuple[dict[str, Attribution], ShapleyValues]:
    """Attributions of one case by each of these ways (explain.attribution.attributors), and Shapley values of inputs.

    Values lie on the same places as `attend` gives. Who has a `what_if` session of the case asks
    `explain.attribution.attribute(session.reading, by)` and `explain.shapley.shapley(session.reading)` instead.
    Raises NotFound or Unavailable for a way, BadInput for a value that cannot be encoded.
    """
    reading = what_if(run, cohort, case).reading
    return {name: of_cases[0] for name, of_cases in attributed(reading, by).items()}, shapley(reading)[0]


def alternatives(cohort: Cohort) -> Alternatives:
    """What columns of table inputs may be set to: values of the cohort at its quantiles (2, 25, 50, 75, 98 %), or its
    categories."""
    options: dict[str, dict[str, list[float | str | None]]] = {}
    for name, spec in cohort.inputs.items():
        if spec.kind is not Kind.TABLE:
            continue
        rows, options[name] = _rows(cohort, name), {}
        for column in spec.table:
            if column.type == "category":
                options[name][column.name] = list(column.categories)
                continue
            values = _numbers(rows, column.name)
            # a value that occurs, not one between two: nobody measures a systolic pressure of 99.58
            quantiles = np.quantile(values, _QUANTILES, method="nearest").tolist() if values else []
            options[name][column.name] = list(dict.fromkeys(quantiles))
    return options


def spreads(cohort: Cohort, input: str) -> dict[str, float]:
    """Standard deviation of each numeric column of a table input, for `edits.noise`."""
    rows = _rows(cohort, input)
    numeric = [column.name for column in cohort.inputs[input].table if column.type == "number"]
    return {name: float(np.std(values)) for name in numeric if (values := _numbers(rows, name))}


def _rows(cohort: Cohort, input: str) -> list[Mapping[str, Any]]:
    """The table's rows of all cases that have the input."""
    values = (cohort.value(id, input) for id, here in zip(cohort.ids, cohort.present(input), strict=True) if here)
    return [value for value in values if isinstance(value, Mapping)]


def _numbers(rows: Sequence[Mapping[str, Any]], column: str) -> list[float]:
    return [float(row[column]) for row in rows if row.get(column) is not None]
