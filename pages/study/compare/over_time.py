"""What happened to the cases that a method gave low, middle and high risk."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mmcore.base.capitals import capitalised
from mmcore.base.settings import _
from mmcore.base.survival_times import times_of, unit_of
from mmcore.cohorts import Cohort
from mmcore.figures import survival_curves as drawn
from mmcore.runs import Run
from pages.frame.markdown import escape
from pages.parts import chart
from pages.parts.comparison import label
from pages.parts.event_curve import thirds


def show(runs: list[Run], cohort: Cohort, tints: dict[str, str]) -> None:
    """Curves of Kaplan and Meier by predicted third, a figure a method; the finding above them."""
    horizons = runs[0].fitted.task.horizons
    last, unit = float(horizons[-1]), unit_of(runs[0].spec.classes)
    first = thirds(runs[0]).values()
    low, _middle, high = (float(1 - curve.at(times_of(runs[0].spec.classes))[-1]) for curve in first)
    st.markdown(
        _(
            "**Of the third that {method} gives the highest risk, {high:.0%} had the event by {last}; of "
            "the third with the lowest, {low:.0%}.**"
        ).format(
            method=escape(label(runs[0], runs).replace("_", " ")), high=high, low=low, last=f"{last:g} {unit}".strip()
        )
    )
    with st.grid(2, min_column_width=380):
        for run in runs:
            curves = thirds(run)
            with st.container(border=True):
                chart.show(
                    drawn.observed(curves, dict(zip(curves, drawn.THIRDS, strict=True)), unit, last),
                    key=f"thirds-{run.key}",
                    title=capitalised(label(run, runs).replace("_", " ")),
                    data=pd.concat(
                        [
                            pd.DataFrame({"third": name, "time": c.times, "free": c.free, "low": c.low, "high": c.high})
                            for name, c in curves.items()
                        ]
                    ),
                    alt=_("Share without the event over time, by third of the predicted risk"),
                )
    st.caption(
        _(
            "Every case was ranked by models that never saw it. Shares by Kaplan and Meier, with pointwise 95% "
            "bands that treat cases as independent. Times to an event have no ROC curve and no confusion "
            "matrix."
        )
    )
