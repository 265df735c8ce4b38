"""The linked view of a case: pointing at a token of one input shades what it attends to in the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import streamlit as st

from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.explain.attention import Attention
from mmcore.explain.links import heads_and_layers
from mmcore.figures import linked_inputs as drawn
from mmcore.figures import theme
from pages.frame.markdown import escape
from pages.parts import chart

_PARTS = Path(__file__).resolve().parents[3] / "assets" / "parts"
_ALL = -1


def show(attention: Attention, cohort: Cohort, case: Case) -> None:
    """The view with its choice of head and layer; a sentence where the method links no tokens."""
    head, layer = _pick(attention)
    links = attention.links(head=head, layer=layer)
    if not links:
        st.info(
            _(
                "This method does not let tokens of one input look at those of another, so there is nothing to link. "
                "Cross-attention, transformer and bottleneck do."
            ),
            icon=":material/link_off:",
        )
        return
    tints = theme.colour_of_input(cohort.inputs)
    panels = [
        drawn.panel(
            cohort.inputs[name],
            case.values[name],
            attention.places[name],
            attention.maps.get(name, np.full(len(attention.places[name]), 1 / len(attention.places[name]))),
            colour=tints[name],
        )
        for name in attention.places
    ]
    if attention.missing:
        sentence = _("Missing in this case, so not shown: {inputs}.").format(inputs=", ".join(attention.missing))
        st.caption(escape(sentence))
    panels = [panel for panel in panels if panel]
    chart.heading(
        _("What each token attends to"),
        _("share of its attention within each other input; mean over the models of the run that speak here"),
        drawn.frame(panels, links),
        "linked-view",
    )
    _component()(data=drawn.view(panels, links), key="linked-view")


def _pick(attention: Attention) -> tuple[int | None, int | None]:
    """Head and layer to look at; None for all of them together."""
    heads, layers = heads_and_layers(attention.raw)
    chosen: dict[str, int] = {"head": _ALL, "layer": _ALL}
    counts = {"head": heads, "layer": layers}
    words = {"head": (_("Head"), _("mean")), "layer": (_("Layer"), _("rollout through all"))}
    with st.container(horizontal=True, gap="large"):
        for name, count in counts.items():
            if count > 1:
                label, together = words[name]
                chosen[name] = st.segmented_control(
                    label,
                    [_ALL, *range(count)],
                    default=_ALL,
                    format_func=lambda i, together=together: together if i == _ALL else str(i + 1),
                    key=f"linked-{name}-{count}",
                    required=True,
                )
    head, layer = (None if chosen[name] in (_ALL, None) else int(chosen[name]) for name in ("head", "layer"))
    return head, layer


@st.cache_resource(show_spinner=False)
def _component():
    return st.components.v2.component(
        "fusionscope_linked",
        html='<div class="linked"></div>',
        css=(_PARTS / "linked.css").read_text(encoding="utf-8"),
        js=(_PARTS / "linked.js").read_text(encoding="utf-8"),
    )
