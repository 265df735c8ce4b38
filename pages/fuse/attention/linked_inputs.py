"""The linked view of a case: pointing at a token of one input shades what it attends to in the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.explain.attention import Attention
from mmcore.explain.in_words import strongest_link
from mmcore.explain.links import heads_and_layers
from mmcore.explain.whole_words import WholeWords, links_of_words
from mmcore.figures import linked_inputs as drawn
from mmcore.figures import theme
from pages.frame.markdown import escape
from pages.parts import chart, finding, ready_to_run

_PARTS = Path(__file__).resolve().parents[3] / "assets" / "parts"
_ALL = -1


def show(attention: Attention, cohort: Cohort, case: Case) -> None:
    """The view with its choice of head and layer; a sentence where the method links no tokens."""
    head, layer = _pick(attention)
    links = attention.links(head=head, layer=layer)
    if not links:
        st.info(
            _(
                "**Here no place of one input looks at those of another, so there is nothing to link.** "
                "Cross-attention shows how each word, region or second looks at those of the other "
                "inputs."
            ),
            icon=":material/link_off:",
        )
        ready_to_run.train_method(cohort, "cross_attention", key="-linked")
        return
    texts = {name: value for name, value in case.values.items() if isinstance(value, str)}
    links, words_of = links_of_words(links, attention.places, texts)
    places = {name: words_of[name].places if name in words_of else own for name, own in attention.places.items()}
    tints = theme.colour_of_input(cohort.inputs)
    tokens = {name: words.tokens for name, words in words_of.items()}
    made = (
        drawn.panel(
            cohort.inputs[name],
            case.values[name],
            own,
            _weights(attention, name, words_of),
            colour=tints[name],
            tokens=tokens.get(name),
        )
        for name, own in places.items()
    )
    panels = [panel for panel in made if panel]
    finding.say(strongest_link(links, places, texts, tokens))
    if attention.missing:
        sentence = _("Missing in this case, so not shown: {inputs}.").format(inputs=list_of(attention.missing))
        st.caption(escape(sentence))
    chart.heading(
        _("What each place attends to"),
        _("of one model") if attention.replicates == 1 else _("mean over the models"),
        drawn.frame(panels, links),
        "linked-view",
    )
    _component()(data=drawn.view(panels, links), key="linked-view")


def _weights(attention: Attention, name: str, words_of: Mapping[str, WholeWords]) -> np.ndarray:
    """Of each place drawn its own weight within its input; even where the method has none."""
    count = len(attention.places[name])
    weights = attention.maps.get(name, np.full(count, 1 / max(count, 1)))
    return words_of[name].summed(weights) if name in words_of else weights


def _pick(attention: Attention) -> tuple[int | None, int | None]:
    """Head and layer to look at; None for all of them together."""
    heads, layers = heads_and_layers(attention.raw)
    with st.container(horizontal=True, gap="large"):
        head = _one_of(_("Attention head"), _("mean"), heads, "head")
        layer = _one_of(_("Layer"), _("all together"), layers, "layer")
    return head, layer


def _one_of(label: str, together: str, count: int, name: str) -> int | None:
    """Which of several; None for all together, and where there is a single one."""
    if count < 2:
        return None
    chosen = st.segmented_control(
        label,
        [_ALL, *range(count)],
        default=_ALL,
        format_func=lambda i: together if i == _ALL else str(i + 1),
        key=f"linked-{name}-{count}",
        required=True,
    )
    return None if chosen == _ALL else chosen


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "fusionscope_linked",
        html='<div class="linked"></div>',
        css=(_PARTS / "linked.css").read_text(encoding="utf-8"),
        js=(_PARTS / "linked.js").read_text(encoding="utf-8"),
    )
