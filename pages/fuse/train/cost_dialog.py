"""Announcing what a run will cost before it starts."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mmcore.base.settings import _
from mmcore.runs import RunSpec
from mmcore.studies.costing import WORTH_TELLING, Cost, told
from mmcore.training.memory import told as amount

WORTH_ASKING = WORTH_TELLING  # seconds


def ask(price: Cost, spec: RunSpec, begin: Callable[[], None]) -> None:
    """A dialog with the cost; `begin` is called if the reader agrees."""

    @st.dialog(_("This run trains an encoder"))
    def announce() -> None:
        refusal = price.memory.refusal
        if refusal:
            st.error(f"{refusal.message} {refusal.hint}", icon=":material/memory_alt:")
        else:
            st.markdown(
                _(
                    "Measured on a few of your cases: **up to {time}** of training, less where replicates stop early. "
                    "You may leave the page meanwhile, and stop it at any time."
                ).format(time=told(price.seconds))
            )
        left, right = st.columns(2)
        left.metric(_("Replicates"), price.replicates, help=_("folds × seeds"))
        right.metric(_("Weights that learn"), f"{price.parameters:,}", help=_("in each replicate"))
        left.metric(
            _("Memory"),
            amount(price.memory.peak),
            help=_(
                "estimated at its most: weights, gradients, optimiser and what a step holds; {free} are free"
            ).format(free=amount(price.memory.hand)),
        )
        right.metric(_("Kept on disk"), amount(price.megabytes * 2**20))
        if price.sparing():
            st.info(price.sparing(), icon=":material/memory:")
        cheaper = _("Fewer epochs shorten it in proportion.")
        if spec.seeds > 1:
            fewer = _("Cheaper: {folds} folds × 1 seed takes about {time}.")
            cheaper = fewer.format(folds=spec.folds, time=told(price.seconds / spec.seeds)) + " " + cheaper
        if not refusal:
            st.caption(cheaper)
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Cancel")):
                st.rerun()
            if st.button(_("Start"), type="primary", icon=":material/play_arrow:", disabled=refusal is not None):
                begin()

    announce()
