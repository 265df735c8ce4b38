"""What a signal encoder says: along the time of the signal, its filters, and measurements a person can read."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from mmcore.base.channel_names import channel_names
from mmcore.base.settings import _, counted
from mmcore.base.values import Signal
from mmcore.encoders import Encoder
from mmcore.encoders.capabilities import HasPeaks, HasReadings
from mmcore.encoders.signal.beat_measurements import BeatMeasurement
from mmcore.figures import signal_tokens as drawn
from mmcore.figures import theme
from mmcore.inspect.encoded_value import EncodedValue
from mmcore.inspect.filters import Spectrum, bank_of, spectrum_of
from pages.explore.features.tokens import whole
from pages.frame import page
from pages.frame.markdown import escape
from pages.parts import chart

CHIEF = 12  # measurements shown large


@st.fragment
@page.guard()
def along_time(encoded: EncodedValue, value: Signal, encoder: Encoder, colour: str, key: str, title: str = "") -> None:
    """A trace over what each stretch of it says."""
    if len(encoded.places) < 2:
        st.info(
            _(
                "This signal is so short that one token stands for all of it, so nothing can "
                "be shown along time. Choose a smaller window or another encoder to see more."
            ),
            icon=":material/info:",
        )
        whole.strip(encoded, encoder, key)
        return
    _draw(encoded, value, encoder, colour, key, channel_of(value, key), 460, title)


def channel_of(value: Signal, key: str) -> int:
    """The channel to show, asked for where there are several."""
    names = channel_names(value)
    if len(names) < 2:
        return 0
    channel = st.pills(
        _("Trace shown"),
        range(len(names)),
        default=min(1, len(names) - 1),
        format_func=lambda i: escape(names[i]),
        key=f"{key}-channel-{len(names)}",
        required=True,
    )
    return int(channel)


def _draw(
    encoded: EncodedValue,
    value: Signal,
    encoder: Encoder,
    colour: str,
    key: str,
    channel: int,
    height: int,
    title: str = "",
    below: bool = False,
) -> None:
    """below: how to read it stands under the figure, so that several begin level."""
    spectrum = None if title else spectrum_of(encoder, encoded.tokens, channel)  # with a title: states of a network
    rows, whole = (spectrum.rows, True) if spectrum else encoded.rows()
    row_title = spectrum.name if spectrum else _("dimension") if whole else _("component")
    note = _read(spectrum, len(rows), whole, encoded.tokens.shape[1])
    chart.show(
        drawn.signal_tokens(
            value,
            encoded.places,
            rows,
            channel=channel,
            colour=colour,
            row_title=row_title,
            scale=theme.SEQUENTIAL_OPEN if spectrum and not spectrum.standardised else None,
            height=height,
        ),
        key=f"{key}-time",
        title=title or _("What each stretch says"),
        note="" if below else note,
        data=pd.DataFrame(
            rows.T, index=pd.Index([getattr(place, "start", 0.0) for place in encoded.places], name="start")
        ),
        alt=_("Signal over a heatmap of its tokens in time"),
    )
    if below:
        st.caption(note)


def _read(spectrum: Spectrum | None, rows: int, whole: bool, dims: int) -> str:
    """How to read the colours under a trace."""
    if spectrum is not None and spectrum.standardised:
        return _("a row for each {row}, on its own scale; blue: below its average, brown: above").format(
            row=spectrum.name
        )
    if spectrum is not None:
        return _("a row for each {row}, the lowest at the bottom; strong colour: strong").format(row=spectrum.name)
    if whole:
        return _("all {count} numbers of each token; blue: below zero, brown: above").format(count=rows)
    words = (
        _(
            "the {dims} numbers of each token combined into one component, the one that tells tokens apart best; "
            "blue: below zero, brown: above"
        )
        if rows == 1
        else _(
            "the {dims} numbers of each token combined into {count} components, those that tell tokens apart best; "
            "blue: below zero, brown: above"
        )
    )
    return words.format(count=rows, dims=f"{dims:,}")


@page.guard()
def filters(value: Signal, encoder: Encoder, key: str) -> None:
    """The filters every stretch is put through."""
    bank = bank_of(encoder, value)
    if bank is None:
        return
    axis = _("frequency ({unit})").format(unit=bank.unit)
    chart.show(
        drawn.filter_bank(bank.axis, bank.filters, axis_title=axis),
        key=f"{key}-filters",
        title=_("The filter bank"),
        note=_("{count} filters; each gives one number for each stretch of the signal").format(count=len(bank.filters)),
        data=pd.DataFrame(bank.filters.T, index=pd.Index(bank.axis, name=axis)),
        alt=_("Curves of the {count} filters over frequency").format(count=len(bank.filters)),
    )


@st.fragment
@page.guard()
def readings(value: Signal, encoder: HasReadings, colour: str, key: str) -> None:
    """Measurements as numbers, and the beats they were taken from."""
    measurements = encoder.readings(value)
    if all(reading.value is None for reading in measurements):
        why = (encoder.suits(value) if isinstance(encoder, Encoder) else None) or ""
        st.info(
            _("Nothing could be measured in this signal. {why}").format(why=escape(why)),
            icon=":material/info:",
        )
        return
    with st.grid(4, min_column_width=150, gap="small"):
        for reading in measurements[:CHIEF]:
            st.metric(reading.name, in_words(reading.value, reading.unit), help=reading.note or None, border=True)
    if isinstance(encoder, HasPeaks):
        channel = channel_of(value, f"{key}-beats")
        times = encoder.peaks(value)
        chart.show(
            drawn.with_peaks(value, list(times), colour=colour, channel=channel),
            key=f"{key}-peaks",
            title=_("Heart beats"),
            note=counted(len(times), "{count} R-peak", "{count} R-peaks"),
            data=pd.DataFrame({f"peak_{value.time_unit}": times}),
            alt=_("Trace with the R-peaks marked"),
        )
    if len(measurements) > CHIEF:
        with st.expander(_("All {count} measurements").format(count=len(measurements)), icon=":material/list:"):
            listed(measurements, key)


def listed(measurements: Sequence[BeatMeasurement], key: str, *, how: bool = True) -> None:
    """Measurements as a table, with what each one is."""
    frame = pd.DataFrame(
        {
            _("Measurement"): [reading.name for reading in measurements],
            _("Value"): [in_words(reading.value, reading.unit) for reading in measurements],
            _("How"): [reading.note for reading in measurements],
        }
    ).iloc[:, : 3 if how else 2]
    chart.heading(_("What was measured"), "", frame, f"{key}-readings")
    st.dataframe(frame, hide_index=True, height="content", alt=_("Table of measurements"))


def in_words(number: float | None, unit: str = "") -> str:
    """A measurement as people write it; a dash where it could not be taken."""
    if number is None or number != number:
        return "–"
    digits = f"{number:z.2f}" if unit == "mV" else f"{number:.3g}"  # an ECG is read to a tenth of a small square
    return f"{digits} {unit}".strip().replace("-", "−")


def brief(encoded: EncodedValue, value: Signal, encoder: Encoder, colour: str, key: str) -> None:
    if len(encoded.places) < 2:
        whole.brief(encoded, encoder, colour, key)
        return
    _draw(encoded, value, encoder, colour, key, min(1, value.samples.shape[0] - 1), 360, below=True)
