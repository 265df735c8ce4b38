"""The case being looked at as a run reads it, and what it says of it: kept between pages."""

from __future__ import annotations

import streamlit as st

from mmcore import studies
from mmcore.base.languages import language
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.explain.what_if import WhatIf
from mmcore.runs import Run
from mmcore.studies.case_answer import CaseAnswer, case_answer
from pages.frame import own_case


def session_of(run: Run, cohort: Cohort, case: Case) -> WhatIf:
    """The case as the run's replicates read it, ready for questions."""
    if case.id == own_case.OWN:
        return own_case.worked_out(f"what if {run.key}", case, lambda: studies.what_if(run, None, case))
    return _session(run.key, cohort.key, case.id, language(), run, cohort, case)


def answer_of(run: Run, cohort: Cohort, case: Case) -> CaseAnswer:
    """What the run says of the case, and what each input has to do with it."""
    if case.id == own_case.OWN:
        return own_case.worked_out(f"answer {run.key}", case, lambda: _work(run, cohort, case))
    return _answer(run.key, cohort.key, case.id, language(), run, cohort, case)


def who_had_seen(run: Run, cohort: Cohort, case: Case) -> str:
    """Whether the models that answer had seen the case; what an answer about one from outside the cohort is worth."""
    if case.id != own_case.OWN:
        return (
            _("These models may have learnt from this case: the answer looks better than one to a new case.")
            if learnt_from(run, cohort, case)
            else _("No model here had seen this case.")
        )
    made_up = _(" synthetic") if cohort.schema.synthetic else ""
    return _(
        "Your case comes from outside this cohort; the models learnt from its {n}{made_up} cases only. This is not a "
        "diagnosis."
    ).format(n=studies.cases_learnt_from(run), made_up=made_up)


def learnt_from(run: Run, cohort: Cohort, case: Case) -> bool:
    """Whether the models that answer may have learnt from this case of the cohort."""
    return case.id != own_case.OWN and _learnt_from(run.key, cohort.key, case.id, run, cohort)


@st.cache_data(max_entries=512, show_spinner=False)
def _learnt_from(run_key: str, cohort_key: str, case_id: str, _run: Run, _cohort: Cohort) -> bool:
    return bool(studies.learnt_from(_run, _cohort.select([case_id]))[0])


@st.cache_resource(max_entries=12, show_spinner=False)
def _session(
    run_key: str, cohort_key: str, case_id: str, language: str, _run: Run, _cohort: Cohort, _case: Case
) -> WhatIf:
    return studies.what_if(_run, _cohort, _case)


@st.cache_resource(max_entries=128, show_spinner=False)
def _answer(
    run_key: str, cohort_key: str, case_id: str, language: str, _run: Run, _cohort: Cohort, _case: Case
) -> CaseAnswer:
    return _work(_run, _cohort, _case)


def _work(run: Run, cohort: Cohort, case: Case) -> CaseAnswer:
    return case_answer(session_of(run, cohort, case), run.spec.classes, run.spec.target or "")
