"""Every kind of input as it deserves: image with window, text with marked words, signal on paper, values in range."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from mmcore.base.channel_names import channel_names
from mmcore.base.kind_names import kind_name
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted
from mmcore.base.values import Evidence, Image, InputSpec, Row, Signal, Value
from mmcore.cohorts import Cohort
from mmcore.encoders.signal import wave_network
from mmcore.encoders.signal.delineation import Delineation
from mmcore.figures import case as drawn
from mmcore.figures import ecg_waves, signal_traces, table_row, theme
from pages.frame import cohort_picker, linked, own_case, url_state
from pages.frame.markdown import escape
from pages.parts import chart

AUDIBLE_HZ = 2000  # sampled at least this often, a signal can be listened to


def show(
    input: str,
    value: Value,
    cohort: Cohort,
    *,
    key: str,
    evidence: Sequence[Evidence] = (),
    waves: Callable[[Signal], Delineation] | None = None,
) -> None:
    """One input of a case with the viewer of its kind. waves: tells those of an ECG when they are asked for."""
    spec, colour = cohort.inputs[input], theme.colour_of_input(cohort.inputs)[input]
    if isinstance(value, np.ndarray):
        image(value, key=key, title=input, evidence=evidence)
    elif isinstance(value, str):
        text(value, key=key, title=input, evidence=evidence)
    elif isinstance(value, Signal):
        signal(value, key=key, title=input, colour=colour, evidence=evidence, waves=waves)
    else:
        table(value, cohort, spec, key=key, title=input, colour=colour, evidence=evidence)


def image(value: Image, *, key: str, title: str = "", evidence: Sequence[Evidence] = ()) -> None:
    """A picture with zoom (wheel, drag) and a window: pixels below are black, above white."""
    slot, size = st.container(), f"{value.shape[1]} × {value.shape[0]} px"
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(size + " · " + _("zoom with the mouse wheel"), width="content")
        with st.popover(_("Contrast"), icon=":material/contrast:", type="tertiary"):
            low, high = st.slider(
                _("Grey levels shown"),
                0,
                255,
                (0, 255),
                key=f"{key}-window",
                help=_("Pixels below this range are drawn black, pixels above it white."),
            )
            inverted = st.toggle(_("Invert"), key=f"{key}-invert")
    with slot:
        figure = drawn.image(value, low=low, high=high, invert=inverted, evidence=evidence)
        chart.show(figure, key=key, zoom=True, alt=_("Image {name}, {size}").format(name=title, size=size))
    if evidence:
        st.caption(_marks(evidence).strip())


def text(value: str, *, key: str, title: str = "", evidence: Sequence[Evidence] = ()) -> None:
    """A text with its negations and, if asked for, the evidence marked."""
    chart.show(drawn.marked_text(value, evidence), key=key, alt=_("Text {name}").format(name=title))
    st.caption(counted(drawn.count_words(value), "{count} word", "{count} words") + _marks(evidence))


def signal(
    value: Signal,
    *,
    key: str,
    title: str = "",
    colour: str = theme.ACCENT,
    evidence: Sequence[Evidence] = (),
    waves: Callable[[Signal], Delineation] | None = None,
) -> None:
    """Traces (on paper where it is an ECG) with a lead picker, a spectrogram, and sound where it is audible."""
    names, channels = channel_names(value), list(range(value.samples.shape[0]))
    paper = signal_traces.is_ecg(value, title)
    traces, spectrum = st.tabs([_("Trace"), _("Spectrogram")])
    with traces:
        if len(channels) > 1:
            chosen = st.pills(
                _("Leads") if paper else _("Channels"),
                channels,
                selection_mode="multi",
                default=channels[: 3 if len(channels) > 4 else None],
                format_func=lambda i: escape(names[i]),
                key=f"{key}-leads-{len(channels)}",
            )
            channels = sorted(chosen) or channels[:1]
        marked = _waves(value, waves, title, key) if paper and waves is not None else None
        chart.show(
            signal_traces.traces(value, channels, colour=colour, paper=paper, evidence=evidence, waves=marked),
            key=f"{key}-trace",
            zoom=True,
            data=signal_traces.frame(value, channels),
            note=signal_traces.facts(value),
            alt=_("Signal {name}: {facts}").format(name=title, facts=signal_traces.facts(value)),
        )
        if marked is not None:
            chart.heading("", ecg_waves.in_words(marked), ecg_waves.frame(marked), f"{key}-marks")
        if paper:
            st.caption(
                _("Paper: a small square is 0.04 s × 0.1 mV, a large one 0.2 s × 0.5 mV.")
                + ("" if value.unit else _(" The file names no unit; mV is assumed."))
                + _marks(evidence)
            )
        elif value.rate_hz is None:
            st.caption(_("The file does not say its sampling rate, so time is counted in samples."))
            ask_rate(title, key)
    with spectrum:
        channel = (
            st.selectbox(_("Channel"), range(len(names)), format_func=names.__getitem__, key=f"{key}-spectrum-of")
            if len(names) > 1
            else 0
        )
        of = _("Spectrogram of {name}").format(name=names[channel] if len(names) > 1 else title or names[0])
        chart.show(
            signal_traces.spectrogram(value, channel),
            key=f"{key}-spectrum",
            title=of,
            note=_("Power in dB over time and frequency"),
            alt=of,
        )
    if value.rate_hz and value.rate_hz >= AUDIBLE_HZ:
        st.audio(signal_traces.audible(value), sample_rate=round(value.rate_hz))


def _waves(value: Signal, tell: Callable[[Signal], Delineation], input: str, key: str) -> Delineation | None:
    """The waves of an ECG if the reader wants them marked."""
    missing = wave_network.unavailable()
    wanted = linked.toggle(
        _("Mark P, QRS and T"),
        f"waves-{input}",
        key=f"{key}-waves",
        disabled=missing is not None,
        help=missing
        or _(
            "By openecg (Apache-2.0), a network that learnt from the public databases LUDB, QTDB and ISP; first minute "
            "only. For research and teaching, not for diagnosis."
        ),
    )
    if not wanted or missing is not None:
        return None
    with st.spinner(_("Marking the waves…")):
        return tell(value)


def ask_rate(input: str, key: str) -> None:
    """The rate nobody told, from the reader."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        rate = st.number_input(
            _("Sampling rate (Hz)"),
            min_value=1e-6,
            value=None,
            format="%g",
            key=f"{key}-rate",
            placeholder="100",
            width=180,
        )
        st.button(
            _("Use for this cohort"),
            key=f"{key}-use-rate",
            disabled=rate is None,
            on_click=cohort_picker.set_rate,
            args=(input, rate),
        )


def table(
    row: Row,
    cohort: Cohort,
    spec: InputSpec,
    *,
    key: str,
    title: str = "",
    colour: str = theme.ACCENT,
    evidence: Sequence[Evidence] = (),
) -> None:
    """Each value on the cohort's range."""
    with st.container(width=table_row.WIDE):
        chart.show(
            table_row.ranges(row, cohort.table, spec, colour=colour, evidence=evidence),
            key=key,
            data=table_row.frame(row, cohort.table, spec),
            note=_("each value within the cohort's range"),
            alt=_("Values of {name} within the range of the cohort").format(name=title),
        )
    if evidence:
        st.caption(_("Dot: the value is evidence; orange points to the target, blue away from it."))


def _marks(evidence: Sequence[Evidence]) -> str:
    if not evidence:
        return ""
    return "  \n" + _("Evidence: {names}").format(names=escape(list_of(item.name for item in evidence)))


def head(input: str, cohort: Cohort) -> None:
    """Name of an input with its colour and kind."""
    kind = kind_name(cohort.inputs[input].kind)
    st.html(theme.input_head(input, kind if kind != input else "", theme.colour_of_input(cohort.inputs)[input]))


def missing(input: str, reason: str = "") -> None:
    """What stands where an input is missing."""
    st.info(escape(reason or _("{input} is missing in this case.").format(input=input)), icon=":material/block:")


def missing_here(input: str, cohort: Cohort) -> None:
    """The same on a page that can show nothing without it: with the way to a case that has it."""
    missing(input)
    there = np.flatnonzero(cohort.present(input))
    if own_case.upload() is None and len(there):
        st.button(
            _("Look at a case that has it"),
            icon=":material/person_search:",
            key="case-with-input",
            on_click=url_state.choose_case,
            args=(cohort.ids[int(there[0])],),
        )
