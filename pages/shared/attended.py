"""The weights of a fusion model laid over each input of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.cases import Case, Evidence, InputSpec, Kind, Place, Span, Value
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


@dataclass(frozen=True, eq=False)
class Weighed:
    """One input of a case with its weights [N], what its tokens stand for, its known evidence, and the key of its card."""

    spec: InputSpec
    value: Value
    places: Sequence[Place]
    weights: np.ndarray
    spread: np.ndarray | None
    colour: str
    proof: Sequence[Evidence]
    key: str

    def frame(self) -> pd.DataFrame:
        """A row for each token."""
        return pd.DataFrame([vars(place) for place in self.places]).assign(weight=self.weights, sd=self.spread)


def card(name: str, known: Cohort, case: Case, attention: Attention, evidence: bool, key: str = "") -> None:
    """One input with its weights, or why there are none."""
    viewers.head(name, known)
    if name not in case.values:
        viewers.missing(name, _("{input} is missing in this case; the model went on without it.").format(input=name))
        return
    if name not in attention.maps:
        st.caption(_("This method has no weights within this input."))
        return
    weighed = Weighed(
        known.inputs[name],
        case.values[name],
        attention.places[name],
        attention.maps[name],
        attention.map_spread.get(name),
        theme.colour_of_input(known.inputs)[name],
        case.evidence.get(name, ()) if evidence else (),
        f"{name}{key}",
    )
    {Kind.IMAGE: _image, Kind.TEXT: _text, Kind.SIGNAL: _signal, Kind.TABLE: _table}[weighed.spec.kind](weighed)
    if weighed.proof:
        st.caption(_("Dotted: evidence ({names})").format(names=", ".join(item.name for item in weighed.proof)))


def _image(one: Weighed) -> None:
    picture = st.container()
    opacity = st.slider(_("Opacity of the heat"), 0.0, 1.0, 0.65, 0.05, key=f"heat-{one.key}")
    with picture:
        charts.show(
            drawn.image(one.value, one.places, one.weights, opacity=opacity, evidence=one.proof),
            key=f"attend-{one.key}",
            title=_("Where"),
            data=one.frame(),
            note=_("heat: more than an even share; hover for numbers"),
            alt=_("Image with the model's weights as heat"),
        )


def _text(one: Weighed) -> None:
    text = str(one.value)
    marked = [place for item in one.proof for place in item.places if isinstance(place, Span)]
    charts.show(
        words.shaded(text, one.places, overlays.above_even(one.weights), one.colour, marked=marked, told=one.weights),
        key=f"attend-{one.key}",
        title=_("Which words"),
        data=one.frame().assign(token=words_of(text, one.places)),
        note=_("shaded: more than an even share; hover for numbers"),
        alt=_("Text with the model's weights as shades"),
    )


def _signal(one: Weighed) -> None:
    value, channel, picture = one.value, 0, st.container()
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
                key=f"attend-channel-{len(labels)}-{one.key}",
            )
            or 0
        )
    with picture:
        charts.show(
            drawn.signal(value, one.places, one.weights, colour=one.colour, channel=channel, evidence=one.proof),
            key=f"attend-{one.key}",
            title=_("When"),
            data=one.frame(),
            note=_("band: share of the weight; shaded: more than an even share"),
            alt=_("Signal with the model's weights as a band below"),
        )


def _table(one: Weighed) -> None:
    charts.show(
        drawn.columns(one.value, one.places, one.weights, one.spec, colour=one.colour, evidence=one.proof),
        key=f"attend-{one.key}",
        title=_("Which columns"),
        note=_("with this case's values") + (_("; ● is evidence") if one.proof else ""),
        data=one.frame(),
        alt=_("Bars of the weight of each column"),
    )
