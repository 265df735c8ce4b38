"""The cohort as one linked picture: what is picked in one chart shows in the others, and is selected everywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import streamlit as st

from mmcore import studies
from mmcore.base.errors import MMError
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures import linked_cohort as drawn
from pages.frame import linked, selection, url_state

_ABOUT_PEOPLE = re.compile(r"age|sex|gender|site|cent(re|er)|hospital|device|scanner|年龄|性别", re.IGNORECASE)
_CHARTS = 6  # at first: two rows
_MOST_MAPPED = 20_000  # cases; looking which of more are encoded takes too long for a page
_STATE = "_linked_picture"  # number of the picture, what it started from, what was picked in it


def show(cohort: Cohort) -> None:
    """The charts, under the choice of what they show."""
    points, title = _map(cohort)
    columns = _columns(cohort, _CHARTS - 2 - (points is not None))
    panels = drawn.linked_panels(cohort, columns, title)
    if not panels:
        return
    number, start = _beginning(cohort)
    frame = drawn.linked_frame(cohort, panels, columns, points, start)
    key = f"linked-{number}-{len(panels)}-{'-'.join(columns)}"

    def picked() -> None:
        state = st.session_state[key].get("selection", {})
        rows = drawn.passing(frame, panels, state)
        ids = list(start) if rows is None else frame["id"][rows].tolist()
        st.session_state[_STATE] = (number, start, ids, rows is not None and not ids)
        selection.choose(cohort, ids, selection.name() if ids == start else "")

    shown = drawn.drawn_rows(frame)
    chart = drawn.linked_cohort(shown, panels, cohort.schema.classes)
    st.altair_chart(
        chart,
        key=key,
        width="content",
        on_select=picked,
        alt=_("Linked charts of the cohort: the target, missing inputs and columns"),
    )
    note = _("Click bars, drag over a histogram or over the map; a double click takes it back. Grey: all cases.")
    if len(shown) < len(frame):
        note += " " + _("Drawn are {shown:,} of {count:,} cases, at random; what you pick is counted over all.").format(
            shown=len(shown), count=len(frame)
        )
    st.caption(note)
    if st.session_state.get(_STATE, (0, [], [], False))[3]:
        st.info(_("No case lies in all that is picked."), icon=":material/filter_alt_off:")


def _beginning(cohort: Cohort) -> tuple[int, Sequence[str]]:
    """Which picture this is, and the cases it starts from: a selection made elsewhere begins a new one."""
    now = selection.current(cohort)
    number, start, picked, _empty = st.session_state.get(_STATE, (0, now, now, False))
    if list(picked) != now:
        number, start = number + 1, now
        st.session_state[_STATE] = (number, now, now, False)
    elif _STATE not in st.session_state:
        st.session_state[_STATE] = (number, start, picked, False)
    return number, start


def _columns(cohort: Cohort, first: int) -> list[str]:
    names = drawn.linkable_columns(cohort)
    if not names:
        return []
    start = sorted(names, key=lambda name: not _ABOUT_PEOPLE.search(name))[:first]
    return linked.choices(
        st.multiselect,
        _("Columns shown"),
        names,
        "columns",
        first=start,
        placeholder=_("Choose columns"),
        key=f"linked-columns-{url_state.cohort_source()}",
    )


def _map(cohort: Cohort) -> tuple[np.ndarray | None, str]:
    """The map by the first input whose features are there, and its title; none costs no work."""
    if len(cohort) > _MOST_MAPPED:
        return None, ""
    for input, choice in url_state.encoders(cohort).items():
        points = _points(cohort.key, input, str(choice), cohort)
        if points is not None:
            return points, _("Map by {input}: near is alike").format(input=input)
    return None, ""


@st.cache_data(max_entries=16, show_spinner=False, ttl=60)
def _points(cohort_key: str, input: str, choice: str, _cohort: Cohort) -> np.ndarray | None:
    """Kept for a minute: features may have been made meanwhile."""
    try:
        return studies.map_on_disk(_cohort, input, url_state.encoders(_cohort)[input])
    except MMError:
        return None
