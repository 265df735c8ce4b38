"""Is the attention right? One run's explanations put to the test: known evidence, deletion and insertion, agreement."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.base.capitals import capitalised
from mmcore.base.name_lists import list_of
from mmcore.base.progress import Progress
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.explain.explanation_summary import guides
from mmcore.figures import explanation_tests as drawn
from mmcore.figures.comparison import method_name
from mmcore.figures.explanation_tests import CONTROLS, EXPLANATION_COLOURS, explanation_name
from mmcore.runs import Run
from pages.frame import jobs
from pages.frame.markdown import escape
from pages.parts import chart

CASES = 100  # looked at


class Worth(Enum):
    """Of attention as an account of what a model used."""

    USEFUL = "useful"
    POOR = "poor"
    SILENT = "silent"  # it shows no weights that could be either


def show(run: Run, cohort: Cohort) -> None:
    """The verdict first, then the tests it rests on."""
    row = tested(run, cohort)
    if row is None:
        return
    verdict(run, row)
    if row["pointing"]:
        with st.container(border=True):
            _pointing(row)
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, height="stretch"):
        _curves(row, "deletion", run.spec.task == "regression")
    with right.container(border=True, height="stretch"):
        _curves(row, "insertion", run.spec.task == "regression")
    if row["agreement"]:
        with st.container(border=True):
            _agreement(row)
    with st.expander(_("How to read this"), icon=":material/help:"):
        st.markdown(reading(cohort))


def tested(run: Run, cohort: Cohort) -> dict[str, Any] | None:
    """The tests of this run, from disk where they are known; else a button that has them made, or their progress."""
    purpose = f"explain {run.key} {cohort.key}"
    job = jobs.latest(purpose)
    if job is None:
        row = studies.explained(run, CASES)
        if row is None:
            _offer(run, cohort, purpose)
        return row
    if job.active:
        with st.container(border=True):
            st.markdown(
                _("**The explanations are being tested** on up to {cases} cases; you may leave this page.").format(
                    cases=CASES
                )
            )
            jobs.watch(job)
        return None
    if not jobs.outcome(job):
        if st.button(_("Try again"), icon=":material/refresh:"):
            jobs.forget(purpose)
            st.rerun()
        return None
    return job.result()


def _offer(run: Run, cohort: Cohort, purpose: str) -> None:
    with st.container(border=True):
        st.markdown(
            _(
                "**Does the model need the places it looks at?**  \n:small[:gray[Not tested yet. Places are taken "
                "away and brought back in the order each explanation gives. Where the true evidence is known, the "
                "strongest places are compared with it.]]"
            )
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            if st.button(_("Test the explanations"), type="primary", icon=":material/fact_check:"):
                label = _("Testing the explanations of {method}").format(method=method_name(run.method))
                jobs.start(purpose, _test, run, cohort, label=label)
                st.rerun()
            st.caption(
                _("up to {cases} cases, usually in less than a minute; then the result is saved").format(cases=CASES),
                width="stretch",
            )


def _test(run: Run, cohort: Cohort, *, progress: Progress) -> dict[str, Any]:
    """Work of the job."""
    return studies.explain_run(run, cohort, cases=CASES, progress=progress)


def verdict(run: Run, row: dict[str, Any]) -> None:
    """What it comes to, in the colour of its first sentence."""
    show_message, icon = {
        Worth.USEFUL: (st.success, ":material/verified:"),
        Worth.SILENT: (st.info, ":material/info:"),
        Worth.POOR: (st.warning, ":material/report:"),
    }[worth(row)]
    show_message(escape(capitalised(row["verdict"].replace(run.method, method_name(run.method)))), icon=icon)


def worth(row: dict[str, Any]) -> Worth:
    """What the attention of a tested run is worth."""
    if row["attention"] is None:
        return Worth.SILENT
    return Worth.USEFUL if guides(row) else Worth.POOR


def gained(row: dict[str, Any], test: str, names: Sequence[str]) -> pd.DataFrame:
    """What these explanations gain on both controls in "deletion" or "insertion"; a smaller deletion area is a gain."""
    gains = [
        {"explanation": name, "control": control, **(_mirrored(gap) if test == "deletion" else gap)}
        for name in names
        for control in CONTROLS
        if (gap := row["explanations"][name].get(f"{test}_vs_{control}"))
    ]
    return pd.DataFrame(gains, columns=["explanation", "control", "mean", "low", "high"])


def _pointing(row: dict[str, Any]) -> None:
    table = pd.DataFrame(
        [
            {"name": name, "input": input, **{key: hit[key] for key in ("hit", "low", "high", "chance", "cases")}}
            for name, tests in row["explanations"].items()
            for input, hit in (tests["pointing"] or {}).items()
        ]
    )
    chart.show(
        drawn.pointing(table, EXPLANATION_COLOURS),
        key="pointing",
        title=_("Does it point at the known evidence?"),
        note=_("share of cases whose strongest place lies on evidence, 95% interval; tick: what chance would hit"),
        data=table,
        alt=_("Hits on known evidence by explanation and input, with intervals and chance level"),
    )
    if row["everywhere"]:
        st.caption(
            _("Not counted: {inputs}, where every token covers evidence.").format(
                inputs=escape(list_of(row["everywhere"]))
            )
        )


def _curves(row: dict[str, Any], test: str, of_number: bool) -> None:
    curves = {name: tests[f"{test}_curve"] for name, tests in row["explanations"].items() if f"{test}_curve" in tests}
    away = test == "deletion"
    note = _("the lower the better") if away else _("the higher the better")
    if of_number:
        note += _("; 50%: the prediction has moved by one standard deviation of the target")
    chart.show(
        drawn.perturbation(
            curves,
            EXPLANATION_COLOURS,
            title=_("share of tokens taken away") if away else _("share of tokens brought back"),
            of_number=of_number,
        ),
        key=f"curve-{test}",
        title=_("Taking away what matters first") if away else _("Bringing back what matters first"),
        note=note,
        data=pd.DataFrame({explanation_name(name): values for name, values in curves.items()}),
        alt=_("Curves of the prediction while tokens are taken away")
        if away
        else _("Curves of the prediction while tokens are brought back"),
    )
    table = gained(row, test, list(curves)).rename(columns={"explanation": "name"})
    chart.show(
        drawn.gains(table, EXPLANATION_COLOURS, title=_("area gained")),
        key=f"gain-{test}",
        title=_("Against a random order and even weights"),
        note=_("area between the curves, 95% interval over cases; right of zero is better"),
        data=table,
        alt=_("What each explanation gains over a random order and over even weights"),
    )


def _mirrored(gap: dict[str, float]) -> dict[str, float]:
    """A smaller deletion area is a gain."""
    return {"mean": -gap["mean"], "low": -gap["high"], "high": -gap["low"]}


def _agreement(row: dict[str, Any]) -> None:
    table = pd.DataFrame([{"name": name, **interval} for name, interval in row["agreement_intervals"].items()]).dropna(
        subset=["mean"]
    )
    if table.empty:
        return
    level = _("tokens") if row["agreement_level"] == "tokens" else _("inputs")
    chart.show(
        drawn.gains(table, EXPLANATION_COLOURS, title=_("rank correlation with attention")),
        key="agreement",
        title=_("Does attention agree with attributions?"),
        note=_(
            "Spearman's rank correlation over {level} (Shapley: inputs; Grad-CAM: within images), mean over cases, "
            "95% interval"
        ).format(level=level),
        data=table,
        alt=_("Rank correlation of attention with each attribution"),
    )


def reading(cohort: Cohort) -> str:
    """What the tests say and what they do not."""
    lines = [
        _(
            "- **Deletion and insertion**: tokens are taken away (brought back) in the order an explanation gives "
            "them. If it is right, the prediction falls (rises) sooner than in a random order."
        ),
        _(
            "- **Even weights**: every input gets the same weight, each of its tokens the same share. "
            "Attention that does no better has learnt nothing useful, even where it beats a random order: "
            "inputs with few tokens then merely come first."
        ),
        _(
            "- **Agreement**: attributions (gradients, occlusion, Shapley values) ask the model "
            "itself what it used. Attention that ranks tokens quite differently does not explain "
            "the prediction. 1: the same order, 0: nothing in common."
        ),
        _(
            "- What is explained is the model's own prediction, right or wrong. It comes from "
            "models that had not seen the case."
        ),
    ]
    if cohort.schema.synthetic:
        lines.insert(
            0,
            _(
                "- **Known evidence**: the generator knows where it put the reasons for the target. A hit means the "
                "strongest token lies on one of them."
            ),
        )
    return "\n".join(lines)
