"""The cases of a cohort as a table to read, search and filter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput
from mmcore.base.label_sets import BETWEEN as LABELS
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort
from mmcore.figures.cohort import presence, target_names

TARGET, GROUP = "target", "group"


def listing(cohort: Cohort) -> pd.DataFrame:
    """One row a case (index = id): target, group, which inputs are there, columns of table inputs, then texts."""
    frame, names = pd.DataFrame(index=pd.Index(cohort.ids, name="id")), target_names(cohort)
    if names is not None or cohort.schema.task == "regression":
        frame[TARGET] = cohort.target if names is None else names
        if cohort.schema.task == "multilabel":
            frame[TARGET] = cohort.target_names
    if cohort.groups is not None and len({*cohort.groups}) < len(cohort):
        frame[GROUP] = cohort.groups
    frame = frame.join(presence(cohort))
    used = [
        c
        for spec in cohort.inputs.values()
        if spec.kind is Kind.TABLE
        for c in spec.columns
        if c in cohort.table and c not in frame
    ]
    frame = frame.join(cohort.table[list(dict.fromkeys(used))])
    for input, spec in cohort.inputs.items():
        if spec.kind is Kind.TEXT:
            frame[_("{input}, words").format(input=input)] = [_text(cohort, id, input) for id in cohort.ids]
    return frame


def _text(cohort: Cohort, id: str, input: str) -> str | None:
    try:
        value = cohort.value(id, input)
    except BadInput:
        return None  # it is among the cohort's problems
    return value if isinstance(value, str) else None


def filtered(
    frame: pd.DataFrame,
    search: str = "",
    targets: Sequence[str] = (),
    lacking: Sequence[str] = (),
    complete: bool = False,
    inputs: Sequence[str] = (),
) -> pd.DataFrame:
    """Rows of a `listing` with every word of `search` in some cell, of one of `targets`, that lack all of `lacking`.

    complete: only rows that have all `inputs` (names of the presence columns, which are not searched).
    """
    keep = np.ones(len(frame), bool)
    if search.strip():
        text = frame.index.astype(str).str.lower() + " " + _lines(frame.drop(columns=list(inputs)))
        for word in search.lower().split():
            keep &= np.array([word in line for line in text], bool)
    if targets:
        keep &= np.array([bool({cell, *str(cell).split(LABELS)} & {*targets}) for cell in frame[TARGET]], bool)
    for input in lacking:
        keep &= ~frame[input].to_numpy(bool)
    if complete:
        keep &= frame[list(inputs)].to_numpy(bool).all(1)
    return frame[keep]


def _lines(frame: pd.DataFrame) -> list[str]:
    """All cells of each row as one line of lower-case text."""
    return [" ".join(str(cell) for cell in row if not pd.isna(cell)).lower() for row in frame.itertuples(index=False)]
