"""Linked charts of cases: what is picked in one shows in the others, and is the selection on every page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures import linked_views as drawn
from pages.frame import page, selection, url_state

Frame = Callable[[Sequence[str]], pd.DataFrame]  # ids that the picture starts from -> a row a case


def show(
    cohort: Cohort,
    name: str,
    charts: Sequence[drawn.LinkedChart],
    frame_from: Frame,
    colours: Mapping[str, str],
    *,
    alt: str,
    wide: bool = False,
) -> None:
    """The charts of a page. name: tells pictures apart. colours: of the frame's colour column; none for one colour.

    A click on a point opens its case; what is picked otherwise selects.
    """
    state = f"_linked_{name}"
    number, start = _beginning(cohort, state)
    frame = frame_from(start)
    key = f"linked-{name}-{number}-{'-'.join(chart.title for chart in charts)}"

    def picked() -> None:
        picks = st.session_state[key].get("selection", {})
        opened = drawn.opened(picks)
        if opened is not None:
            url_state.choose_case(opened)
            st.session_state[f"{state}_opens"] = True
            return
        rows = drawn.passing(frame, charts, picks)
        ids = list(start) if rows is None else frame["id"][rows].tolist()
        st.session_state[state] = (number, start, ids, rows is not None and not ids)
        selection.choose(cohort, ids, selection.name() if ids == start else "")

    if st.session_state.pop(f"{state}_opens", False):
        page.switch_to("case")
    shown = drawn.drawn_rows(frame)
    chart = drawn.linked_views(shown, charts, colours, across=2 if wide else 3)
    st.altair_chart(chart, key=key, width="content", on_select=picked, alt=alt)
    note = _(
        "Click bars, drag over a histogram or over points: what is not picked turns grey. A double click clears the "
        "selection."
    )
    if any(chart.kind is drawn.ChartKind.MAP for chart in charts):
        note += " " + _("Click a point to open its case.")
    if len(shown) < len(frame):
        note += " " + _(
            "{shown:,} of {count:,} cases, drawn at random, are shown; what you pick is counted over all."
        ).format(shown=len(shown), count=len(frame))
    st.caption(note)
    if st.session_state[state][3]:
        st.info(_("No case matches everything that is picked."), icon=":material/filter_alt_off:")


def _beginning(cohort: Cohort, state: str) -> tuple[int, Sequence[str]]:
    """Which picture this is, and the cases it starts from: a selection made elsewhere begins a new one."""
    now = selection.current(cohort)
    number, start, picked, empty = st.session_state.get(state, (0, now, now, False))
    if list(picked) != now:
        number, start, picked, empty = number + 1, now, now, False
    st.session_state[state] = (number, start, picked, empty)
    return number, start
