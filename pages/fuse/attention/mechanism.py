"""Inside a fusion method, for one case: gates, experts, edges, layers and heads, each drawn as what it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.base.capitals import capitalised
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.explain.attention import Attention
from mmcore.explain.in_words import weights_in_words
from mmcore.explain.links import heads_and_layers, joint
from mmcore.figures import mechanism as drawn
from mmcore.figures import theme
from mmcore.figures.comparison import method_name
from mmcore.fusion import fusions
from mmcore.runs import Run
from pages.frame.markdown import escape
from pages.parts import chart, finding, method_picker


def show(run: Run, cohort: Cohort, attention: Attention) -> None:
    """What the method did in this case, beside how it is built."""
    part = fusions[run.spec.fusion]
    shares = {name: mean for name, (mean, _sd) in attention.weights.items() if name not in attention.missing}
    finding.say(weights_in_words(shares) or _without_weights(run, [*shares]))
    with st.container(border=True):
        st.markdown(_("**How {method} is built**").format(method=method_name(part.name)))
        method_picker.drawing(part, run.spec.inputs)
        method_picker.formula(part)
    maps = attention.raw
    views = {
        gates: maps.gates,
        experts: maps.experts,
        edges: maps.edges,
        layers: maps.self_attention if maps.edges is None else None,
        latents: maps.latents,
    }
    if all(values is None for values in views.values()):
        with st.container(border=True):
            method_picker.words(part, *st.columns(3, gap="medium"))
        _nothing_inside(run, links=bool(maps.cross), weighs=bool(attention.weights))
        return
    left, right = st.columns([2, 3], gap="medium")
    with left.container(border=True, height="stretch"):
        method_picker.words(part)
    with right:
        for draw, values in views.items():
            if values is not None:
                with st.container(border=True, height="stretch"):
                    draw(values, run, cohort, attention)


def _without_weights(run: Run, weighed: Sequence[str]) -> str:
    """What there is to say where no inputs are weighed against one another. weighed: of the case, one at most."""
    if len(run.spec.inputs) == 1:
        return _("A single input, without fusion: there is nothing to weigh.")
    if weighed:
        return _("This case has only {input}, which gets all the weight.").format(input=weighed[0])
    return _("The method combines the inputs without weighing them.")


def _nothing_inside(run: Run, links: bool, weighs: bool) -> None:
    if links:
        sentence = _(
            "{method} lets inputs look at each other: *Linked inputs* shows what each word or region attends to."
        )
    elif weighs:
        sentence = _("{method} shows no weights but those of the inputs, so there is nothing inside to look at.")
    else:
        sentence = _("{method} shows no weights, so there is nothing inside to look at.")
    st.info(
        sentence.format(method=escape(capitalised(method_name(run.method)))),
        icon=":material/link:" if links else ":material/visibility_off:",
    )


def gates(values: np.ndarray, run: Run, cohort: Cohort, attention: Attention) -> None:
    chart.show(
        drawn.gates(values, run.spec.inputs, theme.colour_of_input(cohort.inputs)),
        key="gates",
        title=_("Gates"),
        note=_("a gate sets how much of each input enters each number of the fused result; line: the mean"),
        data=_frame(values, run.spec.inputs, "feature"),
        alt=_("Distribution of the gates of each input over features"),
    )


def experts(values: np.ndarray, run: Run, cohort: Cohort, attention: Attention) -> None:
    names = [str(i + 1) for i in range(len(values))]
    chart.show(
        drawn.experts(values, names),
        key="experts",
        title=_("Experts"),
        note=_("an expert is a small network inside the method; colour: how much each counts; {models}").format(
            models=_("one model: spread unknown")
            if len(values) == 1
            else _("a row for each model, which has experts of its own")
        ),
        data=pd.DataFrame(values, index=pd.Index(names, name="model")),
        alt=_("Heatmap of the weight of each expert in each model"),
    )


def edges(values: np.ndarray, run: Run, cohort: Cohort, attention: Attention) -> None:
    values = values.mean(0)
    chart.show(
        drawn.edges(values, run.spec.inputs, theme.colour_of_input(cohort.inputs), attention.missing),
        key="edges",
        title=_("Which input reads which"),
        note=_("arrows point to the input that reads; ring: what an input keeps to itself; {models}").format(
            models=_("of one model")
            if attention.replicates == 1
            else _("mean over {count} models").format(count=attention.replicates)
        ),
        data=pd.DataFrame(values, index=pd.Index(run.spec.inputs, name="listener"), columns=run.spec.inputs),
        alt=_("Graph of how much each input reads from each of the others"),
    )


def latents(values: np.ndarray, run: Run, cohort: Cohort, attention: Attention) -> None:
    model = _model(values)
    present = [i for i, name in enumerate(run.spec.inputs) if name not in attention.missing]
    weights = values[model][:, present]
    names, inputs = [str(i + 1) for i in range(len(weights))], [run.spec.inputs[i] for i in present]
    chart.show(
        drawn.latents(weights, inputs),
        key="latents",
        title=_("What each latent reads"),
        note=_(
            "a latent is a slot the method learns to fill; shown: how its reading is divided among "
            "the inputs, in one model"
        ),
        data=pd.DataFrame(weights, index=pd.Index(names, name="latent"), columns=inputs),
        alt=_("Heatmap of how much each latent reads of each input"),
    )


def _model(values: np.ndarray) -> int:
    """Which of the models to look at; they have no features in common."""
    return st.selectbox(_("Model"), range(len(values)), format_func=lambda i: str(i + 1), key="inside-model", width=110)


def layers(values: np.ndarray, run: Run, cohort: Cohort, attention: Attention) -> None:
    heads, count = heads_and_layers(attention.raw)
    with st.container(horizontal=True, gap="medium"):
        model = _model(values)
        layer = st.selectbox(
            _("Layer"),
            [None, *range(count)],
            format_func=lambda i: _("all together") if i is None else str(i + 1),
            key=f"inside-layer-{count}",
            width=160,
        )
        head = st.selectbox(
            _("Attention head"),
            [None, *range(heads)],
            format_func=lambda i: _("mean") if i is None else str(i + 1),
            key=f"inside-head-{heads}",
            width=110,
        )
    weights = joint(values[model : model + 1], head=head, layer=layer)[0]
    names, present = _sequence(run.spec.inputs, weights.shape[0], attention)
    weights = weights[np.ix_(present, present)]
    chart.show(
        drawn.joint_map(weights, names),
        key="joint",
        title=_("What attends to what"),
        note=_("of one model, since each model sums up the inputs in its own way; grey: what a token keeps to itself"),
        data=pd.DataFrame(weights, index=names, columns=names),
        alt=_("Heatmap of self-attention in the joint sequence"),
    )


def _sequence(inputs: Sequence[str], length: int, attention: Attention) -> tuple[list[str], list[int]]:
    """Names and places of a joint sequence: the summaries of each input that is there, and what the method adds."""
    queries = next((pool.shape[1] for pool in attention.raw.pools.values()), 1)
    owners = [name for name in inputs for _query in range(queries)][:length]
    named = [f"{name} {i % queries + 1}" if queries > 1 else name for i, name in enumerate(owners)]
    added = length - len(owners)
    named += (
        [_("added by the method")]
        if added == 1
        else [_("added by the method {n}").format(n=i + 1) for i in range(added)]
    )
    present = [i for i in range(length) if i >= len(owners) or owners[i] not in attention.missing]
    return [named[i] for i in present], present


def _frame(values: np.ndarray, inputs: Sequence[str], unit: str) -> pd.DataFrame:
    """[R, M, D] as one row for each model, input and feature."""
    models, _inputs, width = values.shape
    index = pd.MultiIndex.from_product(
        [range(1, models + 1), inputs, range(1, width + 1)], names=["model", "input", unit]
    )
    return pd.DataFrame({"gate": values.reshape(-1)}, index=index).reset_index()
