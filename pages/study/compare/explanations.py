"""Which method's attention is a guide to what it used: explanations of all runs shown, put to the same tests."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.base.capitals import capitalised
from mmcore.base.progress import Progress, part_of
from mmcore.base.settings import _, counted
from mmcore.base.signed_numbers import signed
from mmcore.cohorts import Cohort
from mmcore.explain.explanation_summary import guides, overall
from mmcore.figures import explanation_tests as drawn
from mmcore.figures.comparison import method_name
from mmcore.figures.explanation_tests import explanation_name
from mmcore.runs import Run
from pages.frame import url_state
from pages.frame.markdown import escape
from pages.parts import chart, explanation_tests, on_request
from pages.parts.comparison import colours, is_single, label


def show(runs: list[Run], cohort: Cohort) -> None:
    """The headline, or the button that has the tests made."""
    fusing = [run for run in runs if not is_single(run)]
    if not fusing:
        return
    with st.container(border=True):
        st.markdown(
            _(
                "**Is the attention right?**  \n:small[:gray[Attention is worth little if it does not show what the "
                "model used. Three tests: does it point at the known evidence, does the answer change when those "
                "places are taken away, and do other explanations agree?]]"
            )
        )
        rows = _tested(fusing, cohort)
        if rows:
            _results(rows, fusing, cohort)


def _tested(runs: list[Run], cohort: Cohort) -> list[dict[str, Any]] | None:
    rows: list[dict[str, Any]] | None = on_request.result(
        f"explain {cohort.key} " + " ".join(sorted(run.key[:12] for run in runs)),
        _work,
        runs,
        cohort,
        label=_("Testing explanations"),
        offer=counted(len(runs), "Test its explanations", "Test the explanations of {count} methods"),
        about="",
        seconds=lambda: studies.testing_seconds(runs, explanation_tests.CASES),
        at_once=bool(url_state.parameter("explained", False)),
    )
    if rows:
        url_state.set_parameter("explained", True)
    return rows


def _work(runs: list[Run], cohort: Cohort, *, progress: Progress) -> list[dict[str, Any]]:
    rows = []
    for i, run in enumerate(runs):
        step = part_of(progress, method_name(run.method), i, len(runs))
        rows.append(studies.explain_run(run, cohort, cases=explanation_tests.CASES, progress=step))
    return rows


def _results(rows: list[dict[str, Any]], runs: list[Run], cohort: Cohort) -> None:
    names = [label(run, runs) for run in runs]
    tints = colours(runs, cohort)
    if sentence := overall(dict(zip(map(method_name, names), rows, strict=True))):
        st.markdown(f"**{escape(sentence)}**")
    table = _table(rows, names)
    st.dataframe(table, hide_index=True, alt=_("What the tests of explanations say, by method"))
    with st.expander(_("In words, method by method"), icon=":material/notes:"):
        st.markdown("\n".join(f"- {_verdict(row, name)}" for name, row in zip(names, rows, strict=True)))
    pointed = pd.DataFrame(
        [
            {"name": name, "input": input, **{key: hit[key] for key in ("hit", "low", "high", "chance", "cases")}}
            for name, row in zip(names, rows, strict=True)
            for input, hit in (row["pointing"] or {}).items()
        ]
    )
    if len(pointed):
        chart.show(
            drawn.pointing(pointed, tints),
            key="pointing-by-method",
            title=_("Does it point at the known evidence?"),
            note=_(
                "share of cases whose strongest place lies on evidence, 95% interval; tick: chance. "
                "Methods without weights within inputs are judged by integrated gradients, which follow "
                "the model's response on the way from an average case to the case itself."
            ),
            data=pointed,
            alt=_("Hits on known evidence by method and input, with intervals and chance level"),
        )
    weighing = [(name, row) for name, row in zip(names, rows, strict=True) if row["attention"]]
    if not weighing:
        none = counted(
            len(rows),
            "This method shows no weights that could be tested.",
            "None of these methods shows weights that could be tested.",
        )
        st.info(none, icon=":material/visibility_off:")
        return
    gains = pd.concat(
        [explanation_tests.gained(row, "deletion", [row["by"]]).assign(name=name) for name, row in weighing]
    )
    chart.show(
        drawn.gains(gains, tints, title=_("area gained")),
        key="deletion-by-method",
        title=_("Taking away what is weighed most"),
        note=_(
            "how much sooner the prediction falls than in a random order, and than if every input had the same "
            "weight; 95% interval; right of zero is better. A yes in the table may also rest on the opposite "
            "test, which puts back first what is weighed most"
        ),
        data=gains,
        alt=_("Deletion test by method"),
    )


def _verdict(row: dict[str, Any], name: str) -> str:
    return escape(capitalised(row["verdict"].replace(row["method"], method_name(name))))


def _finding(row: dict[str, Any]) -> str:
    """The verdict in two words."""
    if row["attention"] is None:
        return _("shows no weights")
    if guides(row):
        return _("a fair guide")
    if row["faithful"] and row["better_than_even"]:
        return _("hardly a guide")
    return _("a poor guide") if row["points"] else _("explains nothing")


def _table(rows: list[dict[str, Any]], names: list[str]) -> pd.DataFrame:
    """A row a method; what its attention is worth, and where it shows none what gradients say in its place."""
    yes, no = _("yes"), _("no")
    shows = {"tokens": _("tokens"), "inputs": _("whole inputs")}
    rows_shown = []
    for name, row in zip(names, rows, strict=True):
        agreement = row["agreement"].get("integrated_gradients")
        rows_shown.append(
            {
                _("Method"): method_name(name),
                _("Its attention"): _finding(row),
                _("Weighs"): shows.get(row["attention"], "–"),
                _("Judged by"): explanation_name(row["by"]),
                _("Beats random order"): yes if row["faithful"] else no,
                _("Beats even weights"): yes if row["better_than_even"] else no,
                _("Agreement"): signed(agreement, 2),
            }
        )
    return pd.DataFrame(rows_shown)
