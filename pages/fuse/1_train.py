"""Train a fusion method on the open cohort: a form made from signatures, live curves, a way to stop, the result."""

from __future__ import annotations

import streamlit as st

from mmcore.base.capitals import capitalised
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures.comparison import method_name
from pages.frame import page, url_state
from pages.frame.markdown import escape
from pages.frame.page import Page
from pages.fuse.train import cost_dialog, settings_form, training_job
from pages.parts import method_picker, ready_to_run, run_picker, run_result

PAGE = Page(
    _("Train"),
    ":material/model_training:",
    _("Pick a method, train it, and see how good it is on cases it never saw, and how sure that is."),
)


def main() -> None:
    cohort = url_state.cohort()
    cohort.require_target()
    left, right = st.columns([5, 7], gap="medium")
    with left, page.guard():
        method = method_picker.pick(cohort, run_picker.linked_method(cohort))
        inputs = settings_form.choose_inputs(cohort, method)
        settings_form.say_encoders(cohort, inputs)
        wanted = settings_form.show(cohort, method, inputs)
        if wanted is not None:
            cost_dialog.ask_if_dear(cohort, wanted.spec, lambda: training_job.begin(cohort, *wanted))
    with right, page.guard():
        job = training_job.requested()
        if job is not None and not training_job.ended_well(job, cohort):
            return
        run = run_picker.of_method(run_picker.summaries(cohort), method, _("Finished run"), "train-run")
        if run is None:
            nothing_yet(cohort, method)
            return
        training_job.say_how_it_came(run)
        run_result.show(run)


def nothing_yet(cohort: Cohort, method: str) -> None:
    """What stands where the result of this method will be."""
    with st.container(border=True):
        st.header(
            _("{method} is not trained on this cohort yet").format(method=capitalised(name_of(method))), anchor=False
        )
        st.markdown(
            _(
                "Press **Train** on the left. You see the method learn, and then how good it is on cases it "
                "never saw, with the margin of error."
            )
        )
    if not run_picker.summaries(cohort):
        lead = _("Or train the usual methods together, to see which is best here.")
        ready_to_run.first_comparison(cohort, lead, or_one=False)


def name_of(method: str) -> str:
    """The method as a title begins."""
    name = escape(method_name(method))
    return name[:1].upper() + name[1:]


PAGE.show(main)
