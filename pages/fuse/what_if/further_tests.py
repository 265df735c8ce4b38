"""Which missing input would help most: what one more input did for the cases of the cohort that are like this one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.base.name_lists import list_of
from mmcore.base.number_text import number_text
from mmcore.base.settings import _, counted
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.explain.what_if import WhatIf
from mmcore.figures import edited_case as drawn
from mmcore.runs import Run
from mmcore.studies.missing_tests import TestWorth, worth_of_tests
from pages.frame import own_case
from pages.frame.markdown import escape
from pages.parts import chart


def show(run: Run, cohort: Cohort, case: Case, session: WhatIf) -> None:
    """The finding, the picture, and how it was found."""
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="medium"):
        heading = st.container(width="stretch")
        wanted = run.spec.task != "survival" and st.button(
            _("Work it out"), icon=":material/labs:", key="what-if-tests"
        )
    if run.spec.task == "survival":
        heading.markdown(
            _("**Which of this case's inputs mattered?**")
            + "  \n"
            + _("This is not worked out for times to an event: no answer about one case can be called right or wrong.")
        )
        return
    rows = _rows(run, cohort, case, session, wanted)
    lacking = [name for name in run.spec.inputs if name not in case.values]
    judged = [row for row in rows or () if np.isfinite(row.certainty)]
    of_missing = lacking and (not judged or any(not row.has for row in judged))
    asks = _("Which missing input would help most?") if of_missing else _("Which of this case's inputs mattered?")
    heading.markdown(f"**{asks}**  \n" + finding(run, rows))
    if not judged:
        return
    usable = list(judged)
    regression = run.spec.task == "regression"
    usable.sort(key=lambda row: row.certainty, reverse=not regression)  # what helps most comes first
    chart.show(
        drawn.worth(
            [(row.input, row.has, row.certainty, row.low, row.high) for row in usable],
            title=_("change of the error") if regression else _("change of certainty, in percentage points"),
            percent=not regression,
        ),
        key="what-if-worth",
        title=_("What each input did for cases like this one"),
        note=_("filled: this case lacks the input; ring: this case has it; line: 95% interval of the mean")
        if len({row.has for row in usable}) > 1
        else _("line: 95% interval of the mean"),
        data=pd.DataFrame([vars(row) for row in usable]),
        alt=_("Change of the error by one more input, with its interval")
        if regression
        else _("Change of certainty by one more input, with its interval"),
    )
    st.caption(_how(rows or [], run.spec.task))


def _rows(run: Run, cohort: Cohort, case: Case, session: WhatIf, wanted: bool) -> list[TestWorth] | None:
    """What was worked out; None until somebody asks, as it takes some seconds."""
    place = f"{run.key} {cohort.key} {own_case.sign(case)}"
    if wanted:
        with st.spinner(_("Asking cases like this one…")):
            st.session_state["what-if-worth-of"] = (place, worth_of_tests(run, cohort, case, session))
    earlier = st.session_state.get("what-if-worth-of")
    return earlier[1] if earlier is not None and earlier[0] == place else None


def finding(run: Run, rows: list[TestWorth] | None) -> str:
    """What came out, in words; before it is asked for, what will be done."""
    if rows is None:
        return _(
            ":small[:gray[Asks the model about the cases most like this one, once without each input and "
            "once with it.]]"
        )
    usable = [row for row in rows if np.isfinite(row.certainty)]
    if not rows:
        return _("At least two inputs are needed, since cases like this one are recognised by the other inputs.")
    if not usable:
        return _("Too few cases of the cohort have the same inputs as this one to answer this.")
    candidates = [row for row in usable if not row.has] or usable
    regression = run.spec.task == "regression"
    helping = [row for row in candidates if (row.high < 0 if regression else row.low > 0 and _points(row))]
    if not helping:
        return _nothing(candidates, regression)
    if regression:
        best = min(helping, key=lambda row: row.certainty)
        return _(
            "**{input}**: with it, the error of the answers to {cases} cases like this one was smaller "
            "by {less} on average (95% interval {low} to {high})."
        ).format(
            input=escape(best.input),
            cases=best.cases,
            less=number_text(-best.certainty, 3),
            low=number_text(-best.high, 3),
            high=number_text(-best.low, 3),
        )
    best = max(helping, key=lambda row: row.certainty)
    first = _("**{input}** made the answer surer") if best.has else _("**{input}** would make the answer surer")
    surer = counted(
        _points(best),
        ": with it the answers to {cases} cases like this one were {count} point surer "
        "(95% interval {low} to {high}), and ",
        ": with it the answers to {cases} cases like this one were {count} points surer "
        "(95% interval {low} to {high}), and ",
        cases=best.cases, low=f"{100 * best.low:.0f}", high=f"{100 * best.high:.0f}",
    )  # fmt: skip
    before, after = f"{best.right_before:.0%}", f"{best.right_after:.0%}"
    right = _("right in {after} instead of {before}.") if before != after else _("right as often ({after}).")
    return first.format(input=escape(best.input)) + surer + right.format(after=after, before=before)


def _points(row: TestWorth) -> int:
    """By how many points of a probability answers were surer, as it is read."""
    return max(round(100 * row.certainty), 0)


def _nothing(candidates: list[TestWorth], regression: bool) -> str:
    """That none of these inputs does clearly better than chance."""
    count, has, name = len(candidates), candidates[0].has, escape(candidates[0].input)
    if has and regression:
        return counted(
            count,
            "**{input}** did not clearly lower the error.",
            "No input of this case clearly lowered the error.",
            input=name,
        )
    if has:
        return counted(
            count,
            "**{input}** did not make the answer clearly surer.",
            "No input of this case made the answer clearly surer.",
            input=name,
        )
    if regression:
        return counted(
            count,
            "**{input}** would not clearly lower the error.",
            "No missing input would clearly lower the error.",
            input=name,
        )
    return counted(
        count,
        "**{input}** would not make the answer clearly surer.",
        "No missing input would make the answer clearly surer.",
        input=name,
    )


def _how(rows: list[TestWorth], task: str) -> str:
    judged = [row for row in rows if np.isfinite(row.certainty)]
    counts = dict.fromkeys(str(end(row.cases for row in judged)) for end in (min, max))
    first = _(
        "Each result comes from {count} cases of the cohort that have the input in question and all the "
        "other inputs of this case, and whose answers without that input were most like the answer for "
        "this case. They were read by models that had not seen them."
    ).format(count="\u00a0–\u00a0".join(counts))
    if left_out := [row.input for row in rows if not np.isfinite(row.certainty)]:
        few = _("Not judged, because too few cases have the same inputs: {inputs}.")
        first += " " + few.format(inputs=list_of(map(escape, left_out)))
    second = {
        "regression": _("The error is in the target's unit; less is better."),
        "multilabel": _(
            "Certainty is the probability of the label that was likeliest without the input; right is counted label by "
            "label. Surer is not always right: look at both."
        ),
    }.get(task, _("Certainty is the probability of the predicted class. Surer is not always right: look at both."))
    return f"{first} {second}"
