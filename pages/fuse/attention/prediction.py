"""What a run says of a case: its prediction, and the weight it gave each input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.base.capitals import capitalised
from mmcore.base.label_sets import BETWEEN
from mmcore.base.score_digits import written
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.explain.attention import Attention
from mmcore.explain.explanation_summary import MOSTLY
from mmcore.explain.what_if import WhatIf
from mmcore.figures import prediction as drawn
from mmcore.figures import theme
from mmcore.figures.comparison import method_name
from mmcore.runs import Run
from mmcore.studies.prediction import decided
from pages.frame import own_case, page
from pages.frame.markdown import escape
from pages.fuse.attention import attribution
from pages.parts import chart, event_curve, read_case

_ROW, _STACK = 44, 280  # pixels of a bar, and of what stands around those of two charts below one another
_BESIDE = 4  # classes, at most, for prediction and weights to fit below one another


def attention_of(run: Run, cohort: Cohort, case: Case) -> Attention:
    """What the run says of the case."""
    if case.id == own_case.OWN:
        return own_case.worked_out(f"attention {run.key}", case, lambda: studies.attend(run, None, case))
    return _cached(run.key, cohort.key, case.id, run, cohort, case)


@st.cache_resource(max_entries=64, show_spinner=False)
def _cached(run_key: str, cohort_key: str, case_id: str, _run: Run, _cohort: Cohort, _case: Case) -> Attention:
    return studies.attend(_run, _cohort, _case)


def show(run: Run, cohort: Cohort, session: WhatIf, attention: Attention) -> None:
    """Prediction, what each input adds to it and, where the method weighs its inputs, their weights."""
    left, right = st.columns(2, gap="medium")
    survival, regression = (run.spec.task == task for task in ("survival", "regression"))
    several = len(run.spec.classes) > _BESIDE and not survival
    below = left  # or wherever both sides then end about level: a curve fills its side alone, as many bars do
    if attention.weights:
        below = st.container() if survival else right if several else left
    alone = below is not left or not attention.weights
    with left.container(border=True, height="stretch" if alone else "content"):
        prediction(run, cohort, session.case, attention)
    if attention.weights:
        with below.container(border=True, height="content"):
            weights(run, cohort, attention)
    short = several or attribution.waits(run, cohort, session)  # a button alone needs no high card
    with right.container(border=True, height="content" if short else "stretch"), page.guard():
        rows = len(run.spec.classes) + len(attention.weights)
        stacked = not alone and not regression
        attribution.what_each_adds(run, cohort, session, _STACK + _ROW * rows if stacked else 0)


def say_share(attention: Attention) -> None:
    """That attention is only part of the story, where most of the answer is not the network's."""
    if (attention.weights or attention.maps) and attention.network_share < MOSTLY:
        st.caption(
            _(
                "Attention explains only the network, {share:.0%} of this answer. The rest comes from a "
                "simple model of each input; the other ways to explain, such as integrated gradients, "
                "cover both."
            ).format(share=attention.network_share)
        )


def weights(run: Run, cohort: Cohort, attention: Attention, key: str = "") -> None:
    """Bars of the weight of each input, or why there are none."""
    if not attention.weights:
        st.markdown(_("**Weight of each input**"))
        alone = len(run.spec.inputs) == 1
        st.info(
            _("This run reads a single input, so there is nothing to weigh it against.")
            if alone
            else _(
                "{method} does not weigh its inputs, so there is nothing to show here. Choose a gated or an "
                "attention method to see weights."
            ).format(method=escape(capitalised(method_name(run.method)))),
            icon=":material/visibility_off:",
        )
        return
    rows = pd.DataFrame(
        [(name, mean, sd) for name, (mean, sd) in attention.weights.items()], columns=["input", "weight", "sd"]
    )
    chart.show(
        drawn.input_weights(attention.weights, theme.colour_of_input(cohort.inputs), attention.missing),
        key=f"input-weights{key}",
        title=_("Weight of each input"),
        data=rows,
        note=over(attention),
        alt=_("Bars of the weight of each input"),
    )


def over(attention: Attention) -> str:
    if attention.replicates == 1:
        return _("one model: spread unknown")
    return _("mean of {count} models ± standard deviation").format(count=attention.replicates)


def warn_of_values(run: Run, case: Case) -> None:
    """Say which values an encoder can make little of."""
    for name, encoder in run.spec.make_encoders().items():
        reason = encoder.suits(case.values[name]) if name in case.values else None
        if reason:
            st.warning(f"**{escape(name)}**: {escape(reason)}", icon=":material/warning:")


def prediction(run: Run, cohort: Cohort, case: Case, attention: Attention, key: str = "") -> None:
    """The predicted class or value with its spread, and whether the models had seen the case."""
    note = over(attention)
    warn_of_values(run, case)
    seen = read_case.who_had_seen(run, cohort, case)
    if run.spec.task == "regression":
        value = float(attention.probabilities[0])
        st.metric(
            _("Predicted {target}").format(target=escape(run.spec.target or "")),
            written(value) + (f" ± {written(attention.spread[0], value)}" if attention.replicates > 1 else ""),
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
    if run.spec.task == "survival":
        event_curve.of_attention(run, cohort, case, attention, key=f"prediction{key}", note=note)
        st.caption(seen)
        return
    truth = str(case.target) if case.target is not None else None
    several = run.spec.task == "multilabel"
    classes = run.spec.classes
    order = np.arange(len(classes)) if len(classes) <= 12 else np.argsort(-attention.probabilities)[:12]
    names = [classes[i] for i in order]
    rows = pd.DataFrame({"class": run.spec.classes, "probability": attention.probabilities, "sd": attention.spread})
    chart.show(
        drawn.prediction(
            names,
            attention.probabilities[order],
            attention.spread[order],
            truth=truth.split(BETWEEN) if truth is not None and several else truth,
            colours=theme.class_colours(run.spec.classes),
        ),
        key=f"prediction{key}",
        title=_("Prediction of {target}").format(target=run.spec.target),
        note=note,
        data=rows,
        alt=_("Bars of the predicted probability of each class"),
    )
    marks = "" if truth is None else _("✓ marks the true labels.") if several else _("✓ marks the true class.")
    called = _("Predicted: {labels}.").format(labels=escape(decided(run, attention.probabilities))) if several else ""
    about = (
        _("What follows explains the likeliest label, {label}.").format(
            label=escape(classes[int(np.argmax(attention.probabilities))])
        )
        if several
        else ""
    )
    st.caption(" ".join(filter(None, (called, marks, about, seen))))
