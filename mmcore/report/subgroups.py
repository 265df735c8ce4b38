"""How a method does in parts of a cohort: by sex, age, site or device, each with its size and its interval."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.evaluation import metric_label, scores
from mmcore.report.document import Table
from mmcore.report.numbers import interval
from mmcore.runs import Run

LOOKED_AT = re.compile(r"^(sex|gender|age|site|centre|center|hospital|device|scanner|性别|年龄)$", re.IGNORECASE)
LEAST = 20  # cases below which a part is only counted
BANDS = 3  # of a column of numbers, with as many cases in each


def subgroups(cohort: Cohort, run: Run) -> Table | None:
    """The compared metric of a run in each part; None where no column divides the cohort into parts that make sense."""
    if run.target is None or run.outputs is None or run.ids != cohort.ids:
        return None
    rows, metric = [], run.spec.metric
    for column in cohort.table.columns:
        if not LOOKED_AT.search(str(column).strip()):
            continue
        for name, mask in _parts(cohort.table[column]).items():
            count = int((mask & cohort.labelled).sum())
            if count < LEAST:
                rows.append((f"{column}: {name}", str(count), _("too few to tell")))
                continue
            groups = None if run.groups is None else run.groups[mask]
            score = scores(run.spec.task, run.target[mask], run.outputs[:, mask], groups, metrics=[metric])[metric]
            rows.append((f"{column}: {name}", str(count), interval(score)))
    if not rows:
        return None
    note = _("Parts of few cases have wide intervals; a difference between two parts is real only if theirs lie apart.")
    return Table((_("part"), _("cases"), _("{metric} [95%]").format(metric=metric_label(metric))), tuple(rows), note)


def _parts(values: pd.Series) -> dict[str, np.ndarray]:
    """Name -> [N] bool."""
    if pd.api.types.is_numeric_dtype(values) and values.nunique() > 6:
        try:
            bands = pd.qcut(values, BANDS, precision=0, duplicates="drop")
        except ValueError:
            return {}
        return {
            f"{band.left:g}–{band.right:g}": (bands == band).to_numpy(dtype=bool, na_value=False)
            for band in bands.cat.categories
        }
    text = values.astype("string")
    common = text.value_counts().index
    if not 2 <= len(common) <= 12:
        return {}
    return {str(name): (text == name).to_numpy(dtype=bool, na_value=False) for name in common}
