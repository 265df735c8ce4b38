"""Runs side by side: forest plot, differences, table, curves, confusion, cost."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mmcore import evaluation
from mmcore.cohorts import Cohort
from mmcore.figures import comparison as drawn
from mmcore.figures import curves, theme
from mmcore.figures.comparison import METRIC_NAMES, method_name
from mmcore.runs import Run
from mmcore.settings import _
from pages.shared import charts

FUSIONS = ("concat", "mlp", "late", "gated", "modality_attention", "cross_attention")


def label(run: Run, runs: list[Run]) -> str:
    """The method, with the run's key where a method appears twice."""
    return run.method if sum(other.method == run.method for other in runs) == 1 else f"{run.method} {run.key[:4]}"


def is_single(run: Run) -> bool:
    return run.method in run.spec.inputs and run.spec.fusion == "concat" and len(run.spec.inputs) == 1


def colours(runs: list[Run], known: Cohort) -> dict[str, str]:
    """A method keeps its colour whichever runs are shown."""
    others = [run.method for run in runs if not is_single(run) and run.method not in FUSIONS]
    fixed = theme.method_colours([*FUSIONS, *others, *known.inputs], list(known.inputs))
    return {label(run, runs): fixed.get(run.method, theme.ACCENT) for run in runs}


def best(runs: list[Run], metric: str) -> Run | None:
    return max(runs, key=lambda run: evaluation.better(metric)(run.metrics[metric].mean), default=None)


def intervals(runs: list[Run], known: Cohort, metric: str) -> None:
    tints, reference = colours(runs, known), best([run for run in runs if is_single(run)], metric)
    rows = pd.DataFrame([(label(run, runs), run.metrics[metric].mean, run.metrics[metric].low, run.metrics[metric].high, run.metrics[metric].seed_sd) for run in runs],
                        columns=["method", "mean", "low", "high", "seed_sd"])  # fmt: skip
    ceiling = (evaluation.ceiling(runs[0].spec.task, known.target, known.ceiling_probability) or {}).get(metric)
    left, right = st.columns([3, 2], gap="medium")
    with left.container(border=True, height="stretch"):
        note = _("point: mean over seeds; bar: 95% interval")
        if ceiling is not None:
            note += _("; ceiling: the generator's true probabilities")
        charts.show(
            drawn.forest(rows, metric, tints, ceiling=ceiling, reference=label(reference, runs) if reference else None), key=f"forest-{metric}",
            title=METRIC_NAMES.get(metric, metric), note=note, data=rows, alt=_("Forest plot of {metric} by method with 95% intervals").format(metric=metric),
        )  # fmt: skip
    with right.container(border=True, height="stretch"):
        if reference is None:
            st.markdown(_("**Against the best single input**"))
            st.info(_("No single input is among the runs shown, so there is nothing to compare with."), icon=":material/info:")
            return
        against(runs, reference, metric, tints)


@st.cache_data(max_entries=256, show_spinner=False)
def _difference(key: str, reference: str, metric: str, _run: Run, _reference: Run) -> tuple[float, float, float]:
    found = evaluation.difference(_run.spec.task, _run.target, _run.outputs, _reference.outputs, _run.groups, metric=metric)
    return found.difference, found.low, found.high


def against(runs: list[Run], reference: Run, metric: str, tints: dict[str, str]) -> None:
    fusing = [run for run in runs if not is_single(run)]
    if not fusing:
        st.info(_("No fusion method is among the runs shown."), icon=":material/info:")
        return
    name = method_name(label(reference, runs))
    rows = pd.DataFrame([(label(run, runs), *_difference(run.key, reference.key, metric, run, reference)) for run in fusing], columns=["method", "mean", "low", "high"])
    charts.show(
        drawn.differences(rows, metric, tints, reference=name), key=f"differences-{metric}", title=_("Against {name} alone").format(name=name),
        note=_("paired; an interval without 0 is a difference"), data=rows, alt=_("Differences to the best single input with 95% intervals"),
    )  # fmt: skip


def table(runs: list[Run]) -> None:
    rows = [(label(run, runs), run.metrics, run.parameters, run.seconds) for run in runs]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(_("**All metrics**  \n:small[:gray[mean with 95% interval; weights of one model; seconds for all replicates when they were trained]]"), width="stretch")
            charts.download(drawn.metrics_data(rows), _("all metrics"), "all-metrics")
        config = {_("Method"): st.column_config.TextColumn(pinned=True), _("Weights"): st.column_config.NumberColumn(format="%,d"), _("Seconds"): st.column_config.NumberColumn(format="%.1f")}
        st.dataframe(drawn.metrics_table(rows), hide_index=True, column_config=config, alt=_("All metrics of all methods"))


def details(runs: list[Run], known: Cohort) -> None:
    """Curves and the like, drawn only when looked at."""
    task, tints = runs[0].spec.task, colours(runs, known)
    views = {"cost": _("Cost"), **({"scatter": _("True against predicted")} if task == "regression" else {"curves": _("Curves"), "confusion": _("Confusion")})}
    order = sorted(views, key=lambda name: name == "cost")
    view = st.segmented_control(_("Closer look"), order, default=order[0], format_func=views.get, key="compare-view") or order[0]
    with st.container(border=view != "curves"):
        {"cost": cost, "scatter": scatter, "curves": both_curves, "confusion": confusion}[view](runs, known, tints)


def both_curves(runs: list[Run], known: Cohort, tints: dict[str, str]) -> None:
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, height="stretch"):
        roc(runs, known, tints)
    with right.container(border=True, height="stretch"):
        calibration(runs, known, tints)


@st.cache_data(max_entries=64, show_spinner=False)
def _roc(key: str, _run: Run) -> evaluation.Roc:
    return evaluation.roc(_run.spec.task, _run.target, _run.outputs, _run.groups)


def roc(runs: list[Run], known: Cohort, tints: dict[str, str]) -> None:
    found = {label(run, runs): _roc(run.key, run) for run in runs}
    data = pd.concat([pd.DataFrame({"method": name, "fpr": one.fpr, "tpr": one.tpr, "low": one.low, "high": one.high}) for name, one in found.items()])
    top = best(runs, "auroc")
    charts.show(
        curves.roc(found, tints, areas={label(run, runs): run.metrics["auroc"].mean for run in runs}, band=label(top, runs), singles=[label(r, runs) for r in runs if is_single(r)]),
        key="roc", title=_("ROC"), note=_("dashed: single inputs; band: 95% of the best"), data=data, alt=_("ROC curves of the methods"),
    )  # fmt: skip


@st.cache_data(max_entries=64, show_spinner=False)
def _calibration(key: str, _run: Run) -> evaluation.Calibration:
    return evaluation.calibration(_run.spec.task, _run.target, _run.outputs, _run.groups)


def calibration(runs: list[Run], known: Cohort, tints: dict[str, str]) -> None:
    names, top = [label(run, runs) for run in runs], best(runs, "auroc")
    single = best([run for run in runs if is_single(run)], "auroc")
    start = list(dict.fromkeys(label(run, runs) for run in (top, single) if run is not None))
    shown = st.pills(_("Methods"), names, selection_mode="multi", default=start, format_func=method_name, key=f"calibrated-{len(names)}") or start
    found = {label(run, runs): _calibration(run.key, run) for run in runs if label(run, runs) in shown}
    data = pd.concat([pd.DataFrame({"method": name, "stated": c.stated, "observed": c.observed, "low": c.low, "high": c.high, "cases": c.cases}) for name, c in found.items()])
    charts.show(
        curves.calibration(found, tints, bars=next(iter(found)) if len(found) == 1 else label(top, runs), singles=[label(r, runs) for r in runs if is_single(r)]), key="calibration",
        title=_("Calibration"), note=_("below the line: too sure of itself; size: cases in the bin"), data=data, alt=_("Calibration curves of the methods"),
    )  # fmt: skip


@st.cache_data(max_entries=64, show_spinner=False)
def _confusion(key: str, _run: Run) -> evaluation.Confusion:
    return evaluation.confusion(_run.spec.task, _run.target, _run.outputs, _run.spec.classes)


def confusion(runs: list[Run], known: Cohort, tints: dict[str, str]) -> None:
    found = {label(run, runs): _confusion(run.key, run) for run in runs}
    data = pd.concat([pd.DataFrame(c.counts, index=pd.Index(c.classes, name="true"), columns=c.classes).stack().rename("cases").rename_axis(["true", "predicted"]).reset_index().assign(method=name) for name, c in found.items()])
    charts.show(
        curves.confusion(found, columns=4 if len(runs[0].spec.classes) <= 4 else 2), key="confusion", title=_("Confusion"), data=data,
        note=_("share of each true class, and cases (mean over seeds), at the most probable class"), alt=_("Confusion matrices of the methods"),
    )  # fmt: skip


def cost(runs: list[Run], known: Cohort, tints: dict[str, str]) -> None:
    metric = runs[0].spec.metric
    rows = pd.DataFrame([(label(run, runs), run.metrics[metric].mean, run.parameters, run.seconds) for run in runs], columns=["method", "mean", "parameters", "seconds"])
    charts.show(
        drawn.cost(rows, metric, tints), key="cost", title=_("What it costs"), note=_("size: weights of one model; seconds as measured when trained"), data=rows,
        alt=_("Scatter plot of training seconds against the metric"),
    )  # fmt: skip


def scatter(runs: list[Run], known: Cohort, tints: dict[str, str]) -> None:
    top = best(runs, "rmse")
    found = {label(top, runs): evaluation.scatter(top.target, top.outputs)}
    data = pd.DataFrame({"true": next(iter(found.values())).true, "predicted": next(iter(found.values())).predicted})
    charts.show(curves.true_against_predicted(found, tints), key="scatter", title=_("True against predicted"), note=_("the best method; out of fold"), data=data, alt=_("True against predicted values"))
