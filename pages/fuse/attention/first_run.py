"""A cohort without a trained model: train a first one here, or go and choose how."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mmcore import studies
from mmcore.base.progress import Progress
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.runs import EncoderChoice
from pages.frame import jobs, page, url_state

QUICK = "cross_attention"  # shows the most: inputs, tokens, and what looks at what


def offer(cohort: Cohort) -> None:
    """A button that trains a first model, its progress, and the way to the page with all settings."""
    purpose = f"quick {cohort.key}"
    job = jobs.latest(purpose)
    with st.container(border=True):
        st.subheader(_("No model is trained on this cohort yet"), anchor=False)
        st.markdown(
            _(
                "Attention belongs to a trained fusion model. A first one takes about a minute on a small "
                "machine, most of it to encode the cohort once."
            )
        )
        if job is not None and job.active:
            jobs.watch(job)
            return
        if job is not None:
            jobs.outcome(job)
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(
                _("Train a first model here"),
                type="primary",
                icon=":material/bolt:",
                help=_("Cross-attention over all inputs, 5 folds, 3 seeds."),
            ):
                jobs.start(
                    purpose,
                    quick,
                    cohort,
                    url_state.encoders(cohort),
                    label=_("First model of {cohort}").format(cohort=cohort.name),
                )
                st.rerun()
            page.link("train", _("Choose method and settings"))


def quick(cohort: Cohort, encoders: Mapping[str, EncoderChoice], *, progress: Progress) -> str:
    """Work of the first job. Returns the key of the run."""
    return studies.train(
        cohort, studies.plan(cohort, QUICK, encoders, studies.StudySettings(seeds=3)), progress=progress
    ).key
