"""What a trained fusion model does with one case: where it looks, how, if that is right, and what would change it."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from mmcore.base.values import Case, Kind
from mmcore.cohorts import Cohort
from mmcore.explain.attention import Attention
from mmcore.figures import heat
from mmcore.fusion import fusions
from mmcore.runs import Run
from pages.frame import linked, own_case, page, url_state
from pages.frame.markdown import escape
from pages.frame.page import Page
from pages.fuse.attention import (
    attribution,
    cohort_maps,
    cohort_weights,
    linked_inputs,
    mechanism,
    prediction,
    two_cases,
    two_methods,
    weights_on_input,
)
from pages.parts import explanation_tests, finding, read_case, ready_to_run, run_picker, terms

PAGE = Page(
    _("Attention"),
    ":material/visibility:",
    _("Where a model looks in this case, and how sure it is. Where it looks is a clue to what it used, not a proof."),
)
VIEWS = {
    "case": _("This case"),
    "linked": _("Linked inputs"),
    "inside": _("Inside the method"),
    "beside": _("Two methods"),
    "cases": _("Two cases"),
    "cohort": _("Whole cohort"),
    "right": _("Is it right?"),
}


def main() -> None:
    if url_state.parameter("view", "") == "what-if":  # a link from when it was a view of this page
        url_state.set_parameter("view", None)
        page.switch_to("what_if")
    cohort = url_state.cohort()
    cohort.require_target()
    summaries = run_picker.summaries(cohort)
    if ready_to_run.waits_for_first(cohort, summaries):
        ready_to_run.first_comparison(
            cohort, _("With a trained model you see here where it looks in this case, and how sure it is.")
        )
        return
    case = own_case.current_case()
    top = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with top:
        run = run_picker.chosen(summaries, _("Model"), "attention-run")
    if run is None:
        return
    view = linked.choice(
        st.segmented_control,
        _("View"),
        VIEWS,
        "view",
        format_func=VIEWS.get,
        key="attention-view",
        label_visibility="collapsed",
    )
    with top:
        evidence = view in ("case", "beside", "cases") and evidence_wanted(case)
    with page.guard():
        show_view(view, run, cohort, case, evidence)


def show_view(view: str, run: Run, cohort: Cohort, case: Case, evidence: bool) -> None:
    if view == "cohort":
        with st.container(border=True):
            cohort_weights.show(run, cohort)
        cohort_maps.show(run, cohort)
        return
    if view == "right":
        explanation_tests.show(run, cohort)
        return
    with st.spinner(_("Running the model on this case…")):
        attention = prediction.attention_of(run, cohort, case)
    if view == "linked":
        linked_inputs.show(attention, cohort, case)
    elif view == "inside":
        mechanism.show(run, cohort, attention)
    elif view == "beside":
        two_methods.show(run, cohort, case, attention, evidence)
    elif view == "cases":
        two_cases.show(run, cohort, case, attention, evidence)
    else:
        this_case(run, cohort, case, attention, evidence)


def evidence_wanted(case: Case) -> bool:
    """Whether to draw the known reasons, for cases that have them."""
    if not any(case.evidence.values()):
        return False
    return linked.toggle(
        _("Show evidence"),
        "evidence",
        key="attention-evidence",
        help=_(
            "Dotted: the places that decide the target, as set when this case was made up. Known for "
            "synthetic cases only."
        ),
    )


def this_case(run: Run, cohort: Cohort, case: Case, attention: Attention, evidence: bool) -> None:
    with st.spinner(_("Running the model on this case…")):
        session = read_case.session_of(run, cohort, case)
        finding.say(read_case.answer_of(run, cohort, case).sentence())
    prediction.show(run, cohort, session, attention)
    chosen, by = attribution.choose((run, session, attention)), None
    if chosen != attribution.ATTENTION:
        by = attribution.report_of(run, cohort, session, chosen)
        if by is None:
            return
    else:
        prediction.say_share(attention)
    names = attribution.inputs_drawn(run, by)
    shown = {name: weights_on_input.weighed(name, case, attention, by) for name in names}
    scale = weights_on_input.scale_of(shown.values())
    shaded = any(cohort.inputs[name].kind is not Kind.TABLE for name in names)
    st.html(heat.legend(scale, attribution.toward(run, by), shaded))
    columns = st.columns(2 if len(names) > 1 else 1, gap="medium")
    for name, side in zip(names, weights_on_input.sides(names, cohort, case), strict=True):
        with columns[side].container(border=True), page.guard():
            weights_on_input.card(name, cohort, case, shown[name], scale, evidence)
    if by is not None:
        attribution.say_trust(run, by)
    terms.explain("attention", "head", "attribution", "token", "even share", "log-odds")
    if run.method == run.spec.fusion:
        st.caption(escape(fusions[run.spec.fusion].citation))


PAGE.show(main)
