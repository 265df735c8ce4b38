"""What each chosen encoder says: of this case, beside other inputs and encoders, and of the whole cohort."""

from __future__ import annotations

import streamlit as st

from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.settings import _
from pages.shared import (
    aligned,
    caches,
    cohort_map,
    encoder_choice,
    separation,
    shell,
    side_by_side,
    state,
    this_case,
    uploads,
    varied,
)

SECTIONS = {
    "case": (_("This case"), ":material/person_search:"),
    "scale": (_("On one scale"), ":material/align_horizontal_left:"),
    "beside": (_("Side by side"), ":material/view_column:"),
    "varied": (_("Augmentation"), ":material/shuffle:"),
    "map": (_("Cohort map"), ":material/scatter_plot:"),
    "separate": (_("Which separates"), ":material/leaderboard:"),
}


def main() -> None:
    known = state.cohort()
    names = list(known.inputs)
    bound = state.bind("input", names[0])
    input = st.pills(
        _("Input"),
        names,
        default=bound if bound in names else names[0],
        format_func=shell.escape,
        key="features-input",
        required=True,
    )
    state.set("input", input if input != names[0] else None)
    encoder = doubts = None
    with st.container(border=True), shell.guard():
        encoder = encoder_choice.choose(known, input)
        doubts = st.container()
    view = section()
    with st.container(border=True), shell.guard():
        open_section(view, known, input, encoder)
    if encoder is not None and doubts is not None:  # last, since it reads cases: the page need not wait for it
        with doubts, shell.guard():
            encoder_choice.warn(known, input, encoder)


def section() -> str:
    """Which part of the page is open; only that one is computed."""
    names = list(SECTIONS)
    bound = state.bind("view", names[0])
    view = st.segmented_control(
        _("Show"),
        names,
        default=bound if bound in names else names[0],
        format_func=lambda name: f"{SECTIONS[name][1]} {SECTIONS[name][0]}",
        key="features-view",
        label_visibility="collapsed",
        required=True,
    )
    state.set("view", view if view != names[0] else None)
    return view


def open_section(view: str, known: Cohort, input: str, encoder: Encoder | None) -> None:
    if encoder is None and view in ("case", "map"):
        st.info(_("Choose an encoder that can be used here to see what it says."), icon=":material/info:")
    elif view == "case":
        this_case.show(known, input, encoder)
    elif view == "scale":
        made = {name: caches.encoder_of(known, name, choice) for name, choice in state.encoders(known).items()}
        aligned.show(known, uploads.current_case(), made)
    elif view == "beside":
        side_by_side.show(known, input)
    elif view == "varied":
        varied.show(known, input)
    elif view == "map":
        cohort_map.show(known, input, encoder)
    else:
        separation.show(known, input)


shell.page(
    _("Features"),
    _("What each encoder makes of an input before anything is trained: for one case, and over the cohort."),
    ":material/scatter_plot:",
)
with shell.guard():
    main()
