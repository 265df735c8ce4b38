"""Which one change flips it: single changes tried one by one, and made by a click."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.base.settings import _, counted
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.explain.counterfactual import Change, counterfactuals
from mmcore.explain.what_if import WhatIf, WhatIfAnswer
from mmcore.figures import theme
from mmcore.figures import what_if as drawn
from mmcore.runs import Run
from pages.frame import own_case
from pages.frame.markdown import escape
from pages.fuse.what_if import edit_state
from pages.parts import chart

_SHOWN = 12  # changes listed


def show(run: Run, cohort: Cohort, case: Case, session: WhatIf) -> None:
    """Single changes tried one by one: each input taken away, each column set otherwise, words, regions, seconds."""
    regression = run.spec.task in ("regression", "survival")
    place = f"searched-{run.key}-{cohort.key}-{own_case.sign(case)}"
    results = st.session_state.get(own_case.SEARCH)
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="medium"):
        asks = (
            _("Which single change moves the answer most?")
            if regression
            else _("Which single change leads to other labels?")
            if run.spec.task == "multilabel"
            else _("Which single change flips the answer?")
        )
        heading, answer = st.container(width="stretch"), None
        if st.button(_("Search"), icon=":material/travel_explore:", key="what-if-search"):
            with st.spinner(_("Trying single changes…")):
                results = (place, counterfactuals(session, studies.alternatives(cohort)))
            st.session_state[own_case.SEARCH] = results
        if results is not None and results[0] == place:
            answer = results[1]
        heading.markdown(f"**{asks}**  \n" + in_words(answer, regression, labels=run.spec.task == "multilabel"))
    if answer:
        _picture(run, cohort, session.start, answer[:_SHOWN], answer)
        _make(case, answer[:_SHOWN])


def in_words(changes: Sequence[Change] | None, regression: bool, labels: bool = False) -> str:
    """Whether a single change does it; before the search what will be tried."""
    if changes is None:
        return _(
            ":small[:gray[Tries one change at a time, on the case as it came: takes away an "
            "input, a word, a sentence, a region or a stretch, or puts in a value that other "
            "cases have.]]"
        )
    flips = [change for change in changes if change.flips]
    if not changes:
        return _("No single change could be tried on this case.")
    if regression:
        return counted(
            len(changes),
            "{change} was the only change tried.",
            "{change} moves the prediction most, of {count} changes tried.",
            change=f"**{escape(changes[0].what)}**",
        )
    if labels:
        return _of_labels(changes, flips)
    if not flips:
        return counted(
            len(changes),
            "The only change tried does not flip the prediction: it may rest on more than one thing, or on something "
            "not tried.",
            "None of the {count} changes tried flips the prediction alone: it may rest on more than one thing, or "
            "on something not tried.",
        )
    change = f"**{escape(flips[0].what)}**"
    if len(flips) > 1:
        words = _("{change} flips the prediction. Of {total} changes tried, {count} do.")
        return words.format(change=change, count=len(flips), total=len(changes))
    return counted(
        len(changes),
        "{change}, the only change tried, flips the prediction.",
        "{change} flips the prediction, the only one of {count} changes tried that does.",
        change=change,
    )


def _of_labels(changes: Sequence[Change], flips: Sequence[Change]) -> str:
    """The same where several labels are predicted: a set of them does not flip."""
    if not flips:
        return counted(
            len(changes),
            "The only change tried does not lead to other labels: those predicted may rest on more than one thing, or "
            "on something not tried.",
            "None of the {count} changes tried alone leads to other labels: those predicted may rest on more than one "
            "thing, or on something not tried.",
        )
    change = f"**{escape(flips[0].what)}**"
    if len(flips) > 1:
        words = _("{change} leads to other labels. Of {total} changes tried, {count} do.")
        return words.format(change=change, count=len(flips), total=len(changes))
    return counted(
        len(changes),
        "{change}, the only change tried, leads to other labels.",
        "{change} leads to other labels, the only one of {count} changes tried that does.",
        change=change,
    )


def _picture(
    run: Run,
    cohort: Cohort,
    start: WhatIfAnswer,
    shown: Sequence[Change],
    every: Sequence[Change],
) -> None:
    rows = pd.DataFrame(
        [(change.input, change.kind, change.what, change.effect, change.flips) for change in every],
        columns=["input", "kind", "change", "effect", "flips"],
    )
    first = rows.head(len(shown))
    chart.show(
        drawn.changes(
            first["change"].tolist(),
            first["effect"].to_numpy(),
            first["flips"].tolist(),
            first["input"].tolist(),
            theme.colour_of_input(cohort.inputs),
            target=run.spec.target if run.spec.task == "regression" else None,
            horizon=run.spec.classes[run.fitted.task.main_horizon] if run.spec.task == "survival" else None,
            label=run.spec.classes[start.chosen].replace("_", " ") if run.spec.task == "multilabel" else None,
        ),
        key="what-if-changes",
        title=_("What moves the prediction most"),
        note=_mark(run, shown) + _("colour: the input; each change was really made, and the model asked again"),
        data=rows,
        alt=_("Bars of the effect of single changes"),
    )


def _mark(run: Run, shown: Sequence[Change]) -> str:
    """What the mark before a change means, where there is one."""
    if run.spec.task in ("regression", "survival") or not any(change.flips for change in shown):
        return ""
    return _("● other labels are predicted; ") if run.spec.task == "multilabel" else _("● flips the answer; ")


def _make(case: Case, shown: Sequence[Change]) -> None:
    """Make one of them: it then stands among the changes above, and can be taken back."""
    names = [f"{change.input}: {change.what}" for change in shown]

    def make() -> None:
        picked = st.session_state["what-if-make"]
        if picked is not None:
            change = shown[names.index(picked)]
            own = change.as_edits(case)
            edit_state.change(case, change.input, **own.model_dump(exclude_defaults=True))

    st.selectbox(
        _("Make one of these changes"),
        names,
        index=None,
        key="what-if-make",
        placeholder=_("Choose a change"),
        on_change=make,
    )
