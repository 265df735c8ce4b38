"""P, QRS and T of every beat of an ECG, and the segments between them, in seconds.

R peaks are found as in `beats` (Pan & Tompkins 1985); where each wave begins and ends is told by a network (see
`wave_network`) on up to three leads together, so that one time holds for all leads. A wave that is not seen is left
out, never guessed. For research and teaching: not a medical device.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from weakref import WeakKeyDictionary

import numpy as np

from mmcore.base.settings import _
from mmcore.base.values import Seconds, Signal
from mmcore.encoders.signal import wave_network
from mmcore.encoders.signal.beats import RATE as BEAT_RATE
from mmcore.encoders.signal.beats import beats

SLOWEST = 50.0  # Hz; a slower recording does not show where a QRS complex begins
SHORTEST, LONGEST = 2.5, 60.0  # seconds; of a longer recording the beginning is read
ST_LEAST = 0.08  # seconds after QRS that count as ST however early T begins: its level is read there
_READ = (("II", "MLII"), ("V2", "V1"), ("V5", "V6"))  # leads the network reads, one of each pair
_LEADS = 3
_REACH = 0.08  # seconds from an R peak within which its QRS complex begins before and ends after it
_SHORTEST_RUN = {"P": 0.03, "QRS": 0.03, "T": 0.05}  # seconds; what is shorter is no wave
_GAP = 0.03  # seconds that may lie between two parts of one wave
_ENOUGH = 0.5  # share of beats whose QRS complex the network must see too
_DRIFT = 0.5  # Hz below which the baseline wanders
_ATRIAL = 0.4  # seconds before QRS in which its P wave begins


@dataclass(frozen=True)
class Wave:
    """One wave: seconds from the start of the recording."""

    onset: float
    peak: float
    offset: float


@dataclass(frozen=True)
class BeatWaves:
    """The waves of one beat; None for one that is not seen."""

    qrs: Wave
    p: Wave | None = None
    t: Wave | None = None


@dataclass(frozen=True)
class Delineation:
    """beats: those whose QRS complex is told. peaks: R peaks of all beats, in seconds. reason: why there are none.
    until: seconds from the start that were read."""

    beats: tuple[BeatWaves, ...] = ()
    peaks: tuple[float, ...] = ()
    reason: str = ""
    until: float = 0.0

    def waves(self, name: str) -> list[Wave]:
        """All P, QRS or T waves."""
        each = [{"P": beat.p, "QRS": beat.qrs, "T": beat.t}[name] for beat in self.beats]
        return [wave for wave in each if wave is not None]

    def interval(self, name: str) -> float | None:
        """Median PR (start of P to start of QRS), QRS or QT (start of QRS to end of T) in seconds; None: not seen."""
        each = {
            "PR": [beat.qrs.onset - beat.p.onset for beat in self.beats if beat.p],
            "QRS": [beat.qrs.offset - beat.qrs.onset for beat in self.beats],
            "QT": [beat.t.offset - beat.qrs.onset for beat in self.beats if beat.t],
        }[name]
        return float(np.median(each)) if each else None

    def segments(self, name: str) -> list[Seconds | None]:
        """One of P, PR, QRS, ST, T and TP, beat by beat; None for a beat that lacks it. TP lasts until the next P."""
        return [_segment(name, beat, after) for beat, after in zip_longest(self.beats, self.beats[1:])]


# by names of the leads; gone with the signal, so that nothing outlives an upload
_done: WeakKeyDictionary[Signal, dict[tuple[str, ...], Delineation]] = WeakKeyDictionary()


def delineate(signal: Signal, names: Sequence[str] = ()) -> Delineation:
    """Waves of an ECG. names: of its channels, where the signal does not say. See `wave_network.unavailable` first.

    Flat, noisy, short or slow recordings, and whatever shows no regular beats, give none, with the reason.
    """
    leads, results = signal.channel_names or tuple(names), _done.setdefault(signal, {})
    if leads not in results:
        results[leads] = _delineate(signal, leads)
    return results[leads]


def _delineate(signal: Signal, names: Sequence[str]) -> Delineation:
    if reason := _cannot(signal):
        return Delineation(reason=reason)
    samples = np.asarray(signal.samples, np.float32)[:12, : round(LONGEST * signal.rate)]
    until = samples.shape[1] / signal.rate
    samples = samples - np.median(samples, axis=1, keepdims=True)
    seen = beats(_resampled(samples, signal.rate, BEAT_RATE))
    if seen is None or not seen.regular:
        return Delineation(
            reason=_("No heart beats of a common shape were found: this may not be an ECG."), until=until
        )
    leads = _resampled(samples[_chosen(names, samples)], signal.rate, wave_network.RATE)
    from scipy.signal import butter, sosfiltfilt

    leads = sosfiltfilt(butter(2, _DRIFT, "highpass", fs=wave_network.RATE, output="sos"), leads, axis=1)
    runs = _runs(wave_network.wave_log_probabilities(leads).argmax(1))
    marked = _beats(runs, seen.peaks / BEAT_RATE, leads)
    if len(marked) < _ENOUGH * len(seen.peaks):
        return Delineation(reason=_("The beats do not look like those of an ECG."), until=until)
    return Delineation(tuple(marked), tuple((seen.peaks / BEAT_RATE).tolist()), until=until)


def _cannot(signal: Signal) -> str:
    """Why it is not even tried, "" if it is."""
    samples = np.asarray(signal.samples)
    if signal.rate_hz is None:
        return _("The sampling rate is not known.")
    if signal.rate_hz < SLOWEST:
        return _("The rate of {rate:g} Hz is too low for an ECG.").format(rate=signal.rate_hz)
    if samples.ndim != 2 or 0 in samples.shape or not np.isfinite(samples).all():
        return _("The signal is empty or holds values that are not numbers.")
    if signal.duration < SHORTEST:
        return _("The signal lasts only {seconds:.2g} s; {least:g} s are needed.").format(
            seconds=signal.duration, least=SHORTEST
        )
    if not np.ptp(samples, axis=1).max() > 0:
        return _("The signal is flat: it never changes.")
    return ""


def _resampled(samples: np.ndarray, rate: float, to: int) -> np.ndarray:
    from scipy.signal import resample_poly

    ratio = Fraction(to / rate).limit_denominator(1000)
    resampled: np.ndarray = resample_poly(samples, ratio.numerator, ratio.denominator, axis=1)
    return resampled


def _chosen(names: Sequence[str], samples: np.ndarray) -> list[int]:
    """The leads that the network reads: II, V2 and V5 where they are named so, else the first that are not flat."""
    moving = [int(row) for row in np.flatnonzero(np.ptp(samples, axis=1) > 0)]
    rows = {names[row].upper(): row for row in moving} if len(names) >= len(samples) else {}
    by_name = [next((rows[name] for name in group if name in rows), None) for group in _READ]
    chosen = [row for row in by_name if row is not None]
    return (chosen + [row for row in moving if row not in chosen])[:_LEADS]


def _runs(labels: np.ndarray) -> dict[str, list[tuple[int, int]]]:
    """Stretches of each wave, start and end in samples; parts of one wave joined, what is too short left out."""
    runs = {}
    for number, name in enumerate(wave_network.CLASSES):
        if not name:
            continue
        edges = np.diff(np.concatenate([[0], labels == number, [0]]).astype(int))
        joined: list[tuple[int, int]] = []
        for start, end in zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True):
            between = labels[joined[-1][1] : start] if joined else labels[:0]
            if joined and len(between) <= _GAP * wave_network.RATE and not between.any():
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        least = _SHORTEST_RUN[name] * wave_network.RATE
        runs[name] = [(start, end) for start, end in joined if end - start >= least]
    return runs


def _beats(runs: dict[str, list[tuple[int, int]]], peaks: np.ndarray, leads: np.ndarray) -> list[BeatWaves]:
    """The waves around each R peak; a peak at which no QRS complex is told gives no beat."""
    rate, reach = wave_network.RATE, round(_REACH * wave_network.RATE)
    complexes: list[tuple[int, int, int]] = []
    for peak in np.round(peaks * rate).astype(int).tolist():
        near = [run for run in runs["QRS"] if run[0] - reach <= peak <= run[1] + reach]
        run = min(near, key=lambda run: abs((run[0] + run[1]) / 2 - peak), default=None)
        if run is not None and (not complexes or run[0] >= complexes[-1][1]):
            complexes.append((run[0], peak, run[1]))
    marked = []
    ends = [0, *(end for _onset, _peak, end in complexes)]
    onsets = [*(onset for onset, _peak, _end in complexes), leads.shape[1]]
    for i, (onset, peak, end) in enumerate(complexes):
        first = max(ends[i], onset - round(_ATRIAL * rate))
        atrial = [run for run in runs["P"] if first <= run[0] and run[1] <= onset + 5]
        late = [run for run in runs["T"] if end - 5 <= run[0] and run[1] <= onsets[i + 1]]
        p = _wave(atrial[-1], leads) if atrial else None
        t = _wave(max(late, key=lambda run: run[1] - run[0]), leads) if late else None
        marked.append(BeatWaves(Wave(onset / rate, min(max(peak, onset), end) / rate, end / rate), p, t))
    return marked


def _wave(run: tuple[int, int], leads: np.ndarray) -> Wave:
    """Its peak is where all leads together lie farthest from the line that joins its ends: under a raised ST segment,
    the height alone would take the beginning of an inverted T for its peak."""
    start, end = run
    part, along = leads[:, start:end], np.linspace(0, 1, end - start)
    chord = part[:, :1] * (1 - along) + part[:, -1:] * along
    peak = start + int(np.abs(part - chord).sum(0).argmax())
    return Wave(start / wave_network.RATE, peak / wave_network.RATE, end / wave_network.RATE)


def _segment(name: str, beat: BeatWaves, following: BeatWaves | None) -> Seconds | None:
    qrs, p, t = beat.qrs, beat.p, beat.t
    spans = {"QRS": (qrs.onset, qrs.offset)}
    if p is not None:
        spans |= {"P": (p.onset, p.offset), "PR": (p.offset, qrs.onset)}
    if t is not None:
        spans |= {"ST": (qrs.offset, max(t.onset, qrs.offset + ST_LEAST)), "T": (t.onset, t.offset)}
    if t is not None and following is not None and following.p is not None:
        spans["TP"] = (t.offset, following.p.onset)
    start, end = spans.get(name, (0.0, 0.0))
    return Seconds(start, end) if end > start else None
