"""Two answers beside one another, of two methods or of two cases: on one scale, explained the same way."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.explain.attention import Attention
from mmcore.explain.attribution_report import AttributionReport
from mmcore.explain.what_if import WhatIf
from mmcore.figures import heat
from mmcore.runs import Run
from pages.frame import page
from pages.frame.markdown import escape
from pages.fuse.attention import attribution, prediction, weights_on_input


@dataclass(frozen=True, eq=False)
class Side:
    """What stands on one side. key: tells its widgets apart."""

    title: str
    run: Run
    case: Case
    session: WhatIf
    attention: Attention
    key: str


def show(sides: tuple[Side, Side], cohort: Cohort, evidence: bool, of_attention: str = "") -> None:
    """Predictions, weights of the inputs, then every input with what is laid over it. of_attention: what is said where
    the attention is laid over them, and nothing else."""
    for slot, side in zip(st.columns(2, gap="large"), sides, strict=True):
        with slot:
            st.header(escape(side.title), anchor=False)
            with st.container(border=True):
                prediction.prediction(side.run, cohort, side.case, side.attention, key=side.key)
            with st.container(border=True):
                prediction.weights(side.run, cohort, side.attention, key=side.key)
    chosen = attribution.choose(*((side.run, side.session, side.attention) for side in sides))
    reports: list[AttributionReport | None] = [None, None]
    if chosen == attribution.ATTENTION and of_attention:
        st.caption(of_attention)
    if chosen != attribution.ATTENTION:
        for number, (slot, side) in enumerate(zip(st.columns(2, gap="large"), sides, strict=True)):
            with slot:  # one that takes its time is asked for under its own name
                reports[number] = attribution.report_of(side.run, cohort, side.session, chosen)
        if None in reports:
            return
    shown = [
        {
            name: weights_on_input.weighed(name, side.case, side.attention, by)
            for name in attribution.inputs_drawn(side.run, by)
        }
        for side, by in zip(sides, reports, strict=True)
    ]
    scale = weights_on_input.scale_of(view for own in shown for view in own.values())
    toward = {attribution.toward(side.run, by) for side, by in zip(sides, reports, strict=True)}
    st.html(heat.legend(scale, toward.pop() if len(toward) == 1 else _("what each predicts")))
    for name in cohort.inputs:
        if not any(own.get(name) is not None for own in shown):
            continue
        reach = weights_on_input.reach_of(own.get(name) for own in shown)
        beside = [side.case for side in sides]
        for slot, side, own in zip(st.columns(2, gap="large"), sides, shown, strict=True):
            if name in own:
                with slot.container(border=True, height="stretch"), page.guard():
                    weights_on_input.card(name, cohort, side.case, own[name], scale, evidence, side.key, reach, beside)
