"""The result of a finished run: metrics with intervals, learning curves, and where to go next."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from mmcore.base.name_lists import list_of
from mmcore.base.number_text import number_text
from mmcore.base.score_digits import written
from mmcore.base.settings import _, counted
from mmcore.cohorts.splits import COLUMN, keeps_groups
from mmcore.evaluation import Interval, followed_in_training, metric_label
from mmcore.figures import training_curves as drawn
from mmcore.figures.comparison import method_name, metrics_data
from mmcore.studies.costing import time_in_words
from mmcore.studies.setting_search import SPACE
from pages.frame import page
from pages.frame.markdown import escape
from pages.parts import chart, finding, form_fields, terms

if TYPE_CHECKING:
    from mmcore.runs import Run


def show(run: Run) -> None:
    st.caption(_("Result of {method}").format(method=escape(method_name(run.method))))
    score = run.metrics[run.spec.metric]
    finding.say(score_in_words(run.spec.metric, score, run.spec.target or "", run.spec.task))
    metrics(run)
    models = run.spec.folds * run.spec.seeds
    chart.show(
        drawn.curves(run.fitted.history, metric=metric_label(followed_in_training(run.spec.task))),
        key=f"curves-{run.key}",
        title=_("Training curves"),
        note=_("the model is stored as it was when it did best on cases set aside (validation)")
        if models == 1
        else (
            _(
                "mean of {count} models, until half have stopped; band: 8 in 10 of them. Each model is stored as "
                "it was when it did best on cases set aside (validation)"
            )
            if models >= drawn.ENOUGH
            else _(
                "mean of {count} models, until half have stopped; band: all of them. Each model is stored as "
                "it was when it did best on cases set aside (validation)"
            )
        ).format(count=models),
        data=run.fitted.history,
        alt=_("Curves of training and validation loss and of the validation metric"),
    )
    st.caption(escape(how(run)))
    if run.spec.training_by_fold:
        st.caption(escape(_("Settings chosen in each fold: {settings}.").format(settings=searched(run))))
    terms.explain("epoch", "loss", "fold", "seed", "replicate")
    with st.container(horizontal=True, gap="medium"):
        page.link("attention", _("See where it attends"))
        page.link("compare", _("Compare with other methods"))


def score_in_words(metric: str, interval: Interval, target: str, task: str) -> str:
    """How good a run is, as people say it, with how sure that is."""
    share = metric in ("auroc", "accuracy", "balanced_accuracy", "c_index")
    ends = {name: getattr(interval, name) for name in ("mean", "low", "high")}
    values = {name: f"{end:.0%}" if share else written(end, interval.mean) for name, end in ends.items()}
    sentence = {
        "auroc": {
            "multilabel": _(
                "Shown a case with a label and one without, the method tells which is which {mean} of the time."
            ),
            "multiclass": _(
                "Shown a case of one class and one of any other, the method tells which is which {mean} of the time, "
                "averaged over the classes."
            ),
        }.get(task, _("Shown two cases of different classes, the method tells which is which {mean} of the time.")),
        "accuracy": _("The method is right in {mean} of the cases."),
        "balanced_accuracy": _("The method is right in {mean} of the cases, every class counted the same."),
        "mae": _("The predicted {target} is off by {mean} on average."),
        "rmse": _("The predicted {target} is typically off by {mean}."),
        "r2": _("The method explains {mean} of the variation in {target} (1: all of it)."),
        "c_index": _("Of two cases, the method tells {mean} of the time which one has the event first."),
    }.get(metric, _("{metric} is {mean}."))
    sure = _("95% interval: {low} to {high}.")
    chance = " " + _("Guessing would be 50%.") if metric in ("auroc", "c_index") else ""
    return f"{sentence} {sure}".format(metric=metric_label(metric), target=target, **values) + chance


def metrics(run: Run) -> None:
    """The chief metrics as numbers with their intervals, all of them in a table below."""
    names = [run.spec.metric, *(name for name in run.metrics if name != run.spec.metric)]
    for slot, name in zip(st.columns(3), names, strict=False):
        interval = run.metrics[name]
        slot.metric(
            metric_label(name),
            written(interval.mean),
            f"{written(interval.low, interval.mean)} – {written(interval.high, interval.mean)}",
            delta_color="off",
            delta_arrow="off",
            border=True,
            help=spread(interval),
        )
    with st.expander(_("All scores, with their 95% intervals")):
        data = metrics_data([(run.method, run.metrics, run.parameters, run.seconds)])
        columns = {"mean": _("Score"), "low": _("Low"), "high": _("High"), "seed_sd": _("Spread over seeds")}
        shown = pd.DataFrame({_("Metric"): [metric_label(name) for name in data["metric"]]})
        for name, title in columns.items():
            shown[title] = [written(value, mean) for value, mean in zip(data[name], data["mean"], strict=True)]
        right = {title: st.column_config.TextColumn(title, alignment="right") for title in columns.values()}
        st.dataframe(shown, hide_index=True, column_config=right, alt=_("All metrics of the run"))
        chart.download(data, f"metrics {run.method}", f"metrics-{run.key}")


def spread(interval: Interval) -> str:
    low, high, sd = (written(value, interval.mean) for value in (interval.low, interval.high, interval.seed_sd))
    sentence = _("95% interval: {low} to {high}.").format(low=low, high=high)
    return (
        sentence
        if math.isnan(interval.seed_sd)
        else sentence + " " + _("Standard deviation over seeds: {sd}.").format(sd=sd)
    )


def split_name(split: str, folds: int) -> str:
    """How cases were divided, after the number of folds: "5 random folds"."""
    names = {
        "random": _("random folds"),
        "group": _("folds by group"),
        "leave-one-group-out": _("folds, each leaving one group out"),
    }
    if split.startswith(COLUMN):
        return counted(
            folds,
            "fold given by column '{column}'",
            "folds given by column '{column}'",
            column=split.removeprefix(COLUMN),
        )
    return names.get(split, split)


def seeds_of(count: int) -> str:
    return counted(count, "{count} seed", "{count} seeds")


def searched(run: Run) -> str:
    """What the folds of a tuned run were trained with, from the lowest to the highest of each setting."""
    values = {name: sorted({getattr(own, name) for own in run.spec.training_by_fold}) for name in SPACE}
    return list_of(
        f"{form_fields.label_of(name).lower()} "
        + "\u00a0–\u00a0".join(dict.fromkeys((number_text(own[0], 2), number_text(own[-1], 2))))
        for name, own in values.items()
    )


def how(run: Run) -> str:
    """How the numbers came about, in one honest sentence."""
    spec = run.spec
    grouped = _(" (column '{group}')").format(group=spec.group) if spec.group and keeps_groups(spec.split) else ""
    return _(
        "Each of {cases} cases is judged by models that never saw it ({folds} {split}{grouped}, {seeds}). A model "
        "has {parameters} numbers that it learns (parameters); training all models took {time}."
    ).format(
        cases=run.cases,
        folds=spec.folds,
        split=split_name(spec.split, spec.folds),
        grouped=grouped,
        seeds=seeds_of(spec.seeds),
        parameters=f"{run.parameters:,}",
        time=time_in_words(run.seconds).replace(" ", "\u00a0"),
    )
