"""Does this cohort need fusion at all: the answer first, then the differences it rests on."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.base.languages import language
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.evaluation import FusionNeed, metric_label
from mmcore.evaluation.need import Question
from mmcore.figures import method_intervals
from mmcore.figures.comparison import method_name
from mmcore.runs import Run
from mmcore.studies.need import FusionVerdict, fusion_verdict
from pages.frame import cohort_picker, url_state
from pages.frame.markdown import escape
from pages.parts import chart


def show(runs: list[Run], cohort: Cohort) -> None:
    """The verdict on the runs shown, the first of each method."""
    by_method = {run.method: run for run in reversed(runs)}
    keys = " ".join(run.key for run in by_method.values())
    with st.container(border=True):
        st.markdown(_("**Does this cohort need fusion?**"))
        with st.spinner(_("Comparing the methods…")):
            verdict = _verdict(keys, cohort.key, language(), cohort, by_method)
        st.markdown(escape(verdict.text))
        if verdict.need is not None and verdict.fusion is not None:
            differences(verdict.need, verdict.fusion)
        elif url_state.parameter("shown", []):  # runs picked below, which leave the question open
            st.button(
                _("Back to the newest of each method"),
                icon=":material/undo:",
                key="need-usual",
                on_click=url_state.set_parameter,
                args=("shown", None),
            )
        if len(studies.usable_inputs(cohort)) < 2:
            st.caption(
                _(
                    "Fusion takes two inputs or more. Where one table holds things of several kinds, such as lab "
                    "values and questionnaires, its columns can be split into inputs of their own."
                )
            )
            cohort_picker.offer_roles(cohort)


@st.cache_data(max_entries=64, show_spinner=False)
def _verdict(keys: str, cohort_key: str, language: str, _cohort: Cohort, _by_method: dict[str, Run]) -> FusionVerdict:
    return fusion_verdict(_cohort, _by_method)


def differences(need: FusionNeed, fusion: str) -> None:
    """The questions of the verdict, a row each."""
    name, single = method_name(fusion), need.best_input
    questions = [
        (_("several inputs together, against {input} alone").format(input=single), need.several_inputs),
        (_("{fusion} against {input} alone").format(fusion=name, input=single), need.beyond_one),
        (_("{fusion} against the average of single-input models").format(fusion=name), need.beyond_average),
        (_("{fusion} against adding up what each input says").format(fusion=name), need.beyond_adding),
    ]
    rows = pd.DataFrame([_row(text, q) for text, q in questions if q is not None])
    chart.show(
        method_intervals.differences(rows, need.metric, margin=need.margin),
        key="fusion-need",
        note=_("95% intervals that hold for all of these together"),
        title=_("What the answer rests on"),
        data=rows,
        alt=_("Differences in {metric} between fusion, single inputs and their average").format(
            metric=metric_label(need.metric)
        ),
    )


def _row(text: str, question: Question) -> dict[str, str | float | None]:
    gap = question.difference
    return {
        "method": text,
        "mean": gap.difference,
        "low": gap.low,
        "high": gap.high,
        "more_cases": question.more_cases,
    }
