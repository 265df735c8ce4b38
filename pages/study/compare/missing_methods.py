"""Methods that have no run yet in the setting compared: the button that runs them, and how far that is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import streamlit as st

from mmcore import studies
from mmcore.base.errors import MMError
from mmcore.base.name_lists import list_of
from mmcore.base.progress import Progress
from mmcore.base.settings import _, counted
from mmcore.cohorts import Cohort
from mmcore.figures.comparison import method_name
from mmcore.runs import EncoderChoice, RunSummary
from pages.frame import jobs, standard_comparison, url_state
from pages.frame.markdown import escape
from pages.parts import ready_to_run, run_picker
from pages.parts.run_result import seeds_of
from pages.study.compare.run_choice import Setup, over_most_inputs

_USUAL = Setup(5, 5, "auto")


def offer(
    cohort: Cohort, summaries: Sequence[RunSummary], encoded_as_chosen: Collection[str], setup: Setup | None
) -> bool:
    """Where usual methods are not there yet with the encoders chosen now, offer to run them, or show how far that is.

    encoded_as_chosen: keys of the runs that have these encoders. Returns whether anything was shown.
    """
    job = jobs.latest(standard_comparison.purpose(cohort))
    if job is not None and job.active:
        with st.container(border=True):
            st.markdown(_("**Comparing now.** Results appear below as methods finish; you may leave this page."))
            if setup is not None and setup.seeds == 1 and job.label == standard_comparison.label():
                st.caption(
                    _(
                        "The results shown for now rest on one training of each method. Training is being "
                        "repeated from {seeds} random starts (seeds), whose results then take their place."
                    ).format(seeds=_USUAL.seeds)
                )
            jobs.watch(job, stamp=lambda: len(run_picker.summaries(cohort)))
        return True
    if job is not None and not jobs.outcome(job):
        jobs.forget(standard_comparison.purpose(cohort))
    missing, usual = _missing(cohort, summaries, encoded_as_chosen)
    if not usual:
        return False
    trained = {summary.method for summary in over_most_inputs(summaries)}
    with st.container(border=True):
        _say_why(summaries, sorted(trained & {*usual}))
        _choose_and_run(cohort, missing, usual, setup or _USUAL)
    return True


def offer_more(
    cohort: Cohort, summaries: Sequence[RunSummary], encoded_as_chosen: Collection[str], setup: Setup | None
) -> None:
    """Offer the methods beyond the usual ones."""
    missing, usual = _missing(cohort, summaries, encoded_as_chosen)
    if missing:
        title = counted(len(missing), "{count} more method can be run", "{count} more methods can be run")
        with st.expander(title, icon=":material/add:"):
            _choose_and_run(cohort, missing, usual, setup or _USUAL)


def _missing(
    cohort: Cohort, summaries: Sequence[RunSummary], encoded_as_chosen: Collection[str]
) -> tuple[list[str], list[str]]:
    """Methods without a run by the encoders chosen now, and the usual ones among them."""
    fitting = {summary.method for summary in over_most_inputs(summaries) if summary.key in encoded_as_chosen}
    missing = [method for method in studies.all_methods(cohort) if method not in fitting]
    return missing, [method for method in studies.default_methods(cohort) if method in missing]


def _say_why(summaries: Sequence[RunSummary], trained_otherwise: Sequence[str]) -> None:
    if not summaries:
        st.header(_("Nothing to compare yet"), anchor=False)
        st.markdown(
            _("One press trains every input alone and the usual ways to fuse them, all tested on the same cases.")
        )
    elif trained_otherwise:
        st.markdown(
            _(
                "**Trained with other encoders than those chosen now:** {methods}. Run them again to compare like with "
                "like."
            ).format(methods=escape(list_of(map(method_name, trained_otherwise))))
        )


def _choose_and_run(cohort: Cohort, missing: Sequence[str], usual: Sequence[str], setup: Setup) -> None:
    """A choice of methods, the usual ones chosen, and the button that runs them."""
    chosen = st.multiselect(
        _("Methods to run"),
        missing,
        default=usual,
        format_func=method_name,
        key=f"compare-missing-{len(missing)}-{len(usual)}",
        placeholder=_("Choose methods"),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        labels = (_("Run methods"), _("Run this method"), _("Run {count} methods"))
        label = labels[min(len(chosen), 2)].format(count=len(chosen))
        if st.button(label, type="primary", icon=":material/playlist_play:", disabled=not chosen):
            jobs.start(
                standard_comparison.purpose(cohort),
                _compare,
                cohort,
                chosen,
                url_state.encoders(cohort),
                setup,
                label=_("Comparing methods"),
            )
            st.rerun()
        st.caption(_plan_in_words(cohort, chosen, setup), width="stretch")


def _plan_in_words(cohort: Cohort, methods: Sequence[str], setup: Setup) -> str:
    """How long these will take and how they are tested; "" for none, and where one of them cannot be run."""
    if not methods:
        return ""
    settings = studies.StudySettings(**setup._asdict())
    try:
        specs = list(studies.planned(cohort, methods, url_state.encoders(cohort), settings).values())
    except MMError:
        return ""
    tested = counted(
        specs[0].folds,
        "tested in {count} part (fold), {seeds}",
        "tested in {count} parts (folds), {seeds}",
        seeds=seeds_of(setup.seeds),
    )
    return " · ".join(part for part in (ready_to_run.takes(cohort, specs), tested) if part)


def _compare(
    cohort: Cohort, methods: Sequence[str], encoders: Mapping[str, EncoderChoice], setup: Setup, *, progress: Progress
) -> int:
    """Work of the job. Returns the number of runs."""
    settings = studies.StudySettings(**setup._asdict())
    return len(studies.compare(cohort, methods, encoders, settings, progress=progress).runs)
