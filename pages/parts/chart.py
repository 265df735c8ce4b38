"""Figures on a page: title, the figure with its alt text, and its data to take away."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from mmcore.base.csv_text import csv_bytes
from mmcore.base.settings import _
from mmcore.figures import theme
from pages.frame.markdown import escape

_BAR = {
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"scale": 2},
    "scrollZoom": False,
}
_BAR_ZOOM = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"], "scrollZoom": True}
_BAR_SELECT = {
    "displaylogo": False,
    "displayModeBar": True,
    "modeBarButtonsToRemove": ["autoScale2d"],
    "scrollZoom": True,
}


def show(
    figure: Any,
    *,
    key: str,
    data: pd.DataFrame | None = None,
    title: str = "",
    alt: str = "",
    note: str = "",
    zoom: bool = False,
    selectable: bool = False,
    clicked: Callable[[], None] | None = None,
) -> Any:
    """Draw a Plotly figure, an Altair chart or an HTML string under its title.

    data: what the figure shows, offered as CSV. alt: what it shows, for those who cannot see it (the title if empty).
    zoom: wheel zoom and a tool bar. selectable: points can be selected; the selection (a dict) is returned, else None.
    clicked: called when a point of a Plotly figure is clicked; `st.session_state[key].selection` says which.
    """
    if title or data is not None:
        heading(title, note, data, key)
    alt = alt or title
    if isinstance(figure, str) and figure.startswith("<svg"):
        _drawing()(data={"svg": figure}, key=key)
    elif isinstance(figure, str):
        st.html(figure)
    elif isinstance(figure, go.Figure):
        _finish(figure)
        theme.legible(figure)
        if clicked is not None:
            return st.plotly_chart(figure, key=key, config=_BAR, alt=alt, on_select=clicked, selection_mode="points")
        if selectable:
            return st.plotly_chart(figure, key=key, config=_BAR_SELECT, alt=alt, on_select="rerun")
        st.plotly_chart(figure, key=key, config=_BAR_ZOOM if zoom else _BAR, alt=alt)
    elif selectable:
        return st.altair_chart(figure, key=key, alt=alt, on_select="rerun")
    else:
        st.altair_chart(figure, key=key, alt=alt)
    return None


@st.cache_resource(show_spinner=False)
def _drawing() -> Callable[..., Any]:
    """Mounts an SVG inside the page, where it takes the theme's colour and font (st.html drops SVG)."""
    return st.components.v2.component(
        "fusionscope_drawing",
        html="<div></div>",
        isolate_styles=False,
        js="""export default ({ data, parentElement }) => {
          const source = data.svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"')
          const drawing = new DOMParser().parseFromString(source, "image/svg+xml")
          parentElement.querySelector("div").replaceChildren(document.importNode(drawing.documentElement, true))
        }""",
    )


def _finish(figure: go.Figure) -> None:
    """Figures whose maker left layout to the page get the house margins."""
    if figure.layout.margin.l is None:
        theme.style(figure, legend=figure.layout.showlegend is not False and len(figure.data) > 1)


def heading(title: str, note: str, data: pd.DataFrame | None, key: str) -> None:
    """Title and note of a figure, with its data to take away; for what `show` cannot draw.

    Both are shown as they are: they name what a cohort calls its inputs, columns and classes.
    """
    lines = [f"**{escape(title)}**"] if title else []
    lines += [f":small[:gray[{escape(note)}]]"] if note else []
    with st.container(
        horizontal=True, wrap=False, vertical_alignment="center", horizontal_alignment="distribute", gap="small"
    ):
        st.markdown("  \n".join(lines), width="stretch")
        if data is not None:
            download(data, title or key, key)


def download(data: pd.DataFrame, title: str, key: str) -> None:
    """A small button that gives `data` as CSV; none where the server lets no data be taken away."""
    if st.get_option("client.disableDataExport"):
        return
    name = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_") or "figure"
    st.download_button(
        " ",
        data=lambda: csv_bytes(data),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        help=_("Download the data of this figure as CSV"),
        key=f"{key}-data",
        on_click="ignore",
    )
