"""Train a fusion method on the open cohort: a form made from signatures, live curves, a way to stop, the result."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from pages.frame import page, url_state
from pages.frame.page import Page
from pages.fuse.train import cost_dialog, settings_form, training_job
from pages.parts import method_picker, run_picker, run_result

PAGE = Page(
    _("Train"),
    ":material/model_training:",
    _("Pick a method, train it on all folds and seeds at once, and see how sure the result is."),
)


def main() -> None:
    cohort = url_state.cohort()
    cohort.require_target()
    left, right = st.columns([5, 7], gap="medium")
    with left, page.guard():
        method = method_picker.pick(cohort)
        inputs = settings_form.choose_inputs(cohort, method)
        settings_form.say_encoders(cohort, inputs)
        spec = settings_form.show(cohort, method, inputs)
        if spec is not None:
            cost_dialog.ask_if_dear(cohort, spec, lambda: training_job.begin(cohort, spec))
    with right, page.guard():
        job = training_job.asked_for()
        training_job.other_jobs(job)
        if job is not None and not training_job.ended_well(job, cohort):
            return
        runs = run_picker.summaries(cohort)
        if not runs:
            nothing_yet()
            return
        run = run_picker.chosen(runs, _("Finished run"), "train-run")
        if run is not None:
            training_job.say_how_it_came(run)
            run_result.show(run)


def nothing_yet() -> None:
    """What stands where results will be."""
    with st.container(border=True):
        st.subheader(_("Nothing is trained on this cohort yet"), anchor=False)
        st.markdown(
            _(
                "Choose a method on the left and press **Train**. Encoding happens once; after that a run "
                "takes seconds, with an honest interval over folds and seeds."
            )
        )


PAGE.show(main)
