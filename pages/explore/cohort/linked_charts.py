"""The cohort as one linked picture: target, missing inputs, any columns, and the map where features are at hand."""

from __future__ import annotations

import re

import numpy as np
import streamlit as st

from mmcore import studies
from mmcore.base.errors import MMError
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures import linked_cohort as drawn
from mmcore.figures import theme
from pages.frame import linked, url_state
from pages.parts import linked_picture

_ABOUT_PEOPLE = re.compile(r"age|sex|gender|site|cent(re|er)|hospital|device|scanner|年龄|性别", re.IGNORECASE)
_CHARTS = 6  # at first: two rows
_ACROSS, _FEW = 3, 2  # charts in a row, and classes whose legend is as narrow as one of them
_CHART, _BESIDE = 278, 50  # pixels: of a chart with its axes, and of what is around all
_MOST_MAPPED = 20_000  # cases; looking which of more are encoded takes too long for a page


def width(cohort: Cohort) -> int:
    """Pixels for three charts beside one another; for one where there are no more, none can be added, and the legend is
    as narrow as the chart."""
    alone = not drawn.linkable_columns(cohort) and len(drawn.cohort_charts(cohort, [], _map(cohort)[1])) == 1
    return _BESIDE + _CHART * (1 if alone and len(cohort.stratum_names) <= _FEW else _ACROSS)


def show(cohort: Cohort) -> None:
    """The charts, under the choice of what they show."""
    points, title = _map(cohort)
    columns = _columns(cohort, _CHARTS - 2 - (points is not None) - (cohort.schema.task == "survival"))
    charts = drawn.cohort_charts(cohort, columns, title)
    if charts:
        linked_picture.show(
            cohort,
            "cohort",
            charts,
            lambda start: drawn.cohort_frame(cohort, charts, columns, points, start),
            theme.class_colours(cohort.class_members),
            alt=_("Linked charts of the cohort: the target, missing inputs and columns"),
        )


def _columns(cohort: Cohort, first: int) -> list[str]:
    names = drawn.linkable_columns(cohort)
    if not names:
        return []
    return linked.choices(
        st.multiselect,
        _("Columns shown"),
        names,
        "columns",
        first=sorted(names, key=lambda name: not _ABOUT_PEOPLE.search(name))[:first],
        placeholder=_("Choose columns"),
        key=f"linked-columns-{url_state.cohort_source()}",
    )


def _map(cohort: Cohort) -> tuple[np.ndarray | None, str]:
    """The map by the first input whose features are there, and its title; none costs no work."""
    if len(cohort) > _MOST_MAPPED:
        return None, ""
    with st.spinner(_("Looking for earlier results…")):
        for input, choice in url_state.encoders(cohort).items():
            points = _points(cohort.key, input, str(choice), cohort)
            if points is not None:
                return points, _("Map by {input}: cases close together are similar").format(input=input)
    return None, ""


@st.cache_data(max_entries=16, show_spinner=False, ttl=60)
def _points(cohort_key: str, input: str, choice: str, _cohort: Cohort) -> np.ndarray | None:
    """Kept for a minute: features may have been made meanwhile."""
    try:
        return studies.map_on_disk(_cohort, input, url_state.encoders(_cohort)[input])
    except MMError:
        return None
