"""The controls that change a named segment of an ECG in every beat: raise it, flatten it, turn it over."""

from __future__ import annotations

import streamlit as st

from mmcore.base.channel_names import channel_names
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Signal
from mmcore.encoders.signal import wave_network
from mmcore.encoders.signal.delineation import delineate
from mmcore.explain.case_edits import SegmentEdit
from mmcore.figures.signal_traces import is_ecg
from pages.frame.markdown import escape

_MOST = 0.5  # mV


def form(value: Signal, spec: InputSpec, now: SegmentEdit | None, at: str) -> SegmentEdit | None:
    """What is changed of which segment; None where nothing is, or where it cannot be."""
    if not is_ecg(value, spec.name):
        return None
    with st.expander(_("Raise, flatten or invert a wave or segment"), icon=":material/ecg_heart:"):
        if missing := wave_network.unavailable():
            st.caption(missing)
            return None
        chosen = _controls(value, spec, now or SegmentEdit(), at)
        if chosen.nothing:
            return None
        reason = delineate(value, spec.channel_names).reason
        if reason:
            st.info(
                _("No wave or segment can be changed. {reason}").format(reason=escape(reason)), icon=":material/info:"
            )
            return None
        return chosen


def _controls(value: Signal, spec: InputSpec, now: SegmentEdit, at: str) -> SegmentEdit:
    names, unit = channel_names(value), value.unit or spec.unit or "mV"
    labels = {
        "P": _("P wave"),
        "PR": _("PR segment"),
        "QRS": _("QRS complex"),
        "ST": _("ST segment"),
        "T": _("T wave"),
    }
    most = _MOST * (1000 if unit in ("uV", "µV") else 1)
    segment = st.selectbox(
        _("Part of the beat"),
        list(labels),
        list(labels).index(now.segment),
        format_func=labels.__getitem__,
        key=f"segment-{at}",
    )
    leads = st.pills(
        _("Leads"), range(len(names)), selection_mode="multi", default=now.leads or range(len(names)),
        format_func=lambda i: escape(names[i]), key=f"segment-leads-{at}",
    )  # fmt: skip
    by = st.slider(
        _("Raise by, {unit}").format(unit=unit), -most, most, min(max(now.by, -most), most), most / 10,
        key=f"segment-by-{at}",
    )  # fmt: skip
    size = st.slider(
        _("Height, % of the original"), -200, 200, round(100 * now.times), 25, key=f"segment-times-{at}",
        help=_("0 flattens the wave to the line between its ends; below 0 it is inverted."),
    )  # fmt: skip
    st.caption(_("The change applies to every beat of the first minute, as marked by the program openecg."))
    every = len(leads) == len(names)
    return SegmentEdit(segment=segment, leads=() if every else tuple(sorted(leads)), by=float(by), times=size / 100)
