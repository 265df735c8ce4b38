"""One case: every input shown as its kind deserves, with its target and, where known, the evidence for it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mmcore.base.name_lists import first_of, list_of
from mmcore.base.number_text import cell_text
from mmcore.base.settings import _
from mmcore.base.values import Case, Kind, Signal
from mmcore.cohorts import Cohort
from mmcore.encoders.signal.delineation import Delineation, delineate
from mmcore.figures import table_row
from pages.explore.case import time_to_event, where_is_it
from pages.frame import linked, own_case, page, tour, url_state
from pages.frame.markdown import escape
from pages.frame.page import Page
from pages.parts import finding, input_viewer

PAGE = Page(
    _("Case"),
    ":material/clinical_notes:",
    _(
        "Everything about one case: zoom into the image, read the note, follow the signal, compare the values "
        "with the cohort."
    ),
)
_TALL = {Kind.IMAGE: 6.0, Kind.TEXT: 2.5, Kind.SIGNAL: 8.0}  # of a card, roughly
_NAMED = 3  # unusual values, at most


def main() -> None:
    cohort = url_state.cohort()
    own(cohort)
    case = own_case.current_case()
    finding.say(in_words(cohort, case))
    evidence = header(cohort, case)
    if evidence:
        st.caption(
            _(
                "Only evidence that decides this case is marked. Some of it counts only in pairs, such "
                "as a symptom together with a sign: where one of the pair is absent, the other is not "
                "marked."
            )
        )
    for problem in case.problems:
        st.warning(escape(problem), icon=":material/warning:")
    columns, filled = st.columns(2 if len(cohort.inputs) > 1 else 1, gap="medium"), [0.0, 0.0]
    for name, spec in cohort.inputs.items():
        side = int(filled[1] < filled[0]) if len(columns) > 1 else 0
        filled[side] += _TALL.get(spec.kind, 1.5 + 0.6 * len(spec.table)) if name in case.values else 1
        with columns[side].container(border=True):
            card(cohort, case, name, evidence)
    time_to_event.show(cohort, case)
    where_is_it.show(cohort, case.id)


def own(cohort: Cohort) -> None:
    """The way to a case of one's own: an example to try, or files, words and values."""
    with st.container(border=True, gap="small"):
        words, example = st.columns([4, 1], vertical_alignment="center")
        words.markdown(
            _(
                "**A case of your own.** :gray[Any of the inputs will do. The case stays in this session, and "
                "nobody else sees it.]"
            )
            if own_case.upload() is None
            else _(
                "**This case is an example, made up as if it were your own.** :gray[It is not part of the cohort; "
                "*Forget my data*, at the left, goes back to the cohort's cases.]"
            )
            if own_case.is_example()
            else _(
                "**This is your own case.** :gray[The case stays in this session; *Forget my data*, at the left, "
                "removes it.]"
            )
        )
        if own_case.has_examples(cohort):
            example.button(
                _("Try an example"),
                icon=":material/science:",
                key="own-example",
                width="stretch",
                help=_("A made-up case that is not part of this cohort. Each press gives another."),
                on_click=own_case.try_example,
                args=(cohort,),
            )
        title = _("Enter your own") if own_case.upload() is None or own_case.is_example() else _("Change it")
        with st.expander(title, icon=":material/upload_file:", expanded=False), page.guard():
            own_case.form(cohort)


def in_words(cohort: Cohort, case: Case) -> str:
    """What stands out of a case: what is missing, and which values are unusual in this cohort."""
    missing = [name for name in cohort.inputs if name not in case.values]
    sentences = [_("Missing: {inputs}.").format(inputs=list_of(missing)) if missing else _("No input is missing.")]
    rare = [
        words
        for name, spec in cohort.inputs.items()
        if spec.kind is Kind.TABLE and isinstance(row := case.values.get(name), Mapping)
        for words in table_row.unusual(row, cohort.table, spec)
    ]
    if rare:
        sentences.append(_("Unusual in this cohort: {values}.").format(values=first_of(rare, _NAMED)))
    elif any(spec.kind is Kind.TABLE and name in case.values for name, spec in cohort.inputs.items()):
        sentences.append(_("No value of this case is unusual in this cohort."))
    return " ".join(sentences)


def header(cohort: Cohort, case: Case) -> bool:
    """Id, what is known to be true, and group; returns whether evidence is to be shown."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        name = escape(case.id) if case.id != own_case.OWN else own_case.title()
        st.markdown(f"**{name}**", width="content")
        if case.target is not None and tour.number() != 1:  # whose first step is a guess of one's own
            target = cell_text(case.target)
            positive = cohort.schema.task == "binary" and case.target == cohort.schema.classes[1]
            st.badge(
                escape(target if target == cohort.schema.target else f"{cohort.schema.target}: {target}"),
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
                help=_(
                    "The places that decide the target, as set when this case was made up. Known for "
                    "synthetic cases only."
                ),
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

    def waves(signal: Signal) -> Delineation:
        leads = cohort.inputs[name].channel_names
        return own_case.worked_out(f"waves {cohort.key} {name}", case, lambda: delineate(signal, leads))

    input_viewer.show(name, case.values[name], cohort, key=f"case-{name}", evidence=proof, waves=waves)


PAGE.show(main)
