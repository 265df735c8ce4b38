"""The weights of a fusion model laid over each input of a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.base.channel_names import channel_names
from mmcore.base.name_lists import list_of
from mmcore.base.score_digits import effect_digits
from mmcore.base.settings import _
from mmcore.base.signed_numbers import signed
from mmcore.base.values import Case, Evidence, InputSpec, Kind, Place, Signal, Span, Whole
from mmcore.cohorts import Cohort
from mmcore.explain.attention import Attention
from mmcore.explain.attribution import attributors
from mmcore.explain.attribution_report import AttributionReport
from mmcore.explain.in_words import strongest_segments
from mmcore.explain.whole_words import whole_words
from mmcore.figures import attribution, heat, theme
from mmcore.figures import weights_on_input as shares
from mmcore.figures.explanation_tests import explanation_name
from mmcore.figures.signal_traces import heights
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
    """What is laid over one input [N]: even shares, or values with signs in `unit`. places: what each stands for; words
    of a text stand whole. tokens: [N] how many tokens each is made of. within: rank correlation with the attention."""

    places: Sequence[Place]
    values: np.ndarray
    spread: np.ndarray | None
    tokens: np.ndarray
    unit: str = ""
    within: float = float("nan")

    def frame(self) -> pd.DataFrame:
        """A row for each token."""
        name = "adds" if self.unit else "even_shares"
        places = [{key: cell for key, cell in vars(place).items() if key != "again"} for place in self.places]
        return pd.DataFrame(places).assign(**{name: self.values, "sd": self.spread})

    def note(self, share: str) -> str:
        """The words under the title: `share` for shares."""
        if not self.unit:
            return share
        most = self.values[np.abs(self.values).argmax()] if len(self.values) else 0.0
        digits = effect_digits(most)
        return _("{sum} {unit} together; the strongest place alone: {most}").format(
            sum=signed(self.values.sum(), digits), unit=self.unit, most=signed(most, digits)
        )


def weighed(name: str, case: Case, attention: Attention, by: AttributionReport | None) -> Weighed | str | None:
    """What an explanation says within one input, or why it says nothing; None where the case lacks the input.

    by: an attribution that speaks instead of the attention.
    """
    if name not in case.values:
        return None
    if by is None and name not in attention.maps:
        return _("This method has no weights within this input.")
    places: Sequence[Place] = attention.places[name]
    unit, within = "", float("nan")
    if by is None:
        values, spread = attention.maps[name], attention.map_spread.get(name)
    else:
        values, spread = by.attribution.values[name], by.attribution.spread[name]
        within = float(by.within.get(name, np.nan))
        if attributors[by.attribution.by].signed:
            unit = by.unit
        elif values.sum() <= 0:
            return _("{way} finds nothing here that supports the prediction.").format(
                way=explanation_name(by.attribution.by)
            )
        else:
            values, spread = values / values.sum(), spread / values.sum()
    tokens = np.ones(len(values))
    if isinstance(case.values[name], str):
        words = whole_words(str(case.values[name]), places)
        if len(words.places) < len(values):  # the spread of a sum is not told by those of its parts
            places, values, spread, tokens = words.places, words.summed(values), None, words.tokens
    if not unit:
        spread = None if spread is None else heat.even_shares(spread, tokens)
        values = heat.even_shares(values, tokens)
    return Weighed(places, values, spread, tokens, unit, within)


def scale_of(shown: Iterable[Weighed | str | None]) -> heat.HeatScale:
    """The one scale of all that a view shows."""
    maps = [weighed for weighed in shown if isinstance(weighed, Weighed)]
    return heat.scale_of([weighed.values for weighed in maps], next((weighed.unit for weighed in maps), ""))


def reach_of(shown: Iterable[Weighed | str | None]) -> tuple[float, float] | None:
    """Least and most of values with signs that stand beside one another, so that their axes are one."""
    values = [weighed.values for weighed in shown if isinstance(weighed, Weighed) and weighed.unit]
    return (min(map(np.min, values)), max(map(np.max, values))) if values else None


def card(
    name: str,
    cohort: Cohort,
    case: Case,
    shown: Weighed | str | None,
    scale: heat.HeatScale,
    evidence: bool,
    key: str = "",
    reach: tuple[float, float] | None = None,
    beside: Sequence[Case] = (),
) -> None:
    """One input with what is laid over it, or why there is nothing. reach: see `reach_of`. beside: cases drawn beside
    it, so that traces have one axis."""
    input_viewer.head(name, cohort)
    if shown is None:
        input_viewer.missing(
            name, _("{input} is missing in this case; the model answered without it.").format(input=name)
        )
        return
    if isinstance(shown, str):
        st.caption(shown)
        return
    proof = case.evidence.get(name, ()) if evidence else ()
    spec, colour = cohort.inputs[name], theme.colour_of_input(cohort.inputs)[name]
    traces = [value for other in beside if isinstance(value := other.values.get(name), Signal)]
    drawing = _Drawing(spec, case.values[name], shown, scale, colour, proof, f"{name}{key}", reach, traces)
    if all(isinstance(place, Whole) for place in shown.places):
        st.markdown(_whole(shown))
    else:
        {Kind.IMAGE: _image, Kind.TEXT: _text, Kind.SIGNAL: _signal, Kind.TABLE: _table}[spec.kind](drawing)
    if proof:
        marked = _("●: evidence ({names})") if spec.kind == Kind.TABLE else _("Dotted: evidence ({names})")
        st.caption(marked.format(names=escape(list_of(item.name for item in proof))))
    if np.isfinite(shown.within):
        st.caption(
            _("Rank correlation with the attention within this input: {rho} (1: the same order)").format(
                rho=signed(shown.within, 2)
            )
        )


@dataclass(frozen=True, eq=False)
class _Drawing:
    """One input and what is laid over it, for the kinds below."""

    spec: InputSpec
    value: Any  # of the kind that the spec says
    shown: Weighed
    scale: heat.HeatScale
    colour: str
    proof: Sequence[Evidence]
    key: str
    reach: tuple[float, float] | None
    traces: Sequence[Signal]  # of the cases that are drawn beside this one


def _whole(shown: Weighed) -> str:
    if not shown.unit:
        return _("The encoder makes one token of this whole input, so there are no places to tell apart.")
    amount = shown.values.sum()
    return _(
        "The encoder makes one token of this whole input, so it has one number for all of it: **{amount}**."
    ).format(amount=f"{signed(amount, effect_digits(amount))} {shown.unit}")


def _image(drawing: _Drawing) -> None:
    picture, shown = st.container(), drawing.shown
    opacity = st.slider(_("Opacity of the heat"), 0.0, 1.0, 0.65, 0.05, key=f"heat-{drawing.key}")
    draw = attribution.image if shown.unit else shares.image
    with picture:
        chart.show(
            draw(drawing.value, shown.places, shown.values, drawing.scale, opacity=opacity, evidence=drawing.proof),
            key=f"attend-{drawing.key}",
            title=_("Where"),
            data=shown.frame(),
            note=shown.note(_("heat: more than an even share; hover for numbers")),
            alt=_("Image with the model's weights as heat"),
        )


def _text(drawing: _Drawing) -> None:
    text, shown = str(drawing.value), drawing.shown
    marked = [place for item in drawing.proof for place in item.places if isinstance(place, Span)]
    draw = attribution.text if shown.unit else shares.text
    chart.show(
        draw(text, shown.places, shown.values, drawing.scale, marked),
        key=f"attend-{drawing.key}",
        title=_("Which words"),
        data=shown.frame().assign(word=words_of(text, shown.places)),
        note=shown.note(_("shaded: more than an even share; hover for numbers")),
        alt=_("Text with the model's weights as shades"),
    )


def _signal(drawing: _Drawing) -> None:
    value: Signal = drawing.value
    shown, channel, picture = drawing.shown, 0, st.container()
    if value.samples.shape[0] > 1:
        labels = channel_names(value)
        channel = st.pills(
            _("Trace shown"),
            range(len(labels)),
            default=min(1, len(labels) - 1),
            required=True,
            format_func=lambda i: escape(labels[i]),
            key=f"attend-channel-{len(labels)}-{drawing.key}",
        )
    draw = attribution.signal if shown.unit else shares.signal
    figure = draw(
        value,
        shown.places,
        shown.values,
        drawing.scale,
        colour=drawing.colour,
        channel=channel,
        evidence=drawing.proof,
    )
    if drawing.traces:
        figure.update_yaxes(range=heights([value, *drawing.traces], channel), row=1, col=1)
    with picture:
        chart.show(
            figure,
            key=f"attend-{drawing.key}",
            title=_("When"),
            data=shown.frame(),
            note=shown.note(_("band and shades: more than an even share")),
            alt=_("Signal with the model's weights as a band below"),
        )
        if strongest := strongest_segments(shown.places, shown.values):
            unit = f" {shown.unit}" if shown.unit else "×"
            named = [f"{name} ({value:{'+.2f' if shown.unit else '.2g'}}{unit})" for name, value in strongest]
            st.markdown(_("Strongest: {segments}").format(segments=escape("; ".join(named))))


def _table(drawing: _Drawing) -> None:
    shown, proof = drawing.shown, drawing.proof
    draw = partial(attribution.columns, reach=drawing.reach) if shown.unit else shares.columns
    chart.show(
        draw(drawing.value, shown.places, shown.values, drawing.scale, drawing.spec, evidence=proof),
        key=f"attend-{drawing.key}",
        title=_("Which columns"),
        note=shown.note(_("with this case's values")),
        data=shown.frame(),
        alt=_("Bars of the weight of each column"),
    )
