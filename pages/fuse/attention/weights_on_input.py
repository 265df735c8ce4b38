"""The weights of a fusion model laid over each input of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.base.settings import _
from mmcore.base.values import Case, Evidence, InputSpec, Kind, Place, Signal, Span, Whole
from mmcore.cohorts import Cohort
from mmcore.explain.attention import Attention
from mmcore.explain.attribution import attributors
from mmcore.explain.attribution_report import AttributionReport
from mmcore.figures import attribution, overlays, shaded_text, theme
from mmcore.figures import weights_on_input as shares
from mmcore.figures.explanation_tests import explanation_name
from mmcore.inspect.encoded_value import words_of
from pages.frame.markdown import escape
from pages.parts import chart, input_viewer

_TALL = {Kind.IMAGE: 6, Kind.SIGNAL: 5, Kind.TABLE: 4, Kind.TEXT: 3}  # of a card, roughly


def sides(names: Sequence[str], cohort: Cohort, case: Case) -> list[int]:
    """For each input the column of two that its card goes to, so that both end about level."""
    filled, placed = [0, 0], []
    for name in names:
        side = int(filled[1] < filled[0])
        filled[side] += _TALL[cohort.inputs[name].kind] if name in case.values else 1
        placed.append(side)
    return placed


@dataclass(frozen=True, eq=False)
class Weighed:
    """One input of a case with a number for each of its tokens [N], what these stand for, its known evidence, and the
    key of its card. unit: what the numbers are counted in where they have signs; "" for shares that sum to 1."""

    spec: InputSpec
    value: Any  # of the kind that the spec says
    places: Sequence[Place]
    weights: np.ndarray
    spread: np.ndarray | None
    colour: str
    proof: Sequence[Evidence]
    key: str
    unit: str = ""

    @property
    def drawn(self) -> ModuleType:
        """Figures of the same names: shares in one hue, signs in two."""
        return attribution if self.unit else shares

    def frame(self) -> pd.DataFrame:
        """A row for each token."""
        name = "adds" if self.unit else "weight"
        return pd.DataFrame([vars(place) for place in self.places]).assign(**{name: self.weights, "sd": self.spread})

    def note(self, share: str) -> str:
        """The words under the title: `share` for shares."""
        if not self.unit:
            return share
        return _("in all {sum:+.2f} {unit}; strongest {most:.2g}").format(
            sum=self.weights.sum(), unit=self.unit, most=np.abs(self.weights).max(initial=0)
        )


def card(
    name: str,
    cohort: Cohort,
    case: Case,
    attention: Attention,
    evidence: bool,
    key: str = "",
    by: AttributionReport | None = None,
) -> None:
    """One input with its weights, or why there are none. by: an attribution that speaks instead of the attention."""
    input_viewer.head(name, cohort)
    if name not in case.values:
        input_viewer.missing(
            name, _("{input} is missing in this case; the model went on without it.").format(input=name)
        )
        return
    weights = _of_attention(name, attention) if by is None else _of_attribution(name, by)
    if isinstance(weights, str):
        st.caption(weights)
        return
    values, spread, unit = weights
    weighed = Weighed(
        cohort.inputs[name],
        case.values[name],
        attention.places[name],
        values,
        spread,
        theme.colour_of_input(cohort.inputs)[name],
        case.evidence.get(name, ()) if evidence else (),
        f"{name}{key}",
        unit,
    )
    if all(isinstance(place, Whole) for place in weighed.places):
        st.markdown(_whole(weighed))
    else:
        {Kind.IMAGE: _image, Kind.TEXT: _text, Kind.SIGNAL: _signal, Kind.TABLE: _table}[weighed.spec.kind](weighed)
    if weighed.proof:
        st.caption(_("Dotted: evidence ({names})").format(names=escape(", ".join(item.name for item in weighed.proof))))
    if by is not None and np.isfinite(by.within.get(name, np.nan)):
        st.caption(_("Rank correlation with the attention within this input: {rho:+.2f}").format(rho=by.within[name]))


def _of_attention(name: str, attention: Attention) -> tuple[np.ndarray, np.ndarray | None, str] | str:
    if name not in attention.maps:
        return _("This method has no weights within this input.")
    return attention.maps[name], attention.map_spread.get(name), ""


def _of_attribution(name: str, by: AttributionReport) -> tuple[np.ndarray, np.ndarray | None, str] | str:
    """Signed values as they are; values without a sign as shares."""
    weighed = by.attribution
    values, spread = weighed.values[name], weighed.spread[name]
    if attributors[weighed.by].signed:
        return values, spread, by.unit
    total = values.sum()
    if total <= 0:
        return _("{way} finds nothing here that speaks for the prediction.").format(way=explanation_name(weighed.by))
    return values / total, spread / total, ""


def _whole(weighed: Weighed) -> str:
    amount = f"{weighed.weights.sum():+.2f} {weighed.unit}" if weighed.unit else f"{weighed.weights.sum():.0%}"
    sentence = _(
        "The encoder says one thing of this input as a whole, so there are no places to tell apart: **{amount}**."
    )
    return sentence.format(amount=amount)


def _image(weighed: Weighed) -> None:
    picture = st.container()
    opacity = st.slider(_("Opacity of the heat"), 0.0, 1.0, 0.65, 0.05, key=f"heat-{weighed.key}")
    with picture:
        chart.show(
            weighed.drawn.image(
                weighed.value, weighed.places, weighed.weights, opacity=opacity, evidence=weighed.proof
            ),
            key=f"attend-{weighed.key}",
            title=_("Where"),
            data=weighed.frame(),
            note=weighed.note(_("heat: more than an even share; hover for numbers")),
            alt=_("Image with the model's weights as heat"),
        )


def _text(weighed: Weighed) -> None:
    text = str(weighed.value)
    marked = [place for item in weighed.proof for place in item.places if isinstance(place, Span)]
    chart.show(
        attribution.text(text, weighed.places, weighed.weights, marked=marked)
        if weighed.unit
        else shaded_text.shaded(
            text,
            weighed.places,
            overlays.above_even(weighed.weights),
            weighed.colour,
            marked=marked,
            hover_values=weighed.weights,
        ),
        key=f"attend-{weighed.key}",
        title=_("Which words"),
        data=weighed.frame().assign(token=words_of(text, weighed.places)),
        note=weighed.note(_("shaded: more than an even share; hover for numbers")),
        alt=_("Text with the model's weights as shades"),
    )


def _signal(weighed: Weighed) -> None:
    value: Signal = weighed.value
    channel, picture = 0, st.container()
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
                format_func=lambda i: escape(labels[i]),
                key=f"attend-channel-{len(labels)}-{weighed.key}",
            )
            or 0
        )
    with picture:
        chart.show(
            weighed.drawn.signal(
                value, weighed.places, weighed.weights, colour=weighed.colour, channel=channel, evidence=weighed.proof
            ),
            key=f"attend-{weighed.key}",
            title=_("When"),
            data=weighed.frame(),
            note=weighed.note(_("band: share of the weight; shaded: more than an even share")),
            alt=_("Signal with the model's weights as a band below"),
        )


def _table(weighed: Weighed) -> None:
    chart.show(
        attribution.columns(
            weighed.value, weighed.places, weighed.weights, weighed.spec, unit=weighed.unit, evidence=weighed.proof
        )
        if weighed.unit
        else shares.columns(
            weighed.value, weighed.places, weighed.weights, weighed.spec, colour=weighed.colour, evidence=weighed.proof
        ),
        key=f"attend-{weighed.key}",
        title=_("Which columns"),
        note=weighed.note(_("with this case's values")) + (_("; ● is evidence") if weighed.proof else ""),
        data=weighed.frame(),
        alt=_("Bars of the weight of each column"),
    )
