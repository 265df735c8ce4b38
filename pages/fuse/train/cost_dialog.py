"""Announcing what a run will cost before it starts."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mmcore import runs, studies
from mmcore.base.settings import _, counted
from mmcore.cohorts import Cohort
from mmcore.runs import RunSpec
from mmcore.studies.costing import WORTH_TELLING, Cost, time_in_words
from mmcore.training.memory import amount

WORTH_ASKING = WORTH_TELLING  # seconds


def trained_before(spec: RunSpec) -> bool:
    return runs.store().find(spec.key) is not None


def ask_if_dear(cohort: Cohort, spec: RunSpec, begin: Callable[[], None]) -> None:
    """`begin` at once if the run costs little; else a dialog with what it costs, and `begin` if the reader agrees."""
    with st.spinner(_("Measuring what it will cost…")):
        price = None if trained_before(spec) else studies.cost(cohort, spec)
    if price is not None and (price.notable or price.seconds > WORTH_ASKING):
        _ask(price, spec, begin)
    else:
        begin()


def _ask(price: Cost, spec: RunSpec, begin: Callable[[], None]) -> None:
    """What it takes in time, memory and disk, and what would be cheaper."""

    @st.dialog(_("This run trains an encoder"))
    def announce() -> None:
        refusal = price.memory.refusal
        if refusal:
            st.error(f"{refusal.message} {refusal.hint}", icon=":material/memory_alt:")
        else:
            st.markdown(
                _(
                    "Measured on a few of your cases: **up to {time}** of training, less where models stop "
                    "early. You may leave the page meanwhile, and stop the training at any time."
                ).format(time=time_in_words(price.seconds))
            )
        _numbers(price)
        if price.sparing():
            st.info(price.sparing(), icon=":material/memory:")
        if not refusal:
            st.caption(_what_is_cheaper(price, spec))
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Cancel")):
                st.rerun()
            if st.button(_("Start"), type="primary", icon=":material/play_arrow:", disabled=refusal is not None):
                begin()

    announce()


def _numbers(price: Cost) -> None:
    left, right = st.columns(2)
    left.metric(_("Models to train"), price.replicates, help=_("folds × seeds"))
    right.metric(_("Parameters to learn"), f"{price.parameters:,}", help=_("in each model"))
    left.metric(
        _("Memory"),
        amount(price.memory.peak),
        help=_("the most that training needs at any one time (an estimate); {free} are free").format(
            free=amount(price.memory.hand)
        ),
    )
    right.metric(_("Stored on disk"), amount(price.megabytes * 2**20))


def _what_is_cheaper(price: Cost, spec: RunSpec) -> str:
    cheaper = _("Fewer epochs (rounds through the training cases) shorten the training in proportion.")
    if spec.seeds > 1:
        folds = counted(spec.folds, "{count} fold", "{count} folds")
        fewer = _("Cheaper: {folds} × 1 seed takes about {time}.")
        cheaper = fewer.format(folds=folds, time=time_in_words(price.seconds / spec.seeds)) + " " + cheaper
    return cheaper
