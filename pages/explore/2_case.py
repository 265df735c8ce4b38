"""One case: every input shown as its kind deserves, with its target and, where known, the evidence for it."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from mmcore.base.values import Case, Kind
from mmcore.cohorts import Cohort
from pages.frame import linked, own_case, page, url_state
from pages.frame.markdown import escape
from pages.frame.page import Page
from pages.parts import input_viewer

PAGE = Page(
    _("Case"),
    ":material/clinical_notes:",
    _("Every input of one case. Zoom the image, read the note, follow the signal, place the values."),
)


def main() -> None:
    cohort = url_state.cohort()
    with (
        st.expander(
            _("Look at your own case instead") if own_case.upload() is None else _("Change your own case"),
            icon=":material/upload_file:",
            expanded=False,
        ),
        page.guard(),
    ):
        own_case.form(cohort)
    case = own_case.current_case()
    evidence = header(cohort, case)
    if evidence:
        st.caption(
            _(
                "Only what moves the target of this case is marked. A finding that counts only together with another "
                "one stays unmarked where the other is absent: a symptom in a note, say, without its sign elsewhere."
            )
        )
    for problem in case.problems:
        st.warning(escape(problem), icon=":material/warning:")
    left, right = st.columns([5, 6], gap="medium")
    slots = {Kind.IMAGE: left, Kind.TEXT: left, Kind.SIGNAL: right, Kind.TABLE: right}
    if len({id(slots[spec.kind]) for spec in cohort.inputs.values()}) == 1:
        slots = dict.fromkeys(slots, st.container())
    for name in cohort.inputs:
        with slots[cohort.inputs[name].kind].container(border=True):
            card(cohort, case, name, evidence)


def header(cohort: Cohort, case: Case) -> bool:
    """Id, target and group; returns whether evidence is to be shown."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader(escape(case.id) if case.id != own_case.OWN else _("Your own case"), anchor=False, width="content")
        if case.target is not None:
            positive = cohort.schema.task == "binary" and case.target == cohort.schema.classes[1]
            st.badge(
                escape(
                    case.target if case.target == cohort.schema.target else f"{cohort.schema.target}: {case.target}"
                ),
                icon=":material/flag:",
                color="orange" if positive else "blue",
            )
        if case.group is not None and case.group != case.id:
            st.badge(_("group {name}").format(name=escape(case.group)), icon=":material/group:", color="gray")
        if any(case.evidence.values()):
            return linked.toggle(
                _("Show evidence"),
                "evidence",
                key="evidence-shown",
                help=_("Where the generator put the reasons for the target. Known for synthetic cases only."),
            )
    return False


def card(cohort: Cohort, case: Case, name: str, evidence: bool) -> None:
    input_viewer.head(name, cohort)
    if name not in case.values:
        input_viewer.missing(name)
        return
    proof = case.evidence.get(name, ()) if evidence else ()
    if evidence and not proof:
        st.caption(_("No evidence in this input."))
    input_viewer.show(name, case.values[name], cohort, key=f"case-{name}", evidence=proof)


PAGE.show(main)
