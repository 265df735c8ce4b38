"""One value with the controls of its kind: drag over a film or a trace, write in the note, set columns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from mmcore.base.channel_names import channel_names
from mmcore.base.number_text import cell_text
from mmcore.base.settings import _
from mmcore.base.values import Box, Case, InputSpec, Row, Signal, Value
from mmcore.cohorts import Cohort
from mmcore.explain.case_edits import InputEdits, edited, text_edits
from mmcore.figures import edited_case as drawn
from mmcore.figures import theme
from pages.frame.markdown import escape
from pages.fuse.what_if import edit_segment, edit_state
from pages.parts import form_fields


def show(name: str, cohort: Cohort, case: Case, value: Value, edits: InputEdits, at: str) -> InputEdits:
    """The value as it is now. edits: its changes so far; gives them as they are set now."""
    if isinstance(value, np.ndarray):
        return _image(name, case, value, edits, at)
    if isinstance(value, str):
        return _text(value, edits, at)
    if isinstance(value, Signal):
        return _signal(name, cohort, case, value, edits, at)
    return _row(value, cohort.inputs[name], cohort.table, edits, at)


def _image(name: str, case: Case, value: np.ndarray, edits: InputEdits, at: str) -> InputEdits:
    key = f"film-{at}"

    def dragged() -> None:
        boxes = st.session_state[key].get("selection", {}).get("box") or []
        if boxes:
            x, y = (np.clip(sorted(map(float, boxes[-1][axis][:2])), 0, 1) for axis in ("x", "y"))
            if x[1] > x[0] and y[1] > y[0]:
                box = tuple(round(float(edge), 3) for edge in (y[0], x[0], y[1], x[1]))
                edit_state.change(case, name, erase=box)

    picture = st.container()
    erase = _region(value, edits.erase, at)
    edits = edits.model_copy(update={"erase": erase})
    with picture:
        now = edited(value, edits, {})
        image = now if isinstance(now, np.ndarray) else value
        figure = drawn.film(image, None if erase is None else Box(*erase))
        _draggable(figure, key, dragged, _("The image as it is now; drag over it to erase a region"))
        st.caption(_("Drag over the image to erase a region: it is filled with the mean colour."))
    return edits


def _draggable(figure: go.Figure, key: str, dragged: Callable[[], None], alt: str) -> None:
    """A figure over which a box can be drawn; `dragged` is called once it is."""
    bar = {"displayModeBar": False}
    st.plotly_chart(theme.legible(figure), key=key, on_select=dragged, selection_mode="box", config=bar, alt=alt)


def _region(
    value: np.ndarray, now: tuple[float, float, float, float] | None, at: str
) -> tuple[float, float, float, float] | None:
    """The same by numbers, for the keyboard."""
    height, width = value.shape[:2]
    top, left, bottom, right = now or (0.0, 0.0, 0.0, 0.0)
    start = ((round(top * height), round(bottom * height)), (round(left * width), round(right * width)))
    with st.expander(_("Set the region by numbers"), icon=":material/crop:"):
        down = st.slider(_("From the top, px"), 0, height, start[0], key=f"down-{at}")
        across = st.slider(_("From the left, px"), 0, width, start[1], key=f"across-{at}")
    if (down, across) == start:
        return now
    if down[0] == down[1] or across[0] == across[1]:
        return None
    return (down[0] / height, across[0] / width, down[1] / height, across[1] / width)


def _text(value: str, edits: InputEdits, at: str) -> InputEdits:
    now = edited(value, edits.model_copy(update={"noise": 0.0}), {})
    written = st.text_area(_("Edit the text"), str(now), height=200, key=f"text-{at}")
    edits = edits.model_copy(update={"text": edits.text if written == now else text_edits(value, written)})
    shown = edited(value, edits, {})
    if shown != value:
        st.html(drawn.rewritten(value, str(shown)))
    return edits


def _signal(name: str, cohort: Cohort, case: Case, value: Signal, edits: InputEdits, at: str) -> InputEdits:
    key, unit, length = f"trace-{at}", value.time_unit, float(value.duration)

    def dragged() -> None:
        boxes = st.session_state[key].get("selection", {}).get("box") or []
        if boxes:
            start, end = np.clip(sorted(map(float, boxes[-1]["x"][:2])), 0, length)
            if end > start:
                edit_state.change(case, name, flatten=(round(float(start), 3), round(float(end), 3)))

    channel, picture = 0, st.container()
    if len(value.samples) > 1:
        names = channel_names(value)
        channel = st.pills(_("Trace shown"), range(len(names)), default=min(1, len(names) - 1), required=True,
                           format_func=lambda i: escape(names[i]), key=f"trace-of-{at}")  # fmt: skip
    start = edits.flatten or (0.0, 0.0)
    with st.expander(_("Flatten and shift by numbers"), icon=":material/timeline:"):
        stretch = st.slider(_("Flatten, {unit}").format(unit=unit), 0.0, length, start, length / 100, key=f"flat-{at}")
        by = st.slider(
            _("Move later, {unit}").format(unit=unit), -length / 2, length / 2, edits.shift, length / 100,
            key=f"move-{at}",
        )  # fmt: skip
    flatten = edits.flatten if stretch == start else (stretch if stretch[1] > stretch[0] else None)
    wave = edit_segment.form(value, cohort.inputs[name], edits.wave, at)
    edits = edits.model_copy(update={"flatten": flatten, "shift": float(by), "wave": wave})
    with picture:
        now = edited(value, edits, {})
        figure = drawn.trace(
            value,
            now if isinstance(now, Signal) else value,
            channel=channel,
            colour=theme.colour_of_input(cohort.inputs)[name],
            flattened=flatten,
        )
        _draggable(figure, key, dragged, _("The signal as it is now; drag over it to flatten a stretch"))
        st.caption(_("Drag over the trace to flatten a stretch, in every channel."))
    return edits


def _row(row: Row, spec: InputSpec, table: pd.DataFrame, edits: InputEdits, at: str) -> InputEdits:
    cells: dict[str, float | str | None] = {}
    with st.container():
        for number, column in enumerate(spec.table):
            if number % 2 == 0:  # a row each, so that a remark below a field moves its neighbour, too
                sides = st.columns(2)
            own = row.get(column.name)
            now = edits.set.get(column.name, own)
            title = escape(f"{column.name} ({column.unit})" if column.unit else column.name)
            key = f"set-{at}-{column.name}"
            new: float | str | None
            with sides[number % 2]:
                if column.type == "category":
                    options = [None, *column.categories]
                    new = st.selectbox(
                        title,
                        options,
                        index=options.index(now) if now in options else 0,
                        format_func=lambda value: _("not known") if value is None else str(value),
                        key=key,
                    )
                else:
                    own = float(own) if isinstance(own, (int, float)) and np.isfinite(own) else None
                    start = float(now) if isinstance(now, (int, float)) and np.isfinite(now) else None
                    step = form_fields.step_of_column(table[column.name])
                    unknown = _("not known")
                    new = st.number_input(title, value=start, step=step, format="%g", placeholder=unknown, key=key)
                if new != own:
                    cells[column.name] = new
                    was = cell_text(own, _("not known"))
                    st.markdown(_(":small[:blue[was {value}]]").format(value=escape(was)))
    return edits.model_copy(update={"set": cells})
