"""What a reader of ECGs would measure: rate, intervals, axis, and the height of the waves lead by lead."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import torch

from mmcore.base.modules import missing_packages
from mmcore.base.settings import N_, _
from mmcore.base.values import Kind, Place, Seconds, Signal, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.signal.beat_measurements import OVERALL, PER_LEAD, WAVE, BeatMeasurement, heights, measured, spans
from mmcore.encoders.signal.beats import RATE, Beats, beats
from mmcore.encoders.signal.lead_names import LEADS, lead_names
from mmcore.encoders.signal.suitability import reason_against
from mmcore.encoders.signal.working_rate import at_working_rate

SLOWEST = 50.0  # Hz; a slower recording does not show where a QRS complex begins
LONGEST = 120.0  # seconds measured of a longer recording, from its middle


@encoders.register("ecg_measurements")
class ECGMeasurements(Encoder[Signal]):
    """ECG measurements: rate, rhythm, intervals, axis, and the waves of each lead.

    R peaks are found on all leads together (Pan & Tompkins), the rest is read from the median beat. One token per
    reading, [value, missing]. Nothing is learnt; a reading that cannot be taken is flagged, and so are all of a
    recording that shows no regular beats or whose rate is not known.
    """

    kind = Kind.SIGNAL
    citation = "Pan & Tompkins, A Real-Time QRS Detection Algorithm, IEEE Transactions on Biomedical Engineering 1985"
    licence = N_("own implementation")
    dtype = "float32"
    version = 2

    @property
    def dims(self) -> int:
        return 2 * self._count

    @property
    def _count(self) -> int:
        return len(OVERALL) + len(PER_LEAD) * LEADS

    def prepare(self, values: Sequence[Signal]) -> Tokens:
        """Signals -> Tokens [B, 60, 120], reading i in dimensions 2 i and 2 i + 1. Raises BadInput as all do."""
        tokens = torch.zeros(len(values), self._count, self.dims)
        for case, signal in zip(tokens, values, strict=True):
            for i, reading in enumerate(self._readings(signal)):
                case[i, 2 * i] = 0.0 if reading.value is None else reading.value
                case[i, 2 * i + 1] = float(reading.value is None)
        return Tokens(tokens, torch.ones(tokens.shape[:2], dtype=torch.bool))

    def places(self, value: Signal) -> list[Place]:
        """The wave in the most typical beat that a reading was taken from, else the whole signal."""
        at_working_rate(value)
        whole, seen, start = Seconds(0.0, value.duration), *_looked_at(value)
        waves = {} if seen is None else spans(seen)
        here = {name: _within(span, start, value.duration) or whole for name, span in waves.items()}
        names = [*OVERALL, *(name for name in PER_LEAD for _lead in range(LEADS))]
        return [here.get(WAVE.get(name, ""), whole) for name in names]

    def readings(self, value: Signal) -> list[BeatMeasurement]:
        """The measurements of the recording and of each lead it has. Raises BadInput for an empty signal."""
        present = value.samples.shape[0]
        leads = [lead for _name in PER_LEAD for lead in range(LEADS)]
        readings = self._readings(value)
        return readings[: len(OVERALL)] + [
            reading for reading, lead in zip(readings[len(OVERALL) :], leads, strict=True) if lead < present
        ]

    def _readings(self, value: Signal) -> list[BeatMeasurement]:
        """All measurements, in the order of the tokens."""
        at_working_rate(value)
        seen, _start = _looked_at(value)
        names = lead_names(value, self.spec.channel_names)
        taken = {} if seen is None else measured(seen, _axis_leads(names, len(seen.leads)))
        height = {} if seen is None else heights(seen)
        overall = [
            BeatMeasurement(_(label), taken.get(name), unit, _(note) if name in taken else _not_taken(name, seen))
            for name, (label, unit, note) in OVERALL.items()
        ]
        unit = value.unit or self.spec.unit
        per_lead = [
            BeatMeasurement(
                _(label).format(lead=names[lead]),
                height.get((name, lead)),
                unit,
                _(note) if (name, lead) in height else _not_taken(name, seen),
            )
            for name, (label, note) in PER_LEAD.items()
            for lead in range(LEADS)
        ]
        return overall + per_lead

    def peaks(self, value: Signal) -> np.ndarray:
        """R peaks in seconds; none where no regular beats are found."""
        seen, start = _looked_at(value)
        return np.zeros(0) if seen is None else start + seen.peaks / RATE

    def suits(self, value: Signal) -> str | None:
        if value.rate_hz is None:
            return _("Nothing can be measured while the sampling rate of the signal is not known.")
        if value.rate_hz < SLOWEST:
            return _("The rate of {rate:g} Hz is too low for an ECG.").format(rate=value.rate_hz)
        if reason := reason_against(value):
            return reason
        if _looked_at(value)[0] is None:
            return _(
                "No heart beats of a common shape were found: this may not be an ECG, or it may be too short "
                "or too disturbed."
            )
        return None

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("scipy")


def _looked_at(signal: Signal) -> tuple[Beats | None, float]:
    """Beats of the signal, None without regular ones, and the second at which the part looked at begins."""
    rate = signal.rate_hz
    samples = np.asarray(signal.samples, np.float32)
    if rate is None or rate < SLOWEST or samples.shape[1] < 2 * rate or not np.isfinite(samples).all():
        return None, 0.0
    first = max(0, round((samples.shape[1] - LONGEST * rate) / 2))
    part = samples[:LEADS, first : first + round(LONGEST * rate)]
    part = part - np.median(part, axis=1, keepdims=True)
    from scipy.signal import resample_poly

    ratio = Fraction(RATE / rate).limit_denominator(1000)
    seen = beats(resample_poly(part, ratio.numerator, ratio.denominator, axis=1))
    return (seen if seen is not None and seen.regular else None), first / rate


def _within(span: tuple[float, float], start: float, duration: float) -> Seconds | None:
    first, last = max(0.0, span[0] + start), min(duration, span[1] + start)
    return Seconds(float(first), float(last)) if last > first else None


def _axis_leads(names: Sequence[str], count: int) -> tuple[int, int] | None:
    """Where leads I and aVF are."""
    lower = [name.lower() for name in names[:count]]
    return (lower.index("i"), lower.index("avf")) if "i" in lower and "avf" in lower else None


def _not_taken(name: str, seen: Beats | None) -> str:
    if seen is None:
        return _("no beats of a common shape were found")
    if name.startswith("axis"):
        return _("leads I and aVF are needed")
    return _("the wave does not stand out")
