"""Choosing a method, with what it is: diagram, formula, what it can and cannot express, what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mmcore import studies
from mmcore.base.registry import label, why_unavailable
from mmcore.base.settings import _, translated
from mmcore.cohorts import Cohort
from mmcore.figures.comparison import method_name
from mmcore.figures.fusion_diagram import diagram
from mmcore.fusion import Fusion, Growth, by_place, fusions
from pages.frame import linked
from pages.frame.markdown import escape
from pages.parts import broken_parts, chart

_SHORT = 3  # steps whose picture fits into a narrow dialog


def pick(cohort: Cohort, first: str | None = None) -> str:
    """A fusion method or a single input. first: the one to begin with."""
    inputs = studies.usable_inputs(cohort)
    if len(inputs) == 1:
        alone = _("**{input}** alone: this cohort has one input, so there is nothing to fuse.")
        st.markdown(alone.format(input=escape(inputs[0])))
        return inputs[0]
    missing = {name: bool(why_unavailable(fusions[name])) for name in by_place() if name not in cohort.inputs}
    usual = sorted(missing, key=lambda name: (missing[name], not fusions[name].standard))
    options = [*usual, *inputs]
    method = linked.choice(
        st.selectbox,
        _("Method"),
        options,
        "method",
        first=first or "gated",
        key="train-method",
        format_func=lambda name: (
            f"{method_name(name)}: {label(fusions[name])}"
            if is_fusion(cohort, name)
            else _("{input} alone (baseline)").format(input=name)
        ),
    )
    broken_parts.show(fusions.broken)
    for sentence in studies.hidden_methods(cohort):
        st.caption(escape(sentence))
    if not is_fusion(cohort, method):
        st.caption(_("A single input without fusion: what any fusion has to beat."))
        return method
    part = fusions[method]
    if reason := why_unavailable(part):
        st.warning(escape(reason), icon=":material/block:")
    if st.button(_("What it is"), icon=":material/schema:", type="tertiary", key="what-it-is"):
        explain(part, inputs)
    return method


def is_fusion(cohort: Cohort, method: str) -> bool:
    """Whether a method fuses; the name of an input means this input alone, also where a fusion has the same."""
    return method in fusions and method not in cohort.inputs


def explain(part: type[Fusion], inputs: Sequence[str]) -> None:
    """All about a method, in a dialog."""

    @st.dialog(label(part), width="large" if len(part.diagram) > _SHORT else "medium")
    def about() -> None:
        drawing(part, inputs)
        formula(part)
        words(part, *st.columns(3, gap="medium"))

    about()


def drawing(part: type[Fusion], inputs: Sequence[str]) -> None:
    """How it is built, for these inputs."""
    chart.show(
        diagram(part.name, list(inputs)),
        key=f"diagram-{part.name}-{len(inputs)}",
        alt=_("Diagram of {method}").format(method=method_name(part.name)),
    )


def formula(part: type[Fusion]) -> None:
    """Its equations, side by side as far as there is room."""
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium"):
        for line in part.formula.split(r"\quad"):
            if line.strip(" ,"):
                st.latex(line.strip(" ,"), width="content")


def words(part: type[Fusion], *columns: DeltaGenerator) -> None:
    """What it can and cannot do, at what cost, and whose it is; side by side in three columns if these are given."""
    paragraphs = (
        (_("What it can do"), part.can),
        (_("What it cannot do"), part.cannot),
        (_("What it costs"), part.cost),
    )
    for i, (title, text) in enumerate(paragraphs):
        if text:
            with columns[i] if columns else nullcontext():
                st.markdown(f":small[**{title}**  \n{escape(translated(text))}]")
    st.caption(_growth(part.grows_with))
    if "O(" in part.cost:
        st.caption(_("M inputs, N tokens of an input, D features (the width), Q summaries of an input."))
    if part.citation:
        st.caption(escape(part.citation))


def _growth(growth: Growth) -> str:
    if growth is Growth.PRODUCTS:
        return _("Each further input multiplies the work, up to a limit the method sets itself.")
    if growth is Growth.PAIRS:
        return _("The work grows at most with the pairs of inputs: 3 inputs make 3 pairs, 6 make 15.")
    return _("The work grows with the inputs: twice the inputs, twice the work.")
