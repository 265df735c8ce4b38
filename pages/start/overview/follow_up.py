"""How long the cases of a cohort go without the event."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mmcore.base.settings import _
from mmcore.base.survival_times import times_of, unit_of
from mmcore.cohorts import Cohort
from mmcore.evaluation.kaplan_meier import kaplan_meier
from mmcore.figures import survival_curves, theme
from pages.parts import chart


def show(cohort: Cohort) -> None:
    """The curve of Kaplan and Meier of all cases, the finding above it."""
    classes = cohort.schema.classes
    curve, last, unit = kaplan_meier(cohort.target), float(times_of(classes)[-1]), unit_of(classes)
    with st.container(border=True):
        st.markdown(
            _("**{share:.0%} had the event by {last}.**").format(
                share=float(1 - curve.at(times_of(classes))[-1]), last=f"{last:g} {unit}".strip()
            )
        )
        name = _("all cases")
        chart.show(
            survival_curves.observed({name: curve}, {name: theme.ACCENT}, unit, last),
            key="overview-follow-up",
            title=_("Share without the event over time"),
            note=_("Kaplan-Meier estimate: cases count for as long as they were followed. 95% band."),
            data=pd.DataFrame({"time": curve.times, "free": curve.free, "low": curve.low, "high": curve.high}),
            alt=_("Share of all cases without the event over time, with its band"),
        )
