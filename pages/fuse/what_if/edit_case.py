"""The case itself beside the controls that change it, input by input, as its kind allows."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mmcore import studies
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.base.values import Case, InputSpec, Kind, Signal, Value
from mmcore.cohorts import Cohort
from mmcore.explain.case_edits import InputEdits, changed_values
from mmcore.runs import Run
from pages.frame import page
from pages.frame.markdown import escape
from pages.fuse.what_if import edit_state, edit_value
from pages.parts import input_viewer


def form(run: Run, cohort: Cohort, case: Case) -> dict[str, Value | None]:
    """A card an input. Returns the changed values; None for an input that is taken away."""
    edits = edit_state.current(case)
    made = {
        name: _card(name, cohort, case, edits.get(name, InputEdits()))
        for name in run.spec.inputs
        if name in cohort.inputs
    }
    edit_state.put(case, made)
    return changed_values(case, made, cohort.value, lambda name: _spreads(cohort.key, name, cohort))


def bar(case: Case) -> None:
    """Taking steps back."""
    with st.container(horizontal=True, gap="small"):
        back = edit_state.can_undo(case)
        st.button(
            _("Undo"),
            icon=":material/undo:",
            key="what-if-undo",
            disabled=not back,
            on_click=edit_state.undo,
            args=(case,),
        )
        st.button(
            _("Undo all changes"),
            icon=":material/restart_alt:",
            key="what-if-undo-all",
            disabled=not back,
            on_click=edit_state.undo_all,
            args=(case,),
        )


def _card(name: str, cohort: Cohort, case: Case, edits: InputEdits) -> InputEdits:
    """One input as it is now, with its controls; gives its changes as they are set."""
    own, at = case.values.get(name), edit_state.widget(case, name)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            input_viewer.head(name, cohort)
            away = own is not None and st.toggle(_("Take away"), edits.away, key=f"away-{at}")
        if away:
            st.caption(_("Taken away: the model answers without it."))
            return edits.model_copy(update={"away": True})
        title = _("Take it from another case") if own is None else _("Replace it, or add noise")
        with st.expander(title, icon=":material/tune:"):
            donor = _donor(name, cohort, case, edits, at)
            noise = _noise(cohort.inputs[name], cohort, own, edits.noise, at)
        value = own if donor is None else cohort.value(donor, name)
        if value is None:
            st.caption(
                _("{input} is missing in this case. Take it from another case to see what it would add.").format(
                    input=escape(name)
                )
            )
            return InputEdits(donor=donor, noise=noise)
        still = edits if donor == edits.donor else InputEdits()  # changes of another value mean nothing for this one
        still = still.model_copy(update={"away": False, "donor": donor, "noise": noise})
        with page.guard():
            return edit_value.show(name, cohort, case, value, still, at if donor is None else f"{at}-{donor}")
    return edits


def _donor(name: str, cohort: Cohort, case: Case, edits: InputEdits, at: str) -> str | None:
    donors = [id for id, there in zip(cohort.ids, cohort.present(name), strict=True) if there and id != case.id]
    chosen: str | None = st.selectbox(
        _("From another case"),
        donors,
        index=donors.index(edits.donor) if edits.donor in donors else None,
        placeholder=_("its own") if name in case.values else _("missing here"),
        key=f"other-{at}",
    )
    return chosen


def _noise(spec: InputSpec, cohort: Cohort, value: Value | None, now: float, at: str) -> float:
    if spec.kind is Kind.TEXT:
        return st.slider(_("Words dropped, %"), 0, 100, round(100 * now), 5, key=f"noise-{at}") / 100
    return st.slider(
        _("Noise, in standard deviations"),
        0.0,
        3.0,
        min(now, 3.0),
        0.1,
        key=f"noise-{at}",
        help=_deviations(value, spec, cohort),
    )


def _deviations(value: Value | None, spec: InputSpec, cohort: Cohort) -> str | None:
    """What a standard deviation of this input comes to, in its unit."""
    if value is None:
        return None
    if isinstance(value, Signal):
        unit = value.unit or spec.unit or _("in the signal's own unit (its file names none)")
        each = value.samples.std(1)
        some = f"{each.min():.2g} – {each.max():.2g}" if len(each) > 1 else f"{each[0]:.2g}"
        return _("One standard deviation of this case's channels: {some} {unit}.").format(some=some, unit=escape(unit))
    if isinstance(value, np.ndarray):
        return _("One standard deviation of this image's pixels: {some:.0f} of 255 grey levels.").format(
            some=value.std()
        )
    units = {column.name: column.unit for column in spec.table}
    spread = _spreads(cohort.key, spec.name, cohort)
    some = list_of(f"{name} {sd:.2g} {units.get(name, '')}".strip() for name, sd in spread.items())
    return (
        _("One standard deviation over the cohort: {some}.").format(some=escape(some))
        if some
        else _("None of the columns holds numbers.")
    )


@st.cache_data(max_entries=16, show_spinner=False)
def _spreads(cohort_key: str, input: str, _cohort: Cohort) -> dict[str, float]:
    return studies.spreads(_cohort, input)
