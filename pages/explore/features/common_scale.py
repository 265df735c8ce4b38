"""On one scale: what the encoders say of the inputs of a case, over common windows of time and a common grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from mmcore.base.errors import MMError
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted
from mmcore.base.values import Case, Kind, Seconds, Span, Whole
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.encoders.alignment import windows
from mmcore.figures import common_scale as drawn
from mmcore.figures import theme
from mmcore.inspect.encoded_value import EncodedValue
from pages.explore.features import one_encoder
from pages.frame.markdown import escape
from pages.parts import chart

_MOST = 400  # common windows drawn at most
_PAIR = 920  # pixels: two images beside one another
_LENGTHS = (0.05, 0.1, 0.25, 0.5, 1.0, 1.25, 2.0, 2.5, 5.0, 10.0, 30.0, 60.0)


@st.fragment
def show(cohort: Cohort, case: Case, encoders: Mapping[str, Encoder]) -> None:
    """Every input of the case that has an encoder, on the scale it shares with others of its kind."""
    named = [name for name in encoders if name in case.values and cohort.inputs[name].kind is not Kind.TABLE]
    if not named:
        st.info(
            _("None of the inputs of this case has tokens with a place in time, in a text or on an image."),
            icon=":material/info:",
        )
        return
    encoded = {name: value for name in named if (value := _encoded(cohort, case, name, encoders[name]))}
    timed = {name: value for name, value in encoded.items() if cohort.inputs[name].kind is Kind.SIGNAL}
    images = {name: value for name, value in encoded.items() if cohort.inputs[name].kind is Kind.IMAGE}
    texts = {name: value for name, value in encoded.items() if cohort.inputs[name].kind is Kind.TEXT}
    if not encoded:
        _absent(cohort, case)
        return
    measure, measure_label = _measure()
    if timed:
        over_time(cohort, case, timed, encoders, measure, measure_label)
    if images:
        over_space(case, images, encoders, measure, measure_label)
    for name, value in texts.items():
        in_a_row(cohort, case, name, value, encoders[name], measure, measure_label)
    _absent(cohort, case)


def _absent(cohort: Cohort, case: Case) -> None:
    """Why the other inputs of the cohort are not here."""
    for name, spec in cohort.inputs.items():
        if name not in case.values:
            st.caption(_("**{input}** is missing in this case.").format(input=escape(name)))
        elif spec.kind is Kind.TABLE:
            st.caption(
                _("**{input}** is not drawn here: values of a table have neither a time nor a place.").format(
                    input=escape(name)
                )
            )


def _encoded(cohort: Cohort, case: Case, input: str, encoder: Encoder) -> EncodedValue | None:
    """What can be looked at before a run; None, with a sentence, for codes and pixels, and while there is nothing."""
    if encoder.raw:
        st.info(
            _(
                "**{input}**: {encoder} learns during training. Until then its tokens are mere raw "
                "values, and shading them would mean nothing."
            ).format(input=escape(input), encoder=escape(encoder.name)),
            icon=":material/model_training:",
        )
        return None
    try:
        return one_encoder.encoded_value(cohort, case, input, encoder)
    except MMError as error:
        st.warning(f"**{escape(input)}** {escape(str(error))}", icon=":material/help:")
        return None


def _measure() -> tuple[str, str]:
    names = {"distinct": _("distance from the average token"), "norm": _("strength of the encoder's reaction")}
    chosen = st.segmented_control(
        _("Shade by"),
        list(names),
        default="distinct",
        required=True,
        format_func=names.__getitem__,
        key="aligned-measure",
    )
    return chosen, names[chosen]


def over_time(
    cohort: Cohort,
    case: Case,
    encoded: Mapping[str, EncodedValue],
    encoders: Mapping[str, Encoder],
    measure: str,
    measure_label: str,
) -> None:
    """Signals in seconds on one axis; those of unknown rate on an axis of samples."""
    colours = theme.colour_of_input(cohort.inputs)
    signals: dict[str, Any] = {name: case.values[name] for name in encoded}
    for unit in ("s", "samples"):
        in_unit = {name: value for name, value in encoded.items() if signals[name].time_unit == unit}
        if not in_unit:
            continue
        duration = max(signals[name].duration for name in in_unit)
        several = any(len(value.places) > 1 for value in in_unit.values())
        length, hop = _window(duration, unit) if several else (duration, duration)
        common = windows(duration, length, max(hop, duration / _MOST))
        lanes = [
            drawn.lane(
                name, encoders[name].name, colours[name], signals[name], value.tokens, value.places, common, measure
            )
            for name, value in in_unit.items()
            if all(isinstance(place, Seconds | Whole) for place in value.places)
        ]
        if not lanes:
            st.caption(_("The tokens of these encoders have no place in time."))
            continue
        spoken = _("seconds") if unit == "s" else _("samples, since the files do not say their rate")
        chart.show(
            drawn.time_lanes(lanes, common, measure_name=measure_label, unit=unit),
            key=f"aligned-time-{unit}",
            title=_("On one time axis"),
            note=_(
                "each signal with its trace, its tokens, and the common windows over which "
                "they are averaged, in {unit}; strong colour: high for that signal"
            ).format(unit=spoken)
            if several
            else _("each signal with its trace and its token, in {unit}").format(unit=spoken),
            data=drawn.time_frame(lanes, common),
            alt=counted(
                len(common),
                "{names} on one time axis with their tokens and {count} common window",
                "{names} on one time axis with their tokens and {count} common windows",
                names=list_of(in_unit),
            ),
        )


def _window(duration: float, unit: str) -> tuple[float, float]:
    """Length and hop of the common windows, as the reader wants them."""
    if unit == "s":
        lengths = [length for length in _LENGTHS if duration / 200 <= length <= duration] or [duration]
    else:
        lengths = [max(1.0, round(duration / count)) for count in (200, 100, 50, 20, 10, 5, 2)]
    middle = min(lengths, key=lambda length: abs(duration / length - 10))
    shares = {1.0: _("end to end"), 0.5: _("half overlapping"), 0.25: _("three quarters overlapping")}
    with st.container(horizontal=True, vertical_alignment="top", gap="medium"):
        length = st.select_slider(
            _("Common window ({unit})").format(unit=unit),
            lengths,
            value=middle,
            format_func=lambda x: f"{x:g}",
            key=f"aligned-window-{unit}-{duration:g}",
            width=340,
        )
        share = st.segmented_control(
            _("Windows"),
            list(shares),
            default=1.0,
            required=True,
            format_func=shares.__getitem__,
            key=f"aligned-hop-{unit}",
        )
    return float(length), float(length) * share


def over_space(
    case: Case, encoded: Mapping[str, EncodedValue], encoders: Mapping[str, Encoder], measure: str, measure_label: str
) -> None:
    """Images under their encoder's grid and under the common one; a single token has no place on either."""
    for name in [name for name, value in encoded.items() if len(value.places) == 1]:
        st.caption(
            _(
                "**{input}**: {encoder} makes one token of the whole image, so there is nothing to lay on a grid."
            ).format(input=escape(name), encoder=escape(encoders[name].name))
        )
    encoded = {name: value for name, value in encoded.items() if len(value.places) > 1}
    if not encoded:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        rows = st.slider(_("Common grid: rows"), 1, 16, 4, key="aligned-rows", width=260)
        columns = st.slider(_("Common grid: columns"), 1, 16, 4, key="aligned-columns", width=260)
    for name, value in encoded.items():
        with st.container(width=_PAIR):
            left, right = st.columns(2, gap="medium")
        boxes = value.places
        image: Any = case.values[name]
        with left:
            chart.show(
                drawn.own_grid(image, value.tokens, boxes, measure, measure_label),
                key=f"aligned-own-{name}",
                title=_("{input}: tokens of {encoder}").format(input=name, encoder=encoders[name].name),
                note=_("{count} tokens; shaded by {measure}").format(count=len(boxes), measure=measure_label),
                data=pd.DataFrame(
                    [
                        {"top": 0, "left": 0, "bottom": 1, "right": 1} if isinstance(box, Whole) else vars(box)
                        for box in boxes
                    ]
                ).assign(value=drawn.MEASURES[measure](value.tokens)),
                alt=_("Image {name} under the grid of its encoder").format(name=name),
            )
        with right:
            chart.show(
                drawn.common_grid(image, value.tokens, boxes, rows, columns, measure, measure_label),
                key=f"aligned-common-{name}",
                title=_("{input}: on the common grid").format(input=name),
                note=_("{rows} × {columns} cells, each the average of its tokens").format(rows=rows, columns=columns),
                data=drawn.grid_frame(value.tokens, boxes, rows, columns, measure),
                alt=_("Image {name} under the common grid").format(name=name),
            )


def in_a_row(
    cohort: Cohort, case: Case, name: str, value: EncodedValue, encoder: Encoder, measure: str, measure_label: str
) -> None:
    """A text as the sequence of its tokens."""
    text, values = str(case.values[name]), drawn.MEASURES[measure](value.tokens)
    spans = [place if isinstance(place, Span) else Span(0, len(text)) for place in value.places]
    chart.show(
        drawn.chips(text, value.places, values, theme.colour_of_input(cohort.inputs)[name], measure_label),
        key=f"aligned-text-{name}",
        title=_("{input}: tokens of {encoder} in order").format(input=name, encoder=encoder.name),
        note=counted(len(spans), "{count} token, of the whole text", "{count} tokens, in the order of the text"),
        data=pd.DataFrame(
            {"token": range(1, len(spans) + 1), "start": [s.start for s in spans], "end": [s.end for s in spans],
             "text": [text[s.start : s.end] for s in spans], "value": values}
        ),
        alt=_("The tokens of {name} in order").format(name=name),
    )  # fmt: skip
