"""Controls that change a case, input by input, as its kind allows."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from mmcore import studies
from mmcore.base.settings import _
from mmcore.base.values import Box, Case, InputSpec, Kind, Row, Signal, Value
from mmcore.cohorts import Cohort
from mmcore.explain import edits
from mmcore.runs import Run
from pages.frame import own_case
from pages.frame.markdown import escape
from pages.parts import input_viewer

_AS_IT_IS = object()


def form(run: Run, cohort: Cohort, case: Case) -> dict[str, Value | None]:
    """The changed values of the inputs that differ from the case; None for one that is taken away."""
    changes: dict[str, Value | None] = {}
    at = f"{cohort.name}-{own_case.sign(case)}-{st.session_state.get('what-if-round', 0)}"
    for name in run.spec.inputs:
        with st.container(border=True):
            input_viewer.head(name, cohort)
            changed = _changed(name, cohort, case, f"{at}-{name}")
            if changed is not _AS_IT_IS:
                changes[name] = changed
    if changes:
        st.button(_("Undo all changes"), icon=":material/undo:", on_click=_undo, key="what-if-undo")
    return changes


def _undo() -> None:
    """Widgets of another round know nothing of this one."""
    st.session_state["what-if-round"] = st.session_state.get("what-if-round", 0) + 1


def _changed(name: str, cohort: Cohort, case: Case, at: str) -> Any:
    """The changed value, None if it is taken away, `_AS_IT_IS` if nothing differs."""
    spec, own = cohort.inputs[name], case.values.get(name)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        away = own is not None and st.toggle(_("Take away"), key=f"away-{at}")
        donors = [id for id, present in zip(cohort.ids, cohort.present(name), strict=True) if present and id != case.id]
        other = st.selectbox(
            _("From another case"),
            donors,
            index=None,
            placeholder=_("its own") if own is not None else _("missing here"),
            key=f"other-{at}",
            disabled=away,
            width=220,
        )
    if away:
        return None
    value = own if other is None else cohort.value(other, name)
    if value is None:
        st.caption(
            _("{input} is missing in this case. Take it from another to see what it would add.").format(
                input=escape(name)
            )
        )
        return _AS_IT_IS
    with st.expander(_("Edit"), icon=":material/edit:"):
        edited = _noisy(_edited(value, spec, f"{at}-{other}"), cohort, spec, at)
    return _AS_IT_IS if edited is own else edited


def _edited(value: Value, spec: InputSpec, at: str) -> Value:
    """By the controls of its kind; the value itself if none was moved."""
    if isinstance(value, np.ndarray):
        return _image(value, at)
    if isinstance(value, str):
        return _text(value, at)
    return _signal(value, at) if isinstance(value, Signal) else _row(value, spec, at)


def _noisy(value: Value, cohort: Cohort, spec: InputSpec, at: str) -> Value:
    spread = _spreads(cohort.key, spec.name, cohort) if spec.kind is Kind.TABLE else None
    if spec.kind is Kind.TEXT:
        share = st.slider(_("Words dropped, %"), 0, 100, 0, 5, key=f"noise-{at}")
        return edits.noise(value, share / 100) if share else value
    level = st.slider(
        _("Noise, in standard deviations"), 0.0, 3.0, 0.0, 0.1, key=f"noise-{at}", help=_deviations(value, spec, spread)
    )
    return edits.noise(value, level, spread=spread) if level else value


def _deviations(value: Value, spec: InputSpec, spread: dict[str, float] | None) -> str:
    """What a standard deviation of this input comes to, in its unit."""
    if isinstance(value, Signal):
        unit = value.unit or spec.unit or _("the signal's unit, which its file does not name")
        each = value.samples.std(1)
        some = f"{each.min():.2g} – {each.max():.2g}" if len(each) > 1 else f"{each[0]:.2g}"
        return _("Of each channel of this case: {some} {unit}.").format(some=some, unit=escape(unit))
    if isinstance(value, np.ndarray):
        return _("Of the pixels of this image: {some:.0f} of 255 grey levels.").format(some=value.std())
    units = {column.name: column.unit for column in spec.table}
    some = ", ".join(f"{name} {sd:.2g} {units.get(name, '')}".strip() for name, sd in (spread or {}).items())
    return _("Of the cohort: {some}.").format(some=escape(some)) if some else _("No column is a number.")


@st.cache_data(max_entries=16, show_spinner=False)
def _spreads(cohort_key: str, input: str, _cohort: Cohort) -> dict[str, float]:
    return studies.spreads(_cohort, input)


def _image(value: np.ndarray, at: str) -> np.ndarray:
    height, width = value.shape[:2]
    st.caption(
        _("Erase a region of the {width} × {height} px: it is painted over in the mean colour.").format(
            width=width, height=height
        )
    )
    top, bottom = st.slider(_("From the top, px"), 0, height, (0, 0), key=f"down-{at}")
    left, right = st.slider(_("From the left, px"), 0, width, (0, 0), key=f"across-{at}")
    if top == bottom or left == right:
        return value
    edited = edits.erase(value, Box(top / height, left / width, bottom / height, right / width))
    st.image(edited, width=220, caption=_("as changed"))
    return edited


def _text(value: str, at: str) -> str:
    edited = st.text_area(_("Text"), value, height=220, key=f"text-{at}")
    return value if edited == value else edited


def _signal(value: Signal, at: str) -> Signal:
    unit, length = value.time_unit, float(value.duration)
    start, end = st.slider(
        _("Flatten, {unit}").format(unit=unit), 0.0, length, (0.0, 0.0), length / 100, key=f"flat-{at}"
    )
    by = st.slider(
        _("Move later, {unit}").format(unit=unit), -length / 2, length / 2, 0.0, length / 100, key=f"move-{at}"
    )
    edited = value if start == end else edits.mask_seconds(value, start, end)
    return edited if by == 0 else edits.shift(edited, by)


def _row(row: Row, spec: InputSpec, at: str) -> Row:
    edited, sides = row, st.columns(2)
    for i, column in enumerate(spec.table):
        own = row.get(column.name)
        new: float | str | None
        with sides[i % 2]:
            if column.type == "category":
                options = [None, *column.categories]
                new = st.selectbox(
                    escape(column.name),
                    options,
                    index=options.index(own) if own in options else 0,
                    format_func=lambda v: _("not known") if v is None else str(v),
                    key=f"set-{at}-{column.name}",
                )
            else:
                number = float(own) if isinstance(own, (int, float)) and np.isfinite(own) else None
                title = escape(f"{column.name} ({column.unit})" if column.unit else column.name)
                new = st.number_input(title, value=number, placeholder=_("not known"), key=f"set-{at}-{column.name}")
                own = number
        if new != own:
            edited = edits.set_value(edited, column.name, new)
    return edited
