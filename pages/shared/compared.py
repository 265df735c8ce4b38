"""Runs side by side: forest plot, differences, table of all metrics."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mmcore import evaluation
from mmcore.cohorts import Cohort
from mmcore.figures import comparison as drawn
from mmcore.figures import theme
from mmcore.figures.comparison import METRIC_NAMES, method_name
from mmcore.fusion import fusions
from mmcore.runs import Run
from mmcore.settings import _
from pages.shared import charts


def label(run: Run, runs: list[Run]) -> str:
    """The method, with the run's key where a method appears twice."""
    return run.method if sum(other.method == run.method for other in runs) == 1 else f"{run.method} {run.key[:4]}"


def is_single(run: Run) -> bool:
    return run.method in run.spec.inputs and run.spec.fusion == "concat" and len(run.spec.inputs) == 1


def colours(runs: list[Run], known: Cohort) -> dict[str, str]:
    """A method keeps its colour whichever runs are shown."""
    usual = sorted(fusions, key=lambda name: (not fusions[name].standard, name))
    others = [run.method for run in runs if not is_single(run) and run.method not in usual]
    fixed = theme.method_colours([*usual, *others, *known.inputs], list(known.inputs))
    return {label(run, runs): fixed.get(run.method, theme.ACCENT) for run in runs}


def best(runs: list[Run], metric: str) -> Run | None:
    return max(runs, key=lambda run: evaluation.better(metric)(run.metrics[metric].mean), default=None)


def intervals(runs: list[Run], known: Cohort, metric: str) -> None:
    tints, reference = colours(runs, known), best([run for run in runs if is_single(run)], metric)
    rows = pd.DataFrame(
        [
            (
                label(run, runs),
                run.metrics[metric].mean,
                run.metrics[metric].low,
                run.metrics[metric].high,
                run.metrics[metric].seed_sd,
            )
            for run in runs
        ],
        columns=["method", "mean", "low", "high", "seed_sd"],
    )
    ceiling = (evaluation.ceiling(runs[0].spec.task, known.target, known.ceiling_probability) or {}).get(metric)
    left, right = st.columns([3, 2], gap="medium")
    with left.container(border=True, height="stretch"):
        note = _("mean and 95% interval")
        if ceiling is not None:
            note += _("; ceiling: the true probabilities")
        charts.show(
            drawn.forest(rows, metric, tints, ceiling=ceiling, reference=label(reference, runs) if reference else None),
            key=f"forest-{metric}",
            title=METRIC_NAMES.get(metric, metric),
            note=note,
            data=rows,
            alt=_("Forest plot of {metric} by method with 95% intervals").format(metric=metric),
        )
    with right.container(border=True, height="stretch"):
        if reference is None:
            st.markdown(_("**Against the best single input**"))
            st.info(
                _("No single input is among the runs shown, so there is nothing to compare with."),
                icon=":material/info:",
            )
            return
        against(runs, reference, metric, tints)


@st.cache_data(max_entries=256, show_spinner=False)
def _difference(key: str, reference: str, metric: str, _run: Run, _reference: Run) -> tuple[float, float, float]:
    found = evaluation.difference(
        _run.spec.task, _run.target, _run.outputs, _reference.outputs, _run.groups, metric=metric
    )
    return found.difference, found.low, found.high


def against(runs: list[Run], reference: Run, metric: str, tints: dict[str, str]) -> None:
    fusing = [run for run in runs if not is_single(run)]
    if not fusing:
        st.info(_("No fusion method is among the runs shown."), icon=":material/info:")
        return
    name = method_name(label(reference, runs))
    rows = pd.DataFrame(
        [(label(run, runs), *_difference(run.key, reference.key, metric, run, reference)) for run in fusing],
        columns=["method", "mean", "low", "high"],
    )
    top = best(fusing, metric)
    st.markdown(verdict(top, *rows.set_index("method").loc[label(top, runs)], metric))
    charts.show(
        drawn.differences(rows, metric, tints, reference=name),
        key=f"differences-{metric}",
        title=_("Against {name} alone").format(name=name),
        note=_("paired; an interval without 0 is a difference"),
        data=rows,
        alt=_("Differences to the best single input with 95% intervals"),
    )


def verdict(top: Run, mean: float, low: float, high: float, metric: str) -> str:
    """The answer in one sentence."""
    told = _("**{method}: {mean:+.3f}**, 95% interval {low:+.3f} to {high:+.3f}").format(
        method=method_name(top.method), mean=mean, low=low, high=high
    )
    if low <= 0 <= high:
        return told + _(": not settled.")
    good = evaluation.better(metric)(mean) > 0
    return told + (_(": better than the best single input.") if good else _(": worse than the best single input."))


def table(runs: list[Run]) -> None:
    rows = [(label(run, runs), run.metrics, run.parameters, run.seconds) for run in runs]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(
                _(
                    "**All metrics**  \n:small[:gray[mean with 95% interval; weights of one model; seconds for "
                    "all replicates when they were trained]]"
                ),
                width="stretch",
            )
            charts.download(drawn.metrics_data(rows), _("all metrics"), "all-metrics")
        config = {
            _("Method"): st.column_config.TextColumn(pinned=True, width=150),
            _("Weights"): st.column_config.NumberColumn(format="%,d", width=85),
            _("Seconds"): st.column_config.NumberColumn(format="%.1f", width=75),
        }
        st.dataframe(
            drawn.metrics_table(rows), hide_index=True, column_config=config, alt=_("All metrics of all methods")
        )
