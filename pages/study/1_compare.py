"""Fusion methods side by side: metrics with intervals, differences to the best single input, curves, confusion,
cost."""

from __future__ import annotations

import streamlit as st

from mmcore import evaluation
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.cohorts import keeps_groups
from mmcore.runs import Run
from pages.frame import linked, url_state
from pages.frame.markdown import escape
from pages.frame.page import Page
from pages.parts import comparison, run_picker, terms
from pages.parts.run_result import seeds_of, split_name
from pages.study.compare import (
    all_metrics,
    detail_views,
    explanations,
    fusion_need,
    missing_methods,
    run_choice,
    same_settings,
    take_home,
)

PAGE = Page(
    _("Compare"),
    ":material/leaderboard:",
    _("Does fusion beat the best single input, by how much, and how sure is that?"),
)


def main() -> None:
    cohort = url_state.cohort()
    cohort.require_target()
    summaries = run_picker.summaries(cohort)
    with st.spinner(_("Reading the results…")):
        encoded_as_chosen = same_settings.as_chosen(summaries, cohort)
    setup = run_choice.setup(summaries, encoded_as_chosen)
    summaries = [summary for summary in summaries if run_choice.setup_of(summary) == setup]
    offered = missing_methods.offer(cohort, summaries, encoded_as_chosen, setup)
    if not summaries:
        return
    answer = st.container()  # first on the page, although what it shows is chosen below it
    st.header(_("Runs and methods"), anchor=False)
    runs = run_choice.runs(summaries, encoded_as_chosen)
    if not offered:
        missing_methods.offer_more(cohort, summaries, encoded_as_chosen, setup)
    with answer:
        fusion_need.show(runs, cohort)
        metric = choose_metric(runs)
        comparison.intervals(runs, cohort, metric)
        st.caption(escape(how_checked(runs)))
        terms.explain("fusion", "fold", "seed")
        all_metrics.table(runs)
        explanations.show(runs, cohort)
        detail_views.show(runs, cohort)
        take_home.show(runs, cohort)


def choose_metric(runs: list[Run]) -> str:
    """What the methods are compared by; at first what they are judged by."""
    return linked.choice(
        st.segmented_control,
        _("Metric"),
        runs[0].metrics,
        "metric",
        first=runs[0].spec.metric,
        format_func=evaluation.metric_label,
        key="compare-metric",
    )


def how_checked(runs: list[Run]) -> str:
    """What these numbers are, and what they are not."""
    spec = runs[0].spec
    grouped = _(" (column '{group}')").format(group=spec.group) if spec.group and keeps_groups(spec.split) else ""
    sentence = _(
        "{cases} cases in {folds} {split}{grouped}, {seeds}. {judged} Lines: 95% intervals over {unit}."
    ).format(
        judged=_("Each case is judged by a model that never saw it.")
        if spec.seeds == 1
        else _("Each case is judged by models that never saw it, and their answers are averaged."),
        folds=spec.folds,
        split=split_name(spec.split, spec.folds),
        grouped=grouped,
        seeds=seeds_of(spec.seeds),
        cases=runs[0].cases,
        unit=_("groups") if runs[0].groups is not None else _("cases"),
    )
    if mixed := same_settings.differences(runs):
        sentence += " " + _(
            "The runs shown differ in {what}, so their differences are not due to the method alone."
        ).format(what=list_of(mixed))
    return sentence


PAGE.show(main)
