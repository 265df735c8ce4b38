"""Where a trained fusion model attends in one case: inputs, image regions, words, seconds, columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.cases import Case
from mmcore.cohorts import Cohort
from mmcore.explain.attention import Attention
from mmcore.figures import attention as drawn
from mmcore.figures import theme
from mmcore.figures.comparison import method_name
from mmcore.fusion import fusions
from mmcore.runs import Run
from mmcore.settings import _
from pages.shared import attended, charts, jobs, runs_of, shell, state, uploads

QUICK = "cross_attention"  # shows the most: inputs, tokens, and what looks at what


def main() -> None:
    known = state.cohort()
    known.require_target()
    found = runs_of.summaries(known)
    if not found:
        nothing_yet(known)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        run = runs_of.chosen(found, _("Trained run"), "attention-run")
        case = uploads.current_case()
        evidence = False
        if any(case.evidence.values()):
            evidence = st.toggle(
                _("Show evidence"),
                value=state.bind("evidence", False),
                key="attention-evidence",
                help=_("Dotted: where the generator put the reasons for the target. Known for synthetic cases only."),
            )
            state.set("evidence", evidence or None)
    if run is None:
        return
    st.caption(
        shell.escape(fusions[run.spec.fusion].citation)
        if run.method == run.spec.fusion
        else _("A single input, without fusion.")
    )
    with st.spinner(_("Running the model on this case…")):
        attention = (
            studies.attend(run, None, case)
            if case.id == uploads.OWN
            else kept(run.key, known.key, case.id, run, known, case)
        )
    summary(run, known, case, attention)
    inputs(run, known, case, attention, evidence)
    if attention.cross:
        with st.container(border=True):
            attended.cross(attention, known, case)


@st.cache_resource(max_entries=64, show_spinner=False)
def kept(run_key: str, cohort_key: str, case_id: str, _run: Run, _known: Cohort, _case: Case) -> Attention:
    return studies.attend(_run, _known, _case)


def nothing_yet(known: Cohort) -> None:
    """No run of this cohort: train one here, or go and choose how."""
    purpose = f"quick {known.key}"
    job = jobs.latest(purpose)
    with st.container(border=True):
        st.subheader(_("No model is trained on this cohort yet"), anchor=False)
        st.markdown(
            _(
                "Attention belongs to a trained fusion model. A first one takes about a minute on a small "
                "machine, most of it to encode the cohort once."
            )
        )
        if job is not None and job.active:
            jobs.watch(job)
            return
        if job is not None:
            jobs.outcome(job)
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(
                _("Train a first model here"),
                type="primary",
                icon=":material/bolt:",
                help=_("Cross-attention over all inputs, 5 folds, 3 seeds."),
            ):
                jobs.start(
                    purpose,
                    quick,
                    known,
                    state.encoders(known),
                    label=_("First model of {cohort}").format(cohort=known.name),
                )
                st.rerun()
            runs_of.link("train", _("Choose method and settings"), ":material/model_training:")


def quick(known: Cohort, encoders, *, progress) -> str:
    """Work of the first job. Returns the key of the run."""
    return studies.train(known, studies.plan(known, QUICK, encoders, seeds=3), progress=progress).key


def summary(run: Run, known: Cohort, case: Case, attention: Attention) -> None:
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, height="stretch"):
        prediction(run, known, case, attention)
    with right.container(border=True, height="stretch"):
        if not attention.weights:
            st.markdown(_("**Weight of each input**"))
            alone = len(run.spec.inputs) == 1
            st.info(
                _("This run reads a single input, so there is nothing to weigh it against.")
                if alone
                else _(
                    "{method} does not weigh its inputs, so there is nothing to show here. Choose a gated or an "
                    "attention method to see weights."
                ).format(method=method_name(run.method).capitalize()),
                icon=":material/visibility_off:",
            )
            return
        rows = pd.DataFrame(
            [(name, mean, sd) for name, (mean, sd) in attention.weights.items()], columns=["input", "weight", "sd"]
        )
        charts.show(
            drawn.input_weights(attention.weights, theme.colour_of_input(known.inputs), attention.missing),
            key="input-weights",
            title=_("Weight of each input"),
            data=rows,
            note=over(attention),
            alt=_("Bars of the weight of each input"),
        )


def over(attention: Attention) -> str:
    if attention.replicates == 1:
        return _("one model: spread unknown")
    return _("mean ± sd over {count} models").format(count=attention.replicates)


def beyond(run: Run, known: Cohort) -> str:
    """What an answer about a case from outside the cohort is worth."""
    made_up = _(" synthetic") if known.schema.synthetic else ""
    return _(
        "Your case comes from outside this cohort; the models learnt from its {n}{made_up} cases only. This is not a diagnosis."
    ).format(n=run.cases, made_up=made_up)


def doubts(run: Run, case: Case) -> None:
    """Say which values an encoder can make little of."""
    for name, encoder in run.spec.make_encoders().items():
        reason = encoder.suits(case.values[name]) if name in case.values else None
        if reason:
            st.warning(f"**{shell.escape(name)}**: {shell.escape(reason)}", icon=":material/warning:")


def prediction(run: Run, known: Cohort, case: Case, attention: Attention) -> None:
    note = over(attention)
    doubts(run, case)
    seen = (
        beyond(run, known)
        if case.id == uploads.OWN
        else _("No model here had seen this case.")
        if attention.out_of_fold
        else _("These models may have seen this case while training.")
    )
    if run.spec.task == "regression":
        st.metric(
            _("Predicted {target}").format(target=run.spec.target or ""),
            f"{attention.probabilities[0]:.3g} ± {attention.spread[0]:.2g}",
            help=note,
        )
        st.caption(
            " ".join(
                filter(
                    None, (_("True value: {value}.").format(value=case.target) if case.target is not None else "", seen)
                )
            )
        )
        return
    truth = str(case.target) if case.target is not None else None
    classes = run.spec.classes
    order = np.arange(len(classes)) if len(classes) <= 12 else np.argsort(-attention.probabilities)[:12]
    names = [classes[i] for i in order]
    rows = pd.DataFrame({"class": run.spec.classes, "probability": attention.probabilities, "sd": attention.spread})
    charts.show(
        drawn.prediction(
            names,
            attention.probabilities[order],
            attention.spread[order],
            truth=truth,
            colours=theme.class_colours(run.spec.classes),
        ),
        key="prediction",
        title=_("Prediction of {target}").format(target=run.spec.target),
        note=note,
        data=rows,
        alt=_("Bars of the predicted probability of each class"),
    )
    st.caption(" ".join(filter(None, (_("✓ marks the true class.") if truth is not None else "", seen))))


def inputs(run: Run, known: Cohort, case: Case, attention: Attention, evidence: bool) -> None:
    if not attention.maps:
        st.info(
            _(
                "This method averages each input's tokens before fusing them, so it has no weights within an "
                "input. Cross-attention has."
            ),
            icon=":material/visibility_off:",
        )
        runs_of.link("train", _("Train cross-attention"), ":material/model_training:", method=QUICK)
        return
    columns = st.columns(2, gap="medium")
    for i, name in enumerate(run.spec.inputs):
        with columns[i % 2].container(border=True), shell.guard():
            attended.card(name, known, case, attention, evidence)


shell.page(
    _("Attention"),
    _(
        "Where a trained fusion model looks in this case, and how sure it is. Attention is a clue to what was "
        "used, not a proof of why."
    ),
    ":material/visibility:",
)
with shell.guard():
    main()
