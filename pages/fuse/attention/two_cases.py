"""One run on two cases: what it says of each, and where it looks."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mmcore.base.number_text import number_text
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.explain.attention import Attention
from mmcore.runs import Run
from mmcore.studies.prediction import decided
from pages.frame import own_case, selection, url_state
from pages.fuse.attention import prediction, side_by_side
from pages.fuse.attention.side_by_side import Side
from pages.parts import finding, read_case


def show(run: Run, cohort: Cohort, case: Case, attention: Attention, evidence: bool) -> None:
    """The case looked at on the left, another one beside it."""
    other = _pick(cohort, case)
    if other is None:
        st.info(_("There is no other case to compare with."), icon=":material/info:")
        return
    with st.spinner(_("Running the model on the other case…")):
        theirs = prediction.attention_of(run, cohort, other)
    finding.say(_difference(run, attention, theirs))
    name = own_case.title() if case.id == own_case.OWN else case.id
    sides = (
        Side(name, run, case, read_case.session_of(run, cohort, case), attention, "left"),
        Side(other.id, run, other, read_case.session_of(run, cohort, other), theirs, "right"),
    )
    side_by_side.show(sides, cohort, evidence)


def _pick(cohort: Cohort, case: Case) -> Case | None:
    """Another case: of the address, else the next of the selection, else one with another target."""
    ids = [id for id in selection.current(cohort) or cohort.ids if id != case.id] or [
        id for id in cohort.ids if id != case.id
    ]
    if not ids:
        return None
    bound = url_state.parameter("beside_case", "")
    start = ids.index(bound) if bound in ids else _unlike(cohort, case, ids)
    chosen: str = st.selectbox(_("Second case"), ids, index=start, key=f"beside-case-{len(ids)}-{case.id}")
    url_state.set_parameter("beside_case", chosen)
    return cohort.case(chosen)


def _unlike(cohort: Cohort, case: Case, ids: list[str]) -> int:
    """The first case whose target is another one, with all inputs that this one has."""
    if case.id not in cohort.ids or cohort.schema.task in (None, "regression"):
        return 0
    there = np.logical_and.reduce([cohort.present(name) for name in case.values])
    target = cohort.target
    own = target[cohort.position(case.id)]
    rows = [cohort.position(id) for id in ids]
    return next((at for at, row in enumerate(rows) if target[row] != own and there[row]), 0)


def _difference(run: Run, mine: Attention, theirs: Attention) -> str:
    """Whether the run says the same of both."""
    if run.spec.task == "regression":
        return _("Predicted: {own} for the first, {other} for the second.").format(
            own=number_text(mine.probabilities[0], 3), other=number_text(theirs.probabilities[0], 3)
        )
    if run.spec.task == "survival":
        return _("For the first the event has a probability of {own}, for the second of {other}.").format(
            own=decided(run, mine.probabilities), other=decided(run, theirs.probabilities)
        )
    if run.spec.task == "multilabel":
        own, other = (decided(run, prediction.probabilities).replace("_", " ") for prediction in (mine, theirs))
        return _("For the first the model predicts {own}, for the second {other}.").format(own=own, other=other)
    tops = [int(prediction.probabilities.argmax()) for prediction in (mine, theirs)]
    labels = [run.spec.classes[top].replace("_", " ") for top in tops]
    shares = [float(prediction.probabilities[top]) for prediction, top in zip((mine, theirs), tops, strict=True)]
    if tops[0] == tops[1]:
        return _("“{label}” is predicted for both: {own:.0%} and {other:.0%} likely.").format(
            label=labels[0], own=shares[0], other=shares[1]
        )
    return _(
        "“{label}” is predicted for the first, {own:.0%} likely; “{other_label}” for the second, {other:.0%} likely."
    ).format(label=labels[0], own=shares[0], other_label=labels[1], other=shares[1])
