"""Choosing a method, with what it is: diagram, formula, what it can and cannot express, what it costs."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mmcore import studies
from mmcore.cohorts import Cohort
from mmcore.figures.comparison import method_name
from mmcore.figures.fusion_diagram import diagram
from mmcore.fusion import Fusion, fusions
from mmcore.registry import label
from mmcore.settings import _
from pages.shared import charts, shell, state


def pick(known: Cohort) -> str:
    """A fusion method or a single input."""
    usual = sorted(
        fusions, key=lambda name: (fusions[name].unavailable() is not None, not fusions[name].standard, name)
    )
    options = [*usual, *studies.usable_inputs(known)]
    bound = state.bind("method", "gated")
    method = st.selectbox(
        _("Method"),
        options,
        index=options.index(bound) if bound in options else 0,
        key="train-method",
        format_func=lambda name: (
            f"{method_name(name)}: {label(fusions[name])}"
            if name in fusions
            else _("{input} alone (baseline)").format(input=name)
        ),
    )
    state.set("method", method)
    if method not in fusions:
        st.caption(_("A single input without fusion: what any fusion has to beat."))
        return method
    part = fusions[method]
    if reason := part.unavailable():
        st.warning(shell.escape(reason), icon=":material/block:")
    if st.button(_("What it is"), icon=":material/schema:", type="tertiary", key="what-it-is"):
        explain(part, studies.usable_inputs(known))
    return method


def explain(part: type[Fusion], inputs: Sequence[str]) -> None:
    """All about a method, in a dialog."""

    @st.dialog(label(part), width="large")
    def about() -> None:
        drawing(part, inputs)
        words(part)

    about()


def drawing(part: type[Fusion], inputs: Sequence[str]) -> None:
    """How it is built, for these inputs."""
    charts.show(
        diagram(part.name, list(inputs), state.dark()),
        key=f"diagram-{part.name}-{len(inputs)}",
        alt=_("Diagram of {method}").format(method=method_name(part.name)),
    )


def words(part: type[Fusion]) -> None:
    """Its formula, what it can and cannot do, at what cost, and whose it is."""
    for line in part.formula.split(r"\quad"):  # a line each: the column may be narrow
        if line.strip(" ,"):
            st.latex(line.strip(" ,"))
    for title, text in ((_("Can"), part.can), (_("Cannot"), part.cannot), (_("Costs"), part.cost)):
        if text:
            st.markdown(f":small[**{title}**  \n{shell.escape(text)}]")
    if "O(" in part.cost:
        st.caption(_("M inputs, N tokens of an input, D features (the width), Q summaries of an input."))
    if part.citation:
        st.caption(shell.escape(part.citation))
