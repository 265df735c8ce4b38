"""What each chosen encoder says: of this case, beside other inputs and encoders, and of the whole cohort."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from pages.explore.features import (
    augmentation,
    class_separation,
    cohort_map,
    common_scale,
    encoders_side_by_side,
    one_encoder,
)
from pages.frame import caches, linked, own_case, page, url_state
from pages.frame.markdown import escape
from pages.frame.page import Page
from pages.parts import encoder_picker, terms

PAGE = Page(
    _("Features"),
    ":material/scatter_plot:",
    _(
        "An encoder turns an input into numbers. See what each encoder makes of one case and of the cohort, "
        "before anything is trained."
    ),
)
SECTIONS = {
    "case": (_("This case"), ":material/person_search:"),
    "scale": (_("Inputs aligned"), ":material/align_horizontal_left:"),
    "beside": (_("Encoders side by side"), ":material/view_column:"),
    "varied": (_("Augmentation"), ":material/shuffle:"),
    "map": (_("Cohort map"), ":material/scatter_plot:"),
    "separate": (_("Best encoder"), ":material/leaderboard:"),
}


def main() -> None:
    cohort = url_state.cohort()
    input = linked.choice(st.pills, _("Input"), cohort.inputs, "input", format_func=escape, key="features-input")
    encoder = warnings = None
    with st.container(border=True), page.guard():
        encoder = encoder_picker.choose(cohort, input)
        warnings = st.container()
    view = section()
    with st.container(border=True), page.guard():
        open_section(view, cohort, input, encoder)
    terms.explain("encoder", "token")
    if encoder is not None and warnings is not None:  # last, since it reads cases: the page need not wait for it
        with warnings, page.guard():
            encoder_picker.warn(cohort, input, encoder)


def section() -> str:
    """Which part of the page is open; only that one is computed."""
    return linked.choice(
        st.segmented_control,
        _("Show"),
        SECTIONS,
        "view",
        format_func=lambda name: f"{SECTIONS[name][1]} {SECTIONS[name][0]}",
        key="features-view",
        label_visibility="collapsed",
    )


def open_section(view: str, cohort: Cohort, input: str, encoder: Encoder | None) -> None:
    if view in ("case", "map"):
        if encoder is None:
            st.info(_("Choose an available encoder to see what it makes of the case."), icon=":material/info:")
            return
        show = one_encoder.show if view == "case" else cohort_map.show
        show(cohort, input, encoder)
    elif view == "scale":
        made = {name: caches.encoder_of(cohort, name, choice) for name, choice in url_state.encoders(cohort).items()}
        common_scale.show(cohort, own_case.current_case(), made)
    elif view == "beside":
        encoders_side_by_side.show(cohort, input)
    elif view == "varied":
        augmentation.show(cohort, input)
    else:
        class_separation.show(cohort, input)


PAGE.show(main)
