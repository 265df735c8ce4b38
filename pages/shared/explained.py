"""Which method's attention can be believed: explanations of all runs shown, put to the same tests."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.cohorts import Cohort
from mmcore.figures import rightness as drawn
from mmcore.figures.comparison import method_name
from mmcore.figures.rightness import explanation_name
from mmcore.progress import Step
from mmcore.runs import Run
from mmcore.settings import _
from pages.shared import charts, jobs, rightness, state
from pages.shared.compared import colours, is_single, label


def show(runs: list[Run], known: Cohort) -> None:
    """The headline, or the button that has the tests made."""
    fusing = [run for run in runs if not is_single(run)]
    if not fusing:
        return
    with st.container(border=True):
        st.markdown(
            _(
                "**Is the attention right?**  \n:small[:gray[A weight is worth little if it does not tell what the "
                "model used. Attention against known evidence, against deletion and against attributions.]]"
            )
        )
        rows = _tested(fusing, known)
        if rows:
            _results(rows, fusing, known)


def _tested(runs: list[Run], known: Cohort) -> list[dict[str, Any]] | None:
    purpose = f"explain {known.key} " + " ".join(sorted(run.key[:12] for run in runs))
    job = jobs.latest(purpose)
    if job is None:
        asked = st.button(
            _("Test the explanations of {count} methods").format(count=len(runs)), icon=":material/fact_check:"
        )
        if not asked and not state.bind("explained", False):
            return None
        state.set("explained", True)
        job = jobs.start(purpose, _work, runs, known, label=_("Testing explanations"))
        jobs.wait(job, 1.5)
    if job.active:
        jobs.watch(job)
        return None
    return job.result() if jobs.outcome(job) else None


def _work(runs: list[Run], known: Cohort, *, progress) -> list[dict[str, Any]]:
    rows = []
    for i, run in enumerate(runs):
        rows.append(studies.explain_run(run, known, cases=rightness.CASES, progress=progress))
        progress(Step(run.method, i + 1, len(runs)))
    return rows


def _results(rows: list[dict[str, Any]], runs: list[Run], known: Cohort) -> None:
    names = [label(run, runs) for run in runs]
    tints = colours(runs, known)
    table = _table(rows, names)
    st.dataframe(table, hide_index=True, alt=_("What the tests of explanations say, by method"))
    pointed = pd.DataFrame(
        [
            {"name": name, "input": input, **{key: hit[key] for key in ("hit", "low", "high", "chance", "cases")}}
            for name, row in zip(names, rows, strict=True)
            for input, hit in (row["pointing"] or {}).items()
        ]
    )
    if len(pointed):
        charts.show(
            drawn.pointing(pointed, tints),
            key="pointing-by-method",
            title=_("Pointing game on known evidence"),
            note=_(
                "share of cases whose strongest token lies on evidence, 95% interval; tick: chance. Methods without "
                "weights within inputs are asked by integrated gradients."
            ),
            data=pointed,
            alt=_("Hits on known evidence by method and input, with intervals and chance level"),
        )
    gains = pd.DataFrame([{"name": name, **_gain(row)} for name, row in zip(names, rows, strict=True)])
    charts.show(
        drawn.gains(gains, tints, title=_("area gained on a random order")),
        key="deletion-by-method",
        title=_("Taking away what is weighed most"),
        note=_("how much sooner the prediction falls than in a random order; 95% interval; right of zero is better"),
        data=gains,
        alt=_("Deletion test by method"),
    )


def _gain(row: dict[str, Any]) -> dict[str, float]:
    gap = row["explanations"][row["by"]]["deletion_vs_random"]
    return {"mean": -gap["mean"], "low": -gap["high"], "high": -gap["low"]}


def _table(rows: list[dict[str, Any]], names: list[str]) -> pd.DataFrame:
    told = []
    for name, row in zip(names, rows, strict=True):
        agreement = row["agreement"].get("integrated_gradients")
        told.append(
            {
                _("Method"): method_name(name),
                _("Shows"): {"tokens": _("tokens"), "inputs": _("inputs")}.get(row["attention"], _("no weights")),
                _("Judged by"): explanation_name(row["by"]),
                _("The model needs it"): _("yes") if row["faithful"] else _("no more than random"),
                _("Agreement"): None if agreement is None or agreement != agreement else round(agreement, 2),
                _("Verdict"): row["verdict"].replace(row["method"], method_name(name)),
            }
        )
    return pd.DataFrame(told)
