"""Measurements in the beats of an ECG: what there is to measure, and how it is read from the median beat.

Legend: C leads; name: short name of a measurement.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mmcore.base.settings import N_
from mmcore.encoders.signal.beats import BEFORE, LIKE, RATE, Beats, Waves, waves

ST_AFTER = 0.06  # seconds after the end of the QRS complex at which the ST level is read


@dataclass(frozen=True)
class BeatMeasurement:
    """One measurement. value: None where it could not be taken; note: why, or how it is defined."""

    name: str
    value: float | None
    unit: str = ""
    note: str = ""


# of a recording, by name: (label, unit, how it is defined)
OVERALL = {
    "rate": (N_("Heart rate"), "/min", N_("60 / mean time between R peaks")),
    "sdnn": (N_("SDNN"), "ms", N_("standard deviation of the times between beats")),
    "rmssd": (N_("RMSSD"), "ms", N_("root mean square of the differences between successive RR intervals")),
    "irregularity": (N_("Irregularity"), "%", N_("SDNN as a share of the mean time between beats")),
    "odd": (N_("Atypical beats"), "%", N_("beats whose QRS complex differs from the typical one")),
    "pr": (N_("PR interval"), "ms", N_("from the start of P to the start of QRS, in the median beat")),
    "p": (N_("P height"), "%", N_("height of P over all leads, as a share of the QRS complex")),
    "qrs": (N_("QRS duration"), "ms", N_("in the median beat")),
    "qt": (N_("QT interval"), "ms", N_("from the start of QRS to the end of T (tangent), in the median beat")),
    "qtc": (N_("QTc"), "ms", N_("QT for a rate of 60, after Fridericia")),
    "axis_cos": (N_("Axis, horizontal"), "", N_("cosine of the QRS axis: 1 points to the left arm")),
    "axis_sin": (N_("Axis, vertical"), "", N_("sine of the QRS axis: 1 points to the feet")),
}
# of each lead, by name: (label, how it is defined)
PER_LEAD = {
    "r": (N_("R in {lead}"), N_("highest point of the QRS complex")),
    "s": (N_("Q or S in {lead}"), N_("lowest point of the QRS complex")),
    "st": (N_("ST in {lead}"), N_("level 60 ms after the QRS complex, relative to the level before that complex")),
    "t": (N_("T in {lead}"), N_("height of T, below 0 where it is inverted")),
}
# the wave that each is taken from; the others need all beats
WAVE = {"pr": "P", "p": "P", "qrs": "QRS", "r": "QRS", "s": "QRS", "st": "ST", "t": "T", "qt": "QT", "qtc": "QT"}


def measured(seen: Beats, axis_leads: tuple[int, int] | None) -> dict[str, float]:
    """Readings of the whole recording that could be taken."""
    times = seen.intervals
    mean = float(times.mean())
    wave = waves(seen.typical, float(np.median(times)))
    likeness = seen.likeness[np.isfinite(seen.likeness)]
    taken = {
        "rate": 60 / mean,
        "sdnn": 1000 * float(times.std()),
        "irregularity": 100 * float(times.std()) / mean,
        "odd": 100 * float((likeness < LIKE).mean()),
        "qrs": 1000 * (wave.offset - wave.onset) / RATE,
    }
    if len(times) > 1:
        taken["rmssd"] = 1000 * float(np.sqrt(np.square(np.diff(times)).mean()))
    if wave.p_peak is not None and wave.p_onset is not None:
        taken["pr"] = 1000 * (wave.onset - wave.p_onset) / RATE
        size = np.abs(seen.typical - _level(seen, wave)).sum(0)
        taken["p"] = 100 * float(size[wave.p_peak] / size[wave.onset : wave.offset + 1].max())
    if wave.t_end is not None:
        taken["qt"] = 1000 * (wave.t_end - wave.onset) / RATE
        taken["qtc"] = taken["qt"] / mean ** (1 / 3)
    if axis_leads is not None:
        area = (seen.typical - _level(seen, wave))[:, wave.onset : wave.offset + 1].sum(1)
        across, down = area[axis_leads[0]], area[axis_leads[1]] * 2 / math.sqrt(3)
        length = math.hypot(across, down)
        if length > 0:
            taken |= {"axis_cos": float(across / length), "axis_sin": float(down / length)}
    return taken


def heights(seen: Beats) -> dict[tuple[str, int], float]:
    """Readings of every lead, against its level before the QRS complex."""
    wave = waves(seen.typical, float(np.median(seen.intervals)))
    typical = seen.typical - _level(seen, wave)
    after = min(wave.offset + round(ST_AFTER * RATE), typical.shape[1] - 1)
    taken = {}
    for lead, beat in enumerate(typical):
        complex_ = beat[wave.onset : wave.offset + 1]
        taken["r", lead], taken["s", lead] = float(complex_.max()), float(complex_.min())
        taken["st", lead] = float(beat[after - 2 : after + 3].mean())
        if wave.t_peak is not None:
            around = beat[max(0, wave.t_peak - 8) : wave.t_peak + 9]
            taken["t", lead] = float(around[np.abs(around).argmax()])
    return taken


def _level(seen: Beats, wave: Waves) -> np.ndarray:
    """[C, 1] what each lead shows just before the QRS complex."""
    return seen.typical[:, max(0, wave.onset - 6) : max(1, wave.onset - 1)].mean(1, keepdims=True)


def spans(seen: Beats) -> dict[str, tuple[float, float]]:
    """Start and end of the waves of the most typical beat, by their names in WAVE, in seconds of the part looked at."""
    wave = waves(seen.typical, float(np.median(seen.intervals)))
    at = {"QRS": (wave.onset, wave.offset), "ST": (wave.offset, wave.offset + round(ST_AFTER * RATE) + 2)}
    if wave.p_onset is not None:
        at["P"] = (wave.p_onset, wave.onset)
    if wave.t_peak is not None:
        at["T"] = (wave.offset, wave.t_end or wave.t_peak + 8)
        at["QT"] = (wave.onset, wave.t_end or wave.t_peak + 8)
    shift = seen.model - BEFORE
    return {name: ((shift + first) / RATE, (shift + last) / RATE) for name, (first, last) in at.items()}
