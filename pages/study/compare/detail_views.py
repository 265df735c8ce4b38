"""A closer look at runs side by side: curves, confusion, decisions, cost."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mmcore import evaluation
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures import cost as drawn
from mmcore.figures import prediction_quality
from mmcore.figures.comparison import method_name
from mmcore.runs import Run
from pages.frame import linked
from pages.frame.markdown import escape
from pages.parts import chart
from pages.parts.comparison import best, colours, is_single, label
from pages.study.compare import decisions, findings, input_lattice, labels, more_cases, over_time, robustness

_FEW = 3  # fusions looked at closely from the start


def show(runs: list[Run], cohort: Cohort) -> None:
    """Curves and the like, drawn only when looked at."""
    task, tints = runs[0].spec.task, colours(runs, cohort)
    views = {
        "cost": _("Cost"),
        **(
            {"scatter": _("True against predicted")}
            if task == "regression"
            else {"curves": _("Curves"), "labels": _("Labels")}
            if task == "multilabel"
            else {"thirds": _("By third of predicted risk")}
            if task == "survival"
            else {"curves": _("Curves"), "confusion": _("Confusion")}
        ),
        **({"decisions": _("Decisions")} if task == "binary" else {}),
        "inputs": _("What each input adds"),
        "growth": _("More cases?"),
        "robustness": _("If inputs fail"),
        **({} if task in ("regression", "multilabel", "survival") else {"information": _("Kinds of information")}),
    }
    order = sorted(views, key=lambda name: name == "cost")
    view = linked.choice(
        st.segmented_control,
        _("A closer look"),
        order,
        "look",
        format_func=views.get,
        key="compare-view",
    )
    if "information" not in views:
        st.caption(_("Kinds of information are shown only for targets with one class per case."))
    if view in ("curves", "confusion", "labels", "decisions", "thirds", "robustness"):
        runs = choose_runs(_fusing(runs) if view == "robustness" else runs)
        tints = colours(runs, cohort)  # a method that had two runs may be there once now
    with st.container(border=view not in ("curves", "thirds")):
        draw = {
            "cost": cost,
            "scatter": scatter,
            "curves": both_curves,
            "confusion": confusion,
            "labels": labels.show,
            "thirds": over_time.show,
            "decisions": decisions.show,
            "inputs": input_lattice.show,
            "growth": more_cases.show,
            "robustness": robustness.robustness,
            "information": robustness.information,
        }
        draw[view](runs, cohort, tints)


def _fusing(runs: list[Run]) -> list[Run]:
    """The fusions; where there are none, all."""
    return [run for run in runs if not is_single(run)] or runs


def choose_runs(runs: list[Run]) -> list[Run]:
    """The runs to look at closely: the best few and the best single input, unless the reader chooses others."""
    metric = "auroc" if "auroc" in runs[0].metrics else runs[0].spec.metric
    by_name = {label(run, runs): run for run in runs}
    start = [label(run, runs) for run in first_shown(runs, metric)]
    shown = st.pills(
        _("Methods"),
        list(by_name),
        selection_mode="multi",
        default=start,
        format_func=lambda name: escape(method_name(name)),
        key=f"closer-{len(by_name)}",
    )
    return [run for name, run in by_name.items() if name in (shown or start)]


def first_shown(runs: list[Run], metric: str) -> list[Run]:
    """The best fusions, at most three, and the best single input; without fusions the single inputs."""
    ordered = sorted(runs, key=lambda run: -evaluation.better(metric)(run.metrics[metric].mean))
    fusing, singles = ([run for run in ordered if is_single(run) is single] for single in (False, True))
    return [*fusing[:_FEW], *singles[: 1 if fusing else _FEW + 1]]


def both_curves(runs: list[Run], cohort: Cohort, tints: dict[str, str]) -> None:
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, height="stretch"):
        roc(runs, cohort, tints)
    with right.container(border=True, height="stretch"):
        calibration(runs, cohort, tints)


@st.cache_data(max_entries=64, show_spinner=False)
def _roc(key: str, _run: Run) -> evaluation.Roc:
    cases = _run.out_of_fold
    return evaluation.roc(_run.spec.task, cases.target, cases.outputs, cases.groups)


def roc(runs: list[Run], cohort: Cohort, tints: dict[str, str]) -> None:
    curve_of = {label(run, runs): _roc(run.key, run) for run in runs}
    data = pd.concat(
        [
            pd.DataFrame({"method": name, "fpr": curve.fpr, "tpr": curve.tpr, "low": curve.low, "high": curve.high})
            for name, curve in curve_of.items()
        ]
    )
    top = best(runs, "auroc")
    chart.show(
        prediction_quality.roc(
            curve_of,
            tints,
            areas={label(run, runs): run.metrics["auroc"].mean for run in runs if "auroc" in run.metrics},
            band=label(top, runs),
        ),
        key="roc",
        title=_("ROC"),
        note=_("band: 95% interval of the best method shown"),
        data=data,
        alt=_("ROC curves of the methods"),
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _calibration(key: str, _run: Run) -> evaluation.Calibration:
    cases = _run.out_of_fold
    return evaluation.calibration(_run.spec.task, cases.target, cases.outputs, cases.groups)


@st.cache_data(max_entries=64, show_spinner=False)
def _calibration_check(key: str, _run: Run) -> evaluation.CalibrationCheck:
    cases = _run.out_of_fold
    return evaluation.calibration_check_of(_run.spec.task, cases.target, cases.outputs, cases.groups)


def calibration(runs: list[Run], cohort: Cohort, tints: dict[str, str]) -> None:
    top = best(runs, "auroc")
    check_of = {label(run, runs): _calibration_check(run.key, run) for run in runs}
    calibration_of = {label(run, runs): _calibration(run.key, run) for run in runs}
    check = check_of[label(top, runs)]
    data = pd.concat(
        [
            pd.DataFrame(
                {
                    "method": name,
                    "stated": c.stated,
                    "observed": c.observed,
                    "low": c.low,
                    "high": c.high,
                    "cases": c.cases,
                }
            )
            for name, c in calibration_of.items()
        ]
    )
    chart.show(
        prediction_quality.calibration(
            calibration_of,
            tints,
            bars=label(top, runs),
            perfect=calibration_of[label(top, runs)].if_perfect(),
            errors={name: each.error for name, each in check_of.items()},
        ),
        key="calibration",
        title=_("Calibration"),
        note=_("below the line: the model claims too much, above: too little"),
        data=data,
        alt=_("Calibration curves of the methods"),
    )
    st.caption(
        escape(
            _(
                "Vertical lines: 95% intervals of {method}. Its points lie {distance:.3f} off the line on average; "
                "chance alone can put those of a perfect model up to {chance:.3f} off. The calibration error is this "
                "distance less what chance usually adds."
            ).format(method=method_name(label(top, runs)), distance=check.distance, chance=check.if_perfect_high)
        )
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _confusion(key: str, _run: Run) -> evaluation.Confusion:
    cases = _run.out_of_fold
    return evaluation.confusion(_run.spec.task, cases.target, cases.outputs, _run.spec.classes)


def confusion(runs: list[Run], cohort: Cohort, tints: dict[str, str]) -> None:
    confusion_of = {label(run, runs): _confusion(run.key, run) for run in runs}
    top = label(best(runs, "auroc"), runs)
    st.markdown(f"**{escape(findings.most_mistaken(top, confusion_of[top]))}**")
    data = pd.concat(
        [
            pd.DataFrame(c.counts, index=pd.Index(c.classes, name="true"), columns=c.classes)
            .stack()
            .rename("cases")
            .rename_axis(["true", "predicted"])
            .reset_index()
            .assign(method=name)
            for name, c in confusion_of.items()
        ]
    )
    chart.show(
        prediction_quality.confusion(confusion_of, columns=4 if len(runs[0].spec.classes) <= 4 else 2),
        key="confusion",
        title=_("Confusion"),
        data=data,
        note=_("what the cases of each true class were predicted to be: share and number"),
        alt=_("Confusion matrices of the methods"),
    )


def cost(runs: list[Run], cohort: Cohort, tints: dict[str, str]) -> None:
    metric = runs[0].spec.metric
    rows = pd.DataFrame(
        [(label(run, runs), run.metrics[metric].mean, run.parameters, run.seconds) for run in runs],
        columns=["method", "mean", "parameters", "seconds"],
    )
    st.markdown(f"**{escape(findings.what_the_best_costs(rows, metric))}**")
    chart.show(
        drawn.cost(rows, metric, tints),
        key="cost",
        title=_("What it costs"),
        note=_(
            "size: parameters of one model; seconds as measured in training; bold, joined by a line: "
            "none is better at less cost"
        ),
        data=rows,
        alt=_("Scatter plot of training seconds against the metric"),
    )


def scatter(runs: list[Run], cohort: Cohort, tints: dict[str, str]) -> None:
    top = best(runs, "rmse")
    points = evaluation.scatter(top.out_of_fold.target, top.out_of_fold.outputs)
    usual = findings.usual_error(label(top, runs), top.metrics["mae"].mean, str(top.spec.target))
    st.markdown(f"**{escape(usual)}**")
    chart.show(
        prediction_quality.true_against_predicted(points, str(top.spec.target), tints[label(top, runs)]),
        key="scatter",
        title=_("True against predicted"),
        note=_("by {method}, the best method shown, on cases it was not trained on").format(
            method=method_name(label(top, runs))
        ),
        data=pd.DataFrame({"true": points.true, "predicted": points.predicted}),
        alt=_("True against predicted values"),
    )
