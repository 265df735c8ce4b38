"""An ECG as named segments: P, PR, QRS, ST and T of each lead, and the rhythm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from mmcore.base.settings import N_, _
from mmcore.base.values import Kind, Place, Seconds, Segment, Signal, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.signal import wave_network
from mmcore.encoders.signal.beat_measurements import OVERALL, BeatMeasurement
from mmcore.encoders.signal.delineation import Delineation, delineate
from mmcore.encoders.signal.lead_names import LEADS, lead_names
from mmcore.encoders.signal.suitability import reason_against
from mmcore.encoders.signal.working_rate import at_working_rate
from mmcore.encoders.tokens import pad

# short name -> as it is called in a lead
NAMED = {
    "P": N_("P wave in {lead}"),
    "PR": N_("PR segment in {lead}"),
    "QRS": N_("QRS complex in {lead}"),
    "ST": N_("ST segment in {lead}"),
    "T": N_("T wave in {lead}"),
}
_OF_SEGMENT = 5  # mean, highest, lowest, slope, missing
_OF_RHYTHM = 9  # rate, SDNN, irregularity, share of beats with P and with T, PR, QRS, QT, QTc; then which are missing
_WIDE = 2 * _OF_RHYTHM
_CHIEF = [0, 1, 5, 6, 7, 8]  # those that readings tell
_BEFORE = (0.03, 0.005)  # seconds before QRS in which the level lies that heights are taken from


@encoders.register("ecg_segments")
class ECGSegments(Encoder[Signal]):
    """Named segments of an ECG: P wave, PR, QRS, ST and T of each lead, and the rhythm.

    Waves are marked by openecg. A token for each segment of each lead holds its mean height, highest and lowest point
    against the level before QRS, and its slope, in the median beat; one for the rhythm holds rate, irregularity, the
    share of beats with P and T, PR, QRS, QT and QTc (Fridericia). What is not seen is flagged as missing, all of it
    where the signal is no ECG. Only the first minute of a recording is read. For research, not for diagnosis.
    """

    kind = Kind.SIGNAL
    citation = (
        "openecg 0.11, H.-C. Lee, github.com/vitaldb/openecg; its waves after Kalyakulina et al., LUDB: A New "
        "Open-Access Validation Tool for Electrocardiogram Delineation Algorithms, IEEE Access 2020"
    )
    licence = "Apache-2.0"
    trained_on = N_(
        "waves that experts marked in LUDB, QTDB and ISP; earlier versions learnt rhythms from PTB-XL, so a "
        "score on PTB-XL is not an independent test"
    )
    dtype = "float32"

    @property
    def dims(self) -> int:
        return LEADS * len(NAMED) * _OF_SEGMENT + _WIDE

    def prepare(self, values: Sequence[Signal]) -> Tokens:
        """Signals -> Tokens [B, 5 * leads + 1, D], each token in dimensions of its own, segment by segment and lead by
        lead; the rhythm comes last. Raises BadInput for an empty signal or one with gaps."""
        return pad([torch.from_numpy(self._tokens(signal)) for signal in values])

    def places(self, value: Signal) -> list[Place]:
        at_working_rate(value)
        marked, leads, whole = self._delineation(value), min(len(value.samples), LEADS), (0.0, value.duration)
        names, places = lead_names(value, self.spec.channel_names), []
        for short, label in NAMED.items():
            again = tuple(segment for segment in marked.segments(short) if segment is not None)
            middle = again[len(again) // 2] if again else Seconds(*whole)
            for lead in range(leads):
                name = _(label).format(lead=names[lead])
                places.append(Segment(middle.start, middle.end, name, short, lead, again))
        return [*places, Segment(*whole, _("Rhythm"), again=(Seconds(*whole),))]

    def suits(self, value: Signal) -> str | None:
        return reason_against(value) or self._delineation(value).reason or None

    @classmethod
    def unavailable(cls) -> str | None:
        return wave_network.unavailable()

    def parameter_count(self) -> int:
        return wave_network.weights()

    def readings(self, value: Signal) -> list[BeatMeasurement]:
        """The rhythm and the mean height of each segment of each lead. Raises BadInput for an empty signal."""
        at_working_rate(value)
        marked, unit = self._delineation(value), value.unit or self.spec.unit
        measured = [
            BeatMeasurement(_(OVERALL[name][0]), reading, OVERALL[name][1])
            for name, reading in zip(("rate", "sdnn", "pr", "qrs", "qt", "qtc"), _rhythm(marked)[_CHIEF], strict=True)
        ]
        samples, names = value.samples[:LEADS], lead_names(value, self.spec.channel_names)
        for short, label in NAMED.items():
            for lead, shape in enumerate(_shapes(samples, value.rate, marked, short)):
                name = _(label).format(lead=names[lead])
                note = _("mean height against the level before QRS, median of the beats")
                measured.append(BeatMeasurement(name, float(shape[0]), unit, note))
        return [_taken(reading, marked) for reading in measured]

    def peaks(self, value: Signal) -> np.ndarray:
        """R peaks in seconds; none where no regular beats are found."""
        return np.array(self._delineation(value).peaks)

    def _delineation(self, value: Signal) -> Delineation:
        return delineate(value, self.spec.channel_names)

    def _tokens(self, signal: Signal) -> np.ndarray:
        """[N, D] float32."""
        at_working_rate(signal)  # raises for what cannot be read
        marked, leads = self._delineation(signal), min(len(signal.samples), LEADS)
        tokens = np.zeros((len(NAMED) * leads + 1, self.dims), np.float32)
        for number, short in enumerate(NAMED):
            shapes = _shapes(signal.samples[:leads], signal.rate, marked, short)  # [leads, 4], nan: not seen
            for lead, shape in enumerate(shapes):
                first = (number * LEADS + lead) * _OF_SEGMENT
                missing = not np.isfinite(shape).all()
                tokens[number * leads + lead, first : first + _OF_SEGMENT] = [*np.where(missing, 0, shape), missing]
        tokens[-1, -_WIDE:] = _flagged(_rhythm(marked))
        return tokens


def _shapes(samples: np.ndarray, rate: float, marked: Delineation, short: str) -> np.ndarray:
    """[C, 4] mean, highest, lowest (in the signal's unit) and slope (a second) of a segment: medians over its beats."""
    each = []
    for beat, segment in zip(marked.beats, marked.segments(short), strict=True):
        if segment is None:
            continue
        level = samples[:, _inside(beat.qrs.onset - _BEFORE[0], beat.qrs.onset - _BEFORE[1], samples, rate)].mean(1)
        part = samples[:, _inside(segment.start, segment.end, samples, rate)] - level[:, None]
        along = np.arange(part.shape[1]) - (part.shape[1] - 1) / 2
        slope = (part * along).sum(1) / max(1.0, float(np.square(along).sum())) * rate
        each.append(np.stack([part.mean(1), part.max(1), part.min(1), slope], 1))
    return np.median(each, axis=0) if each else np.full((len(samples), 4), np.nan)


def _inside(start: float, end: float, samples: np.ndarray, rate: float) -> slice:
    """At least one sample."""
    first = min(max(0, round(start * rate)), samples.shape[1] - 1)
    return slice(first, max(first + 1, round(end * rate)))


def _rhythm(marked: Delineation) -> np.ndarray:
    """[9] in the order of _OF_RHYTHM: per minute, milliseconds and shares; nan for what is not seen."""
    readings = np.full(_OF_RHYTHM, np.nan)
    if not marked.beats:
        return readings
    times = np.diff(marked.peaks)
    count = len(marked.beats)
    readings[:5] = 60 / times.mean(), 1000 * times.std(), times.std() / times.mean(), 0, 0
    readings[3:5] = len(marked.waves("P")) / count, len(marked.waves("T")) / count
    for place, name in ((5, "PR"), (6, "QRS"), (7, "QT")):
        seconds = marked.interval(name)
        readings[place] = np.nan if seconds is None else 1000 * seconds
    readings[8] = readings[7] / times.mean() ** (1 / 3)
    return readings


def _taken(reading: BeatMeasurement, marked: Delineation) -> BeatMeasurement:
    """With a reason where it could not be taken."""
    if reading.value is not None and np.isfinite(reading.value):
        return replace(reading, value=float(reading.value))
    return replace(reading, value=None, note=marked.reason or _("the wave does not stand out"))


def _flagged(readings: np.ndarray) -> np.ndarray:
    """[2 R] the readings, 0 where missing, then 1 where missing."""
    missing = ~np.isfinite(readings)
    return np.concatenate([np.where(missing, 0, readings), missing]).astype(np.float32)
