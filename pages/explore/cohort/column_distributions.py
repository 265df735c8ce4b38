"""How the values of each column are spread, class beside class."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures import cohort as drawn
from mmcore.figures import column_distributions as drawn_columns
from pages.frame import selection
from pages.parts import chart

_MOST = 16  # columns drawn


def show(cohort: Cohort) -> None:
    """A small figure a column, on one legend; nothing for a cohort without columns of values."""
    columns = drawn_columns.drawable(cohort)
    if not columns:
        return
    st.header(_("How values are spread"), anchor=False)
    st.caption(
        _("Each class as a share of its own cases, so that classes of different size can be compared.")
        if cohort.class_members
        else _("As shares of all cases.")
    )
    if selection.current(cohort):
        st.caption(_("Of all {count} cases, not only of those that are selected.").format(count=f"{len(cohort):,}"))
    if cohort.class_members:
        st.html(drawn.class_legend(tuple(cohort.class_members)))
    if drawn_columns.boxed(cohort, columns[:_MOST]):
        st.caption(
            _("Box: the middle half of a class, with its median; line: from the 5th to the 95th percentile."),
        )
    with st.grid(4, min_column_width=260):
        for column in columns[:_MOST]:
            with st.container(border=True, height="stretch"):
                chart.show(
                    drawn_columns.spread(cohort, column),
                    key=f"spread-{column}",
                    data=cohort.table[[column]],
                    title=column,
                    note=drawn.unit_of(cohort, column),
                    alt=drawn_columns.alt_text(cohort, column),
                )
    if len(columns) > _MOST:
        st.caption(_("and {count} more").format(count=len(columns) - _MOST))
