"""The run that is looked at, and those of other methods that it is held against, case by case."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mmcore.base.errors import MMError
from mmcore.cohorts import Cohort
from mmcore.evaluation.case_outcomes import case_outcomes
from mmcore.runs import Run, RunSummary
from pages.frame import caches


def beside(run: Run, summaries: list[RunSummary]) -> tuple[str, ...]:
    """Keys of the newest runs of other methods that were tested in the same way."""
    spec = run.spec
    newest: dict[str, str] = {}
    for summary in summaries:  # newest first
        same = (summary.folds, summary.seeds, summary.split) == (spec.folds, spec.seeds, spec.split)
        if same and summary.method != run.method:
            newest.setdefault(summary.method, summary.key)
    return tuple(newest.values())


@st.cache_data(max_entries=24, show_spinner=False)
def _outcomes(run_key: str, others: tuple[str, ...], cohort_key: str, _run: Run) -> pd.DataFrame:
    cases = _run.out_of_fold
    outputs = {_run.method: cases.outputs}
    for key in others:
        try:
            other = caches.run(key)
            outputs[other.method] = other.out_of_fold.outputs
        except MMError:
            continue  # deleted meanwhile, or damaged: one method fewer to compare with
    return case_outcomes(_run.spec.task, _run.spec.classes, cases.target, outputs, _run.method, _run.ids)


def outcomes(run: Run, others: tuple[str, ...], cohort: Cohort) -> pd.DataFrame:
    """How each case came out (see mmcore.evaluation.case_outcomes)."""
    return _outcomes(run.key, others, cohort.key, run)
