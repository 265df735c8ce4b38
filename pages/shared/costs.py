"""Announcing what a run will cost before it starts."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mmcore.runs import RunSpec
from mmcore.settings import _
from mmcore.studies.costing import Cost, told

WORTH_ASKING = 60.0  # seconds from which a run is announced first


def ask(price: Cost, spec: RunSpec, begin: Callable[[], None]) -> None:
    """A dialog with the cost; `begin` is called if the reader agrees."""

    @st.dialog(_("This run trains an encoder"))
    def announce() -> None:
        st.markdown(
            _(
                "Measured on a few of your cases: **up to {time}** of training, less where replicates stop early. "
                "You may leave the page meanwhile, and stop it at any time."
            ).format(time=told(price.seconds))
        )
        left, middle, right = st.columns(3)
        left.metric(_("Replicates"), price.replicates, help=_("folds × seeds"))
        middle.metric(_("Weights that learn"), f"{price.parameters:,}", help=_("in each replicate"))
        right.metric(_("Kept on disk"), f"{price.megabytes:,.0f} MB")
        cheaper = _("Fewer epochs shorten it in proportion.")
        if spec.seeds > 1:
            fewer = _("Cheaper: {folds} folds × 1 seed takes about {time}.")
            cheaper = fewer.format(folds=spec.folds, time=told(price.seconds / spec.seeds)) + " " + cheaper
        st.caption(cheaper)
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Cancel")):
                st.rerun()
            if st.button(_("Start"), type="primary", icon=":material/play_arrow:"):
                begin()

    announce()
