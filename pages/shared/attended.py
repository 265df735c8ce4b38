"""The weights of a fusion model laid over each input of a case."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from mmcore.cases import Case, Evidence, Kind, Span
from mmcore.cohorts import Cohort
from mmcore.explain.attention import Attention
from mmcore.explain.said import words_of
from mmcore.figures import attention as drawn
from mmcore.figures import overlays, theme, words
from mmcore.settings import _
from pages.shared import charts, viewers

_TALL = {Kind.IMAGE: 6, Kind.SIGNAL: 5, Kind.TABLE: 4, Kind.TEXT: 3}  # of a card, roughly


def sides(names: Sequence[str], known: Cohort, case: Case) -> list[int]:
    """For each input the column of two that its card goes to, so that both end about level."""
    filled, found = [0, 0], []
    for name in names:
        side = int(filled[1] < filled[0])
        filled[side] += _TALL[known.inputs[name].kind] if name in case.values else 1
        found.append(side)
    return found


def card(name: str, known: Cohort, case: Case, attention: Attention, evidence: bool, key: str = "") -> None:
    """One input with its weights, or why there are none."""
    viewers.head(name, known)
    if name not in case.values:
        viewers.missing(name, _("{input} is missing in this case; the model went on without it.").format(input=name))
        return
    if name not in attention.maps:
        st.caption(_("This method has no weights within this input."))
        return
    proof = case.evidence.get(name, ()) if evidence else ()
    places, weights = attention.places[name], attention.maps[name]
    frame = pd.DataFrame([vars(place) for place in places]).assign(weight=weights, sd=attention.map_spread.get(name))
    kind, colour = known.inputs[name].kind, theme.colour_of_input(known.inputs)[name]
    draw = {Kind.IMAGE: _image, Kind.TEXT: _text, Kind.SIGNAL: _signal, Kind.TABLE: _table}[kind]
    draw(name, known, case, places, weights, frame, colour, proof, key)
    if proof:
        st.caption(_("Dotted: evidence ({names})").format(names=", ".join(item.name for item in proof)))


def _image(
    name: str,
    known: Cohort,
    case: Case,
    places,
    weights,
    frame: pd.DataFrame,
    colour: str,
    proof: Sequence[Evidence],
    key: str,
) -> None:
    picture = st.container()
    opacity = st.slider(_("Opacity of the heat"), 0.0, 1.0, 0.65, 0.05, key=f"heat-{name}{key}")
    with picture:
        charts.show(
            drawn.image(case.values[name], places, weights, opacity=opacity, evidence=proof),
            key=f"attend-{name}{key}",
            title=_("Where"),
            data=frame,
            note=_("heat: more than an even share; hover for numbers"),
            alt=_("Image with the model's weights as heat"),
        )


def _text(
    name: str,
    known: Cohort,
    case: Case,
    places,
    weights,
    frame: pd.DataFrame,
    colour: str,
    proof: Sequence[Evidence],
    key: str,
) -> None:
    text = str(case.values[name])
    marked = [place for item in proof for place in item.places if isinstance(place, Span)]
    charts.show(
        words.shaded(text, places, overlays.above_even(weights), colour, marked=marked, told=weights),
        key=f"attend-{name}{key}",
        title=_("Which words"),
        data=frame.assign(token=words_of(text, places)),
        note=_("shaded: more than an even share; hover for numbers"),
        alt=_("Text with the model's weights as shades"),
    )


def _signal(
    name: str,
    known: Cohort,
    case: Case,
    places,
    weights,
    frame: pd.DataFrame,
    colour: str,
    proof: Sequence[Evidence],
    key: str,
) -> None:
    value, channel, picture = case.values[name], 0, st.container()
    if value.samples.shape[0] > 1:
        labels = [
            value.channel_names[i] if i < len(value.channel_names) else _("channel {n}").format(n=i + 1)
            for i in range(value.samples.shape[0])
        ]
        channel = (
            st.pills(
                _("Trace shown"),
                range(len(labels)),
                default=min(1, len(labels) - 1),
                format_func=labels.__getitem__,
                key=f"attend-channel-{name}-{len(labels)}{key}",
            )
            or 0
        )
    with picture:
        charts.show(
            drawn.signal(value, places, weights, colour=colour, channel=channel, evidence=proof),
            key=f"attend-{name}{key}",
            title=_("When"),
            data=frame,
            note=_("band: share of the weight; shaded: more than an even share"),
            alt=_("Signal with the model's weights as a band below"),
        )


def _table(
    name: str,
    known: Cohort,
    case: Case,
    places,
    weights,
    frame: pd.DataFrame,
    colour: str,
    proof: Sequence[Evidence],
    key: str,
) -> None:
    charts.show(
        drawn.columns(case.values[name], places, weights, known.inputs[name], colour=colour, evidence=proof),
        key=f"attend-{name}{key}",
        title=_("Which columns"),
        note=_("with this case's values") + (_("; ● is evidence") if proof else ""),
        data=frame,
        alt=_("Bars of the weight of each column"),
    )
