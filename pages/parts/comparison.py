"""Runs side by side: forest plot, differences, and what they come to."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import streamlit as st

from mmcore import evaluation, report, studies
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.evaluation import metric_label
from mmcore.evaluation.by_group import scores_by_group
from mmcore.evaluation.scored_cases import ScoredCases
from mmcore.evaluation.verdicts import ComparedMethods, compare_methods
from mmcore.figures import group_scores, method_intervals, theme
from mmcore.figures.comparison import method_name
from mmcore.fusion import by_place, fusions
from mmcore.runs import Run
from mmcore.training.plain_models import about as baseline_about
from mmcore.training.tasks import task_of
from pages.frame.markdown import escape
from pages.parts import chart


def label(run: Run, runs: list[Run]) -> str:
    """The method, with the run's key where a method appears twice."""
    return run.method if sum(other.method == run.method for other in runs) == 1 else f"{run.method} {run.key[:4]}"


def is_single(run: Run) -> bool:
    return run.spec.single_input


def colours(runs: list[Run], cohort: Cohort) -> dict[str, str]:
    """A method keeps its colour whichever runs are shown."""
    usual = sorted(by_place(), key=lambda name: not fusions[name].standard)
    others = [run.method for run in runs if not is_single(run) and run.method not in usual]
    fixed = theme.method_colours([*usual, *others, *cohort.inputs], list(cohort.inputs))
    return {label(run, runs): fixed.get(run.method, theme.ACCENT) for run in runs}


def best(runs: list[Run], metric: str) -> Run:
    """The run that is best by the mean of a metric, of one or more; by their own where that one cannot be loaded."""
    metric = metric if metric in runs[0].metrics else runs[0].spec.metric
    return max(runs, key=lambda run: evaluation.better(metric)(run.metrics[metric].mean))


def intervals(runs: list[Run], cohort: Cohort, metric: str) -> None:
    """The answer in words, then every method with its interval, its difference to the best single input beside it."""
    tints = colours(runs, cohort)
    with st.spinner(_("Comparing the methods…")):
        verdicts = compared(runs, metric)
    reference = verdicts.reference
    rows = pd.DataFrame(
        [
            {
                "method": label(run, runs),
                "kind": "single" if is_single(run) else "fusion",
                **{name: getattr(run.metrics[metric], name) for name in ("mean", "low", "high", "seed_sd")},
                "seeds": _of_seeds(run.key, metric, run),
            }
            for run in runs
        ]
    )
    plain = plain_rows(runs, cohort, metric)
    gaps = {name: row.difference for name, row in verdicts.by_method.items() if row.difference is not None}
    for column, field in (("difference", "difference"), ("difference_low", "low"), ("difference_high", "high")):
        rows[column] = [getattr(gaps.get(name), field, math.nan) for name in rows["method"]]
    rows = pd.concat([rows, plain], ignore_index=True) if len(plain) else rows
    ceiling = (evaluation.ceiling(task_of(cohort), cohort.target, cohort.ceiling_probability) or {}).get(metric)
    with st.container(border=True):
        fusions_shown = [label(run, runs) for run in runs if not is_single(run)]
        if ahead := plain_ahead(runs, cohort, metric):
            st.markdown(f"**{escape(ahead)}**")
        if len(cohort.inputs) > 1:
            answer({name: gaps[name] for name in fusions_shown if name in gaps}, reference, verdicts)
        note = _how_to_read(bool(gaps), any(rows["seeds"].map(len)))
        if len(plain):
            note += _("; hollow: plain baselines (textbook methods) on the same data")
        if ceiling is not None:
            note += _("; best possible: no method can be expected to do better here")
        if runs[0].metrics[metric].note is evaluation.Caution.TRAINING_APART:
            note += _("; training on other cases would move the scores further than the intervals say")
        forest = method_intervals.forest(rows, metric, tints, ceiling=ceiling, reference=reference)
        if method_intervals.reaches_out(forest):
            note += _("; arrow at the edge: lies beyond the axis")
        chart.show(
            forest,
            key=f"forest-{metric}",
            title=metric_label(metric),
            note=note,
            data=rows,
            alt=_(
                "Forest plot of {metric} by method with 95% intervals, and differences from the best single input"
            ).format(metric=metric_label(metric)),
        )
    if verdicts.note is evaluation.Caution.FEW_GROUPS and runs[0].groups is not None:
        by_group(runs, metric, tints)


def by_group(runs: list[Run], metric: str, tints: dict[str, str]) -> None:
    """The score within each group, where groups are too few for an interval."""
    rows = pd.concat([_by_group(run.key, metric, run).assign(method=label(run, runs)) for run in runs])
    with st.container(border=True):
        chart.show(
            group_scores.group_scores(rows, metric, tints),
            key=f"groups-{metric}",
            title=_("{metric} in each group").format(metric=metric_label(metric)),
            note=_("with so few groups no interval would hold: what matters is whether all of them agree"),
            data=rows,
            alt=_("{metric} of each method within each group").format(metric=metric_label(metric)),
        )


@st.cache_data(max_entries=256, show_spinner=False)
def _by_group(key: str, metric: str, _run: Run) -> pd.DataFrame:
    cases, groups = _run.out_of_fold, np.asarray(_run.out_of_fold.groups)
    scores = scores_by_group(_run.spec.task, cases.target, cases.outputs, groups, metric=metric)
    return pd.DataFrame([vars(score) for score in scores])


@st.cache_data(max_entries=256, show_spinner=False)
def _of_seeds(key: str, metric: str, _run: Run) -> list[float]:
    """The score of each seed alone; none where there is one."""
    cases = _run.out_of_fold
    scored = ScoredCases.of(_run.spec.task, cases.target, cases.outputs)
    if len(scored.by_seed) < 2 or not len(scored.target):
        return []
    ones = np.ones((len(scored.target), 1))
    return [float(evaluation.measure(scored.task, scored.target, o, ones, [metric])[metric][0]) for o in scored.by_seed]


def plain_rows(runs: list[Run], cohort: Cohort, metric: str) -> pd.DataFrame:
    """Plain baselines of all inputs and the best of single ones, as rows of the chart; none that is not fitted yet."""
    try:
        results = _plain(" ".join(run.key for run in runs), cohort, runs)
    except LookupError:
        return pd.DataFrame()
    most = max((len(result.inputs) for result in results), default=0)
    shown = [result for result in results if len(result.inputs) == most]
    single = studies.best_plain([result for result in results if len(result.inputs) == 1], metric)
    if single is not None and most > 1:
        shown.append(single)
    rows = [
        {
            "method": baseline_name(result, most),
            "kind": "plain",
            **{name: getattr(result.metrics[metric], name) for name in ("mean", "low", "high", "seed_sd")},
            "seeds": [],
        }
        for result in shown
        if metric in result.metrics
    ]
    return pd.DataFrame(sorted(rows, key=lambda row: -evaluation.better(metric)(row["mean"])))


def baseline_name(result: studies.PlainResult, most: int) -> str:
    """A baseline beside the chart; one that reads a part of the inputs says which."""
    title, _about = baseline_about(result.method, result.task)
    return title if len(result.inputs) == most else f"{title}: {' + '.join(result.inputs)}"


@st.cache_data(max_entries=64, show_spinner=False)
def _plain(keys: str, _cohort: Cohort, _runs: list[Run]) -> list[studies.PlainResult]:
    """Raises LookupError where not all are fitted: that must not be cached, since they may be any moment."""
    results = studies.plain_on_disk(_cohort, [run.spec for run in _runs])
    if results is None:
        raise LookupError
    return results


def plain_ahead(runs: list[Run], cohort: Cohort, metric: str) -> str:
    """That a plain baseline does better than every method shown, in a sentence; "" where none does."""
    try:
        results = _plain(" ".join(run.key for run in runs), cohort, runs)
    except LookupError:
        return ""
    top = studies.best_plain([result for result in results if metric in result.metrics], metric)
    goodness = evaluation.better(metric)
    method = best(runs, metric)
    if top is None or not goodness(top.metrics[metric].mean) > goodness(method.metrics[metric].mean):
        return ""
    by_label = {label(run, runs): run for run in runs}
    standing = _plain_standing(" ".join(run.key for run in runs), metric, by_label, results)[top.label]
    name = method_name(label(method, runs))
    return report.plain_ahead({**studies.standing_document(standing), "label": top.label, "over": name})


@st.cache_data(max_entries=64, show_spinner=False)
def _plain_standing(
    keys: str, metric: str, _runs: dict[str, Run], _results: list[studies.PlainResult]
) -> dict[str, evaluation.MethodVerdict]:
    return studies.plain_against_methods(_runs, _results, metric).by_method


def open_comparisons(differences_of: dict[str, evaluation.Difference], verdicts: ComparedMethods | None) -> str:
    """How many more cases would settle each method that is not; "" where all are, or no number would do."""
    rows = {} if verdicts is None else {name: verdicts.by_method[name] for name in differences_of}
    needed = {name: row.more_cases for name, row in rows.items() if row.more_cases}
    if not needed:
        return ""
    parts = [
        _("{method} {count:,}").format(method=method_name(name), count=count)
        for name, count in sorted(needed.items(), key=lambda pair: pair[1] or 0)
    ]
    return _("To settle what is still open, about this many more cases are needed: {methods}.").format(
        methods=list_of(parts)
    )


def compared(runs: list[Run], metric: str) -> ComparedMethods:
    """All runs, by their labels, against the best single input, with intervals that hold for all of them together."""
    return _compared("".join(run.key for run in runs), metric, runs)


@st.cache_data(max_entries=64, show_spinner=False)
def _compared(keys: str, metric: str, _runs: list[Run]) -> ComparedMethods:
    cases = {label(run, _runs): run.out_of_fold for run in _runs}
    first, spec = next(iter(cases.values())), _runs[0].spec
    outputs = {name: out_of_fold.outputs for name, out_of_fold in cases.items()}
    singles = [label(run, _runs) for run in _runs if is_single(run)]
    return compare_methods(
        spec.task, first.target, outputs, first.groups, single_inputs=singles, metric=metric, folds=spec.folds
    )


def _how_to_read(differences: bool, seeds: bool) -> str:
    """What the marks of the forest plot are.

    differences: whether those to the best single input stand beside it. seeds: whether single ones are drawn.
    """
    note = _("mark: score; line: 95% interval")
    if seeds:
        note += _("; thin ticks: repeats from other random starts (seeds)")
    if differences:
        note += _(
            ". On the right: the difference from the best single input; ✓ better, ✗ worse: the interval of the "
            "difference, widened because several methods are compared, leaves out 0"
        )
    return note.replace("✓ ", "✓\u00a0").replace("✗ ", "✗\u00a0")  # a mark and its word stay on one line


def answer(
    differences_of: dict[str, evaluation.Difference], reference: str | None, verdicts: ComparedMethods | None = None
) -> None:
    """Whether fusion is worth it: how many methods are better, then the one in front and what choosing it hides, and
    how many more cases would settle what is not."""
    if reference is None:
        st.info(
            _("No single input is among the runs shown, so there is nothing to compare with."),
            icon=":material/info:",
        )
    elif not differences_of:
        st.info(_("No fusion method is among the runs shown."), icon=":material/info:")
    else:
        named = {method_name(name): gap for name, gap in differences_of.items()}
        first, second = report.standing(named, method_name(reference)), report.leading(named)
        st.markdown(f"**{escape(first)}**  \n{escape(second)}")
        if needed := open_comparisons(differences_of, verdicts):
            st.caption(escape(needed))
