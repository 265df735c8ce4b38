"""Fusion methods side by side: metrics with intervals, differences to the best single input, curves, confusion,
cost."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from mmcore import studies
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.evaluation import better, metric_label
from mmcore.figures.comparison import method_name
from mmcore.runs import Run, RunSummary
from pages.frame import caches, jobs, page, url_state
from pages.frame.markdown import escape
from pages.parts import comparison, run_picker
from pages.parts.run_result import SPLITS, seeds_of
from pages.study.compare import detail_views, explanations, same_settings


def main() -> None:
    cohort = url_state.cohort()
    cohort.require_target()
    found = run_picker.summaries(cohort)
    chosen = same_settings.as_chosen(found, cohort)
    setup = pick_setup(found, chosen)
    found = [summary for summary in found if setup_of(summary) == setup]
    missing_methods(cohort, found, chosen, setup)
    if not found:
        return
    runs = pick_runs(found, chosen)
    if not runs:
        st.info(_("Choose at least one run above."), icon=":material/info:")
        return
    st.caption(escape(honest(runs, cohort)))
    metrics = list(runs[0].metrics)
    bound = url_state.bind("metric", runs[0].spec.metric)
    metric = (
        st.segmented_control(
            _("Metric"),
            metrics,
            default=bound if bound in metrics else metrics[0],
            format_func=metric_label,
            key="compare-metric",
        )
        or metrics[0]
    )
    url_state.set("metric", metric if metric != runs[0].spec.metric else None)
    comparison.intervals(runs, cohort, metric)
    comparison.table(runs)
    explanations.show(runs, cohort)
    detail_views.show(runs, cohort)


def setup_of(summary: RunSummary) -> tuple[int, int, str]:
    """What runs must share to stand side by side."""
    return summary.folds, summary.seeds, summary.split


def pick_setup(found: list[RunSummary], chosen: set[str]) -> tuple[int, int, str] | None:
    """Folds, seeds and split of the runs compared: what was picked, else where most methods were run.

    chosen: keys of the runs that have the encoders chosen now; these count first.
    """
    counts = Counter(setup for setup, _method in {(setup_of(s), s.method) for s in found})
    if len(counts) < 2:
        return next(iter(counts), None)
    fitting = Counter(setup for setup, _method in {(setup_of(s), s.method) for s in found if s.key in chosen})
    setups = sorted(counts, key=lambda setup: (-fitting[setup], -counts[setup]))
    names = [
        _("{folds} {split}, {seeds} ({count} methods)").format(
            folds=f, split=SPLITS.get(p, p), seeds=seeds_of(s), count=counts[f, s, p]
        )
        for f, s, p in setups
    ]
    bound = url_state.bind("setup", "")
    codes = ["-".join(map(str, setup)) for setup in setups]
    chosen = st.selectbox(
        _("Setting"),
        range(len(setups)),
        index=codes.index(bound) if bound in codes else 0,
        format_func=names.__getitem__,
        key="compare-setup",
        width=460,
    )
    url_state.set("setup", codes[chosen] if chosen else None)
    return setups[chosen]


def missing_methods(
    cohort: Cohort, found: list[RunSummary], chosen: set[str], setup: tuple[int, int, str] | None
) -> None:
    """Offer to run what is not there yet with the encoders chosen now, or show how far that is.

    chosen: keys of the runs that have these encoders.
    """
    purpose = f"compare {cohort.key}"
    job = jobs.latest(purpose)
    if job is not None and job.active:
        with st.container(border=True):
            st.markdown(_("**Comparing now.** Results appear below as methods finish; you may leave this page."))
            jobs.watch(job, stamp=lambda: len(run_picker.summaries(cohort)))
        return
    if job is not None and not jobs.outcome(job):
        jobs.forget(purpose)
    have = {summary.method for summary in widest(found) if summary.key in chosen}
    offered = [method for method in studies.all_methods(cohort) if method not in have]
    if not offered:
        return
    usual = [method for method in studies.default_methods(cohort) if method in offered]
    folds, seeds, split = setup or (5, 5, "auto")
    if found and not usual:
        with st.expander(_("{count} more methods can be run").format(count=len(offered)), icon=":material/add:"):
            choose_and_run(purpose, cohort, offered, [], folds, seeds, split)
        return
    with st.container(border=True):
        if not found:
            st.subheader(_("Nothing to compare yet"), anchor=False)
            st.markdown(
                _("One press trains every input alone and the usual fusion methods on the same folds and seeds.")
            )
        elif others := sorted({summary.method for summary in widest(found)} & {*usual}):
            st.markdown(
                _(
                    "**Not trained with the encoders that are chosen now**, as these are now: {methods}. Run them to "
                    "compare on the same ground."
                ).format(methods=escape(", ".join(map(method_name, others))))
            )
        choose_and_run(purpose, cohort, offered, usual, folds, seeds, split)


def choose_and_run(
    purpose: str, cohort: Cohort, offered: list[str], usual: list[str], folds: int, seeds: int, split: str
) -> None:
    """Methods that have no run in this setting, the usual ones chosen, and the button that runs them."""
    chosen = st.multiselect(
        _("Methods to run"),
        offered,
        default=usual,
        format_func=method_name,
        key=f"compare-missing-{len(offered)}-{len(usual)}",
        placeholder=_("Choose methods"),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        label = _("Run {count} methods").format(count=len(chosen)) if len(chosen) != 1 else _("Run this method")
        if st.button(label, type="primary", icon=":material/playlist_play:", disabled=not chosen):
            start(purpose, cohort, chosen, folds, seeds, split)
        st.caption(_("{folds} folds × {seeds}").format(folds=folds, seeds=seeds_of(seeds)), width="stretch")


def start(purpose: str, cohort: Cohort, methods: list[str], folds: int, seeds: int, split: str) -> None:
    jobs.start(
        purpose,
        carry_out,
        cohort,
        methods,
        url_state.encoders(cohort),
        folds,
        seeds,
        split,
        label=_("Methods to run: {count}").format(count=len(methods)),
    )
    st.rerun()


def carry_out(cohort: Cohort, methods: list[str], encoders, folds: int, seeds: int, split: str, *, progress) -> int:
    """Work of the job. Returns the number of runs."""
    settings = studies.StudySettings(folds=folds, seeds=seeds, split=split)
    compared = studies.compare(cohort, methods, encoders, settings, progress=progress)
    return len(compared.runs)


def pick_runs(found: list[RunSummary], as_now: set[str]) -> list[Run]:
    """The runs to show: the newest of each method over all inputs, unless the reader chooses others."""
    default = newest(found, as_now)
    by_key = {summary.key: summary for summary in found}
    bound = [next((key for key in by_key if key.startswith(name)), "") for name in url_state.bind("shown", [])]
    with st.expander(
        _("{count} of {total} runs shown").format(count=len([b for b in bound if b] or default), total=len(found)),
        icon=":material/checklist:",
    ):
        chosen = st.multiselect(
            _("Runs"),
            list(by_key),
            default=[key for key in bound if key] or default,
            format_func=lambda key: run_picker.named(by_key[key]),
            key=f"compare-runs-{len(found)}",
            label_visibility="collapsed",
        )
    url_state.set("shown", [key[:8] for key in chosen] if set(chosen) != set(default) else None)
    order = {
        key: i
        for i, key in enumerate(
            sorted(chosen, key=lambda key: (by_key[key].method in by_key[key].inputs, -score(by_key[key])))
        )
    }
    return [caches.run(key) for key in order]


def newest(found: list[RunSummary], as_now: set[str]) -> list[str]:
    """Keys of the newest run of each method, with the encoders chosen now (`as_now`) where any fusion has them; one
    trained without modality dropout only where there is no other."""
    offered = widest(found)
    now = [summary for summary in offered if summary.key in as_now]
    if any(summary.method not in summary.inputs for summary in now):
        offered = now
    elif len(now) < len(offered):
        st.info(
            _("No fusion was trained with the encoders chosen now, as these are now: the runs below used others."),
            icon=":material/info:",
        )
    usual = sorted(offered, key=lambda s: (caches.run(s.key).spec.training.modality_dropout > 0, s.created))
    return list({summary.method: summary.key for summary in usual}.values())


def widest(found: list[RunSummary]) -> list[RunSummary]:
    """Single inputs, and fusions of the most inputs that any run fuses: one of a pair is another question."""
    most = max((len(summary.inputs) for summary in found), default=0)
    return [summary for summary in found if summary.method in summary.inputs or len(summary.inputs) == most]


def score(summary: RunSummary) -> float:
    """Mean of the metric the run is judged by, so that more is better."""
    return better(summary.metric)(summary.mean)


def honest(runs: list[Run], cohort: Cohort) -> str:
    """What these numbers are, and what they are not."""
    spec = runs[0].spec
    grouped = _(" (column '{group}')").format(group=spec.group) if spec.group and spec.split != "random" else ""
    told = _(
        "{folds} {split}{grouped}, {seeds}, {cases} cases; every prediction is out of fold. Bars: 95% interval "
        "over {unit} (bootstrap), mean over seeds."
    ).format(
        folds=spec.folds,
        split=SPLITS.get(spec.split, spec.split),
        grouped=grouped,
        seeds=seeds_of(spec.seeds),
        cases=runs[0].cases,
        unit=_("groups") if runs[0].groups is not None else _("cases"),
    )
    if mixed := same_settings.differences(runs):
        told += " " + _(
            "The runs shown differ in {what}, so their differences are not due to the method alone."
        ).format(what=", ".join(mixed))
    return told


page.page(
    _("Compare"),
    _("Does fusion beat the best single input, by how much, and how sure is that?"),
    ":material/leaderboard:",
)
with page.guard():
    main()
