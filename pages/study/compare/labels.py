"""Each of several labels by itself: how well a method tells it, and how often it occurs."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from mmcore.base.capitals import capitalised
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.evaluation import Interval, metric_label
from mmcore.evaluation.label_scores import SHOWN, scores_by_label
from mmcore.figures.comparison import method_name
from mmcore.runs import Run
from mmcore.training.recalibration import LEAST_ROWS
from pages.frame.markdown import escape
from pages.parts import chart
from pages.parts.comparison import label


@st.cache_data(max_entries=64, show_spinner=False)
def _scores(key: str, _run: Run) -> dict[str, dict[str, Interval]]:
    cases, spec = _run.out_of_fold, _run.spec
    return scores_by_label(cases.target, cases.outputs, spec.classes, cases.groups, folds=spec.folds)


def show(runs: list[Run], cohort: Cohort, tints: dict[str, str]) -> None:
    """A table for each metric: labels in rows, methods in columns; the finding above it."""
    by_run = {label(run, runs): _scores(run.key, run) for run in runs}
    names = list(runs[0].spec.classes)
    first = next(iter(by_run.values()))
    scored = {name: first[name]["auroc"].mean for name in names if math.isfinite(first[name]["auroc"].mean)}
    if len({*scored.values()}) > 1:  # a label that no case has, or each, has no AUROC
        best, worst = max(scored, key=scored.__getitem__), min(scored, key=scored.__getitem__)
        st.markdown(
            _("**{method} recognises “{best}” best (AUROC {high:.2f}) and “{worst}” worst ({low:.2f}).**").format(
                method=escape(capitalised(method_name(next(iter(by_run))))),
                best=escape(best), high=scored[best], worst=escape(worst), low=scored[worst],
            )
        )  # fmt: skip
    head = st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute")
    metric = head.segmented_control(
        _("Metric"), SHOWN, default="auroc", format_func=metric_label, key="labels-metric", required=True
    )
    rows = pd.DataFrame(
        {
            "label": names,
            "cases": [int(cohort.has_class(number).sum()) for number in range(len(names))],
            **{method: [_shown(each[name][metric]) for name in names] for method, each in by_run.items()},
        }
    )
    st.dataframe(
        rows, hide_index=True, key="labels-table", alt=_("Scores of each label by method"),
        column_config={
            "label": _("label"), "cases": st.column_config.NumberColumn(_("cases with it")),
            **{method: method_name(method) for method in by_run},
        },
    )  # fmt: skip
    with head:
        chart.download(rows, "labels", "labels-rows")
    st.caption(
        _(
            "On cases not used in training, with 95% intervals. A label is predicted where its "
            "probability reaches a threshold. The threshold is the one that gives the highest F1 (the "
            "balance of sensitivity and positive predictive value) on training cases that were held out "
            "of fitting; where there are fewer than {least} of these, it is the label's share of the "
            "training cases. There is no confusion matrix for several labels."
        ).format(least=LEAST_ROWS)
    )


def _shown(value: Interval) -> str:
    if value.mean != value.mean:
        return "–"
    return f"{value.mean:.2f}" + (f" ({value.low:.2f} – {value.high:.2f})" if value.low == value.low else "")
