"""What acting on predictions is worth: decision curves with and without fusion."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.evaluation.net_benefit import DecisionCurve, decision_curve, gained_benefit
from mmcore.figures import decision_curve as drawn
from mmcore.figures.comparison import method_name
from mmcore.runs import Run
from pages.frame.markdown import escape
from pages.parts import chart
from pages.parts.comparison import best, is_single, label


def show(runs: list[Run], cohort: Cohort, tints: dict[str, str]) -> None:
    """Net benefit of the best fusion first, then of the best single input, then of the others chosen."""
    ordered = with_and_without(runs)
    curves = {label(run, runs): _curve(run.key, run) for run in ordered}
    shaded = any(np.isfinite(curve.low).any() for curve in curves.values())
    gain = None
    if len(ordered) > 1 and not is_single(ordered[0]) and is_single(ordered[1]):
        gain = _gain(ordered[0].key, ordered[1].key, ordered[0], ordered[1])
        names = (method_name(label(run, runs)) for run in ordered[:2])
        st.markdown(f"**{escape(finding(gain, *names))}**")
    chart.show(
        drawn.decision_curve(curves, tints, gain=gain),
        key="decisions",
        title=_("What acting on the prediction is worth"),
        note=_(
            "needed actions per case, less the needless ones (weighed as explained below). A method is of use "
            "where its line lies above both grey ones"
        )
        + (_("; shaded: 95% interval at each threshold by itself") if shaded else ""),
        data=pd.concat([_frame(name, curve) for name, curve in curves.items()]),
        alt=drawn.alt_text(curves),
    )
    st.caption(
        _(
            "The threshold is the probability from which you would act: at 10% you accept nine "
            "needless actions for each needed one (Vickers and Elkin 2006)."
        )
    )


def finding(gain: DecisionCurve, fusion: str, single: str) -> str:
    """From where to where the fusion is worth more than the single input, where it is so longest; or that it is not."""
    stretch = gain.above_nothing()
    if stretch is None:
        return _("At no threshold is {fusion} shown to be worth more than {single}.").format(
            fusion=fusion, single=single
        )
    if stretch[0] == stretch[1]:
        return _("At the threshold of {low:.0%}, {fusion} is shown to be worth more than {single}.").format(
            fusion=fusion, single=single, low=stretch[0]
        )
    return _(
        "At every threshold from {low:.0%} to {high:.0%}, {fusion} is shown to be worth more than {single}."
    ).format(fusion=fusion, single=single, low=stretch[0], high=stretch[1])


def with_and_without(runs: list[Run]) -> list[Run]:
    """The runs in the order that they are drawn: the best fusion, the best single input, the others."""
    fusing, singles = ([run for run in runs if is_single(run) is single] for single in (False, True))
    first = [best(some, "auroc") for some in (fusing, singles) if some]
    return [*first, *(run for run in runs if all(run is not other for other in first))]


@st.cache_data(max_entries=64, show_spinner=False)
def _curve(key: str, _run: Run) -> DecisionCurve:
    cases = _run.out_of_fold
    return decision_curve(cases.target, cases.outputs, cases.groups)


@st.cache_data(max_entries=64, show_spinner=False)
def _gain(key: str, reference: str, _run: Run, _reference: Run) -> DecisionCurve:
    cases = _run.out_of_fold
    return gained_benefit(cases.target, cases.outputs, _reference.out_of_fold.outputs, cases.groups)


def _frame(name: str, curve: DecisionCurve) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "method": name,
            "threshold": curve.thresholds,
            "net_benefit": curve.net_benefit,
            "low": curve.low,
            "high": curve.high,
            "act_on_all": curve.act_on_all,
        }
    )
