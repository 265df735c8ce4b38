"""The pipeline with its answer for the present case: the sentence, the picture, the run that speaks."""

from __future__ import annotations

import math

import streamlit as st

from mmcore.base.number_text import cell_text
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.figures.pipeline import pipeline
from mmcore.runs import Run
from mmcore.studies.case_answer import CaseAnswer
from pages.frame import cohort_picker, own_case, page
from pages.frame.markdown import escape
from pages.parts import chart, finding, read_case, ready_to_run, run_picker, terms
from pages.start.overview import pipeline_lanes


def show(cohort: Cohort, case: Case) -> None:
    """The answer first; where nothing is trained yet, the button that does it under the picture."""
    summaries = run_picker.summaries(cohort) if cohort.schema.task else []
    waits = bool(cohort.schema.task) and ready_to_run.waits_for_first(cohort, summaries)
    with st.container(border=True):
        picture, foot, run = st.container(), st.container(), None
        if summaries and not waits:
            with foot:
                run = run_picker.chosen(summaries, _("Answered by"), "overview-run")
        answer = None if run is None else _answer(run, cohort, case)
        with picture:
            if answer is not None and run is not None:
                say(answer, case)
                if read_case.learnt_from(run, cohort, case):
                    st.caption(read_case.who_had_seen(run, cohort, case))
            draw(cohort, case, run, answer)
        if answer is not None:
            with st.container(horizontal=True, gap="medium"):
                page.link("attention", _("See why"))
                page.link("what_if", _("Change the case and watch the answer"))
                page.link("compare", _("See which method is best, and how sure that is"))
    if waits:
        ready_to_run.first_comparison(
            cohort, _("With a trained model this picture shows what it says of the case, and what each input adds.")
        )
    elif not cohort.schema.task:
        st.info(
            _(
                "This cohort has no target: you can look at its cases and apply finished models to them, "
                "but not train on them."
            ),
            icon=":material/info:",
        )
        cohort_picker.offer_roles(cohort)


def say(answer: CaseAnswer, case: Case) -> None:
    """The finding in plain words, and whether it is right."""
    finding.say(answer.sentence())
    one_class = bool(answer.classes) and not answer.over_time and answer.called is None
    if case.target is not None and one_class:  # an answer over time, or of several labels, is right to some degree
        right = str(case.target) == answer.decided
        st.markdown(
            _(":material/check: That is right: the true class is {truth}.").format(truth=_plain(case.target))
            if right
            else _(":material/close: That is wrong: the true class is {truth}.").format(truth=_plain(case.target))
        )
    elif case.target is not None:
        st.markdown(_("In truth: {truth}.").format(truth=_plain(cell_text(case.target))))


def _explained(answer: CaseAnswer) -> str:
    """What the numbers under the inputs are of."""
    if answer.over_time:
        return _("event by {horizon}").format(horizon=answer.label)
    return answer.label.replace("_", " ")


def _plain(label: object) -> str:
    return escape(str(label).replace("_", " "))


def draw(cohort: Cohort, case: Case, run: Run | None, answer: CaseAnswer | None) -> None:
    """The picture, with how to read it."""
    truth = cell_text(case.target) if case.target is not None else None
    named = own_case.title() if case.id == own_case.OWN else _("Case {id}").format(id=case.id)
    note = _("{case}. Each input keeps its colour on every page.").format(case=named)
    if answer is not None:
        note = _how_to_read(answer).format(case=named, label=_explained(answer), target=answer.target)
    chart.show(
        pipeline(
            pipeline_lanes.lanes(cohort, case, run, answer),
            **pipeline_lanes.fusion_and_output(
                cohort,
                run,
                answer,
                truth,
                ready_to_run.coming(cohort),
                run is not None and read_case.learnt_from(run, cohort, case),
            ),
        ),
        key="pipeline",
        title=_("From the inputs to the answer"),
        note=note,
        alt=_("The inputs of the case, their encoders, the fusion method and its answer"),
    )
    terms.explain("encoder", "token", "fusion", "trunk")


def _how_to_read(answer: CaseAnswer) -> str:
    """The words under the picture's title."""
    alone = all(math.isnan(effect.adds) for effect in answer.effects)  # nothing was shared out
    if alone and not answer.classes:
        return _("{case}. Under each input: the prediction without it.")
    if not answer.classes:
        return _(
            "{case}. Under each input: what it adds to {target} (its fair share, or Shapley value), "
            "and the prediction without it. The two need not match, as another input may tell the "
            "same."
        )
    words = (
        _("{case}. Under each input: the probability of “{label}” without it.")
        if alone
        else _(
            "{case}. Under each input: what it adds to “{label}” in percentage points (its fair share, "
            "or Shapley value), and the probability without it. The two need not match, as another input "
            "may tell the same."
        )
    )
    return words if answer.models == 1 else f"{words} {_('The thin line under a bar is the range of single models.')}"


def _answer(run: Run, cohort: Cohort, case: Case) -> CaseAnswer | None:
    """What the run says; a message, and None, where the case cannot be read."""
    with page.guard(), st.spinner(_("Running the model on this case…")):
        return read_case.answer_of(run, cohort, case)
    return None
