"""Heart beats in an ECG: where they are, the typical one, and where its waves begin and end.

Legend: C leads, T samples at RATE, W samples of a beat.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

RATE = 250  # Hz at which beats are looked for
BEFORE, AFTER = 90, 125  # samples of a beat before and after its R peak: 0.36 s and 0.5 s
_CORE = slice(BEFORE - 25, BEFORE + 40)  # the QRS complex, whatever the rate
_REFRACTORY = 0.25  # seconds in which no second beat can follow
LIKE = 0.8  # correlation of QRS complexes from which two beats are of one kind


@dataclass(frozen=True, eq=False)
class Beats:
    """leads [C, T] at RATE, drift taken off. peaks [P]: samples of the R peaks. typical [C, W]: median beat, 0 at its
    start. likeness [P]: correlation of each QRS complex with the typical one, nan for a beat that is cut. model: the
    peak of the beat most like it."""

    leads: np.ndarray
    peaks: np.ndarray
    typical: np.ndarray
    likeness: np.ndarray
    model: int

    @property
    def intervals(self) -> np.ndarray:
        """Seconds from each beat to the next [P - 1]."""
        return np.diff(self.peaks) / RATE

    @property
    def regular(self) -> bool:
        """Whether this looks like the beating of a heart: most beats are alike, and not too far apart."""
        likeness = self.likeness[np.isfinite(self.likeness)]
        return bool(len(likeness) >= 2 and np.median(likeness) > LIKE and np.median(self.intervals) < 3)


@dataclass(frozen=True)
class Waves:
    """Samples within the typical beat where its waves lie; None for one that cannot be told from the noise."""

    onset: int  # of the QRS complex
    offset: int
    p_onset: int | None = None
    p_peak: int | None = None
    t_peak: int | None = None
    t_end: int | None = None


def beats(leads: np.ndarray) -> Beats | None:
    """Beats of an ECG [C, T] at RATE. None where fewer than three are found."""
    from scipy.signal import butter, sosfiltfilt

    if leads.shape[1] < 2 * RATE or not np.ptp(leads, axis=1).max() > 0:
        return None
    quiet = sosfiltfilt(butter(2, 0.5, "highpass", fs=RATE, output="sos"), leads.astype(float), axis=1)
    quick = sosfiltfilt(butter(2, (5, 18), "bandpass", fs=RATE, output="sos"), leads.astype(float), axis=1)
    size = np.percentile(np.abs(quick), 98, axis=1, keepdims=True)
    quick = np.where(size > 0, quick / np.where(size > 0, size, 1), 0)
    peaks = _peaks(quick)
    if len(peaks) < 3:
        return None
    whole = (peaks >= BEFORE) & (peaks + AFTER <= leads.shape[1])
    if whole.sum() < 2:
        return None
    cut = np.stack([quiet[:, peak - BEFORE : peak + AFTER] for peak in peaks[whole]])
    cut = cut - cut[:, :, :10].mean(2, keepdims=True)
    typical = np.median(cut, axis=0)
    likeness = np.full(len(peaks), np.nan)
    likeness[whole] = [_correlation(beat[:, _CORE], typical[:, _CORE]) for beat in cut]
    return Beats(quiet, peaks, typical, likeness, int(peaks[whole][np.nanargmax(likeness[whole])]))


def _peaks(quick: np.ndarray) -> np.ndarray:
    """R peaks after Pan & Tompkins (1985): slope squared, here summed over leads, averaged, and compared with a level
    between the usual beat and the usual noise. In a gap where a beat is due, half that level is enough."""
    from scipy.ndimage import uniform_filter1d
    from scipy.signal import find_peaks

    energy = uniform_filter1d(np.square(np.gradient(quick, axis=1)).sum(0), round(0.12 * RATE))
    candidates, _about = find_peaks(energy, distance=round(_REFRACTORY * RATE))
    if not len(candidates):
        return candidates
    step = 2 * RATE
    loudest = [energy[start : start + step].max() for start in range(0, max(1, len(energy) - step // 2), step)]
    noise = np.median(energy)
    level = noise + 0.3 * (np.median(loudest) - noise)
    peaks = candidates[energy[candidates] > level]
    if len(peaks) >= 3:
        peaks = _with_missed(peaks, candidates[energy[candidates] > noise + (level - noise) / 2])
    return _settled(peaks, np.abs(quick).sum(0))


def _with_missed(peaks: np.ndarray, faint: np.ndarray) -> np.ndarray:
    """Faint beats are taken in where the next one comes later than 1.66 usual intervals."""
    usual = np.median(np.diff(peaks))
    added = [
        candidate
        for start, end in itertools.pairwise(peaks)
        if end - start > 1.66 * usual
        for candidate in faint[(faint > start + 0.4 * usual) & (faint < end - 0.4 * usual)]
    ]
    return np.sort(np.concatenate([peaks, np.array(added, int)]))


def _settled(peaks: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Each peak moved to the strongest sample within 80 ms; of two that meet, one stays."""
    reach = round(0.08 * RATE)
    moved = [max(0, peak - reach) + int(strength[max(0, peak - reach) : peak + reach + 1].argmax()) for peak in peaks]
    settled: list[int] = []
    for peak in moved:
        if not settled or peak - settled[-1] >= 0.8 * _REFRACTORY * RATE:
            settled.append(peak)
    return np.array(settled, int)


def waves(typical: np.ndarray, interval: float) -> Waves:
    """Waves of the typical beat [C, W]; interval: seconds from beat to beat."""
    from scipy.ndimage import gaussian_filter1d

    smooth = gaussian_filter1d(typical, 0.006 * RATE, axis=1)
    speed = np.sqrt(np.square(np.gradient(smooth, axis=1)).mean(0))
    onset, offset = _complex(speed)
    level = smooth[:, max(0, onset - 5) : max(1, onset - 1)].mean(1, keepdims=True)
    size = gaussian_filter1d(np.sqrt(np.square(smooth - level).mean(0)), 0.01 * RATE)
    p_peak, p_onset = _p_wave(size, onset, interval)
    t_peak, t_end = _t_wave(size, offset, interval)
    return Waves(onset, offset, p_onset, p_peak, t_peak, t_end)


def _complex(speed: np.ndarray) -> tuple[int, int]:
    """Where the QRS complex begins and ends: outwards from its steepest point until hardly anything moves for 16 ms."""
    steepest = BEFORE - 20 + int(speed[BEFORE - 20 : BEFORE + 20].argmax())
    still = speed < np.percentile(speed, 20) + 0.12 * speed[steepest]
    run = round(0.016 * RATE)
    first, last = max(0, BEFORE - round(0.12 * RATE)), BEFORE + round(0.14 * RATE)
    onset = next(
        (i for i in range(min(steepest, BEFORE), first, -1) if still[max(0, i - run + 1) : i + 1].all()), first
    )
    offset = next((i for i in range(max(steepest, BEFORE), last) if still[i : i + run].all()), last)
    return onset, offset


def _p_wave(size: np.ndarray, onset: int, interval: float) -> tuple[int | None, int | None]:
    """Peak and onset of the P wave, if it stands out by 4% of the QRS from what lies before and after it."""
    first = max(0, BEFORE - round(min(0.36, 0.45 * interval) * RATE))
    last = onset - round(0.02 * RATE)
    if last - first < 8:
        return None, None
    peak = first + int(size[first:last].argmax())
    if peak in (first, last - 1):
        return None, None
    valley = peak + int(size[peak:onset].argmin()) if onset > peak else peak
    height = size[peak] - size[valley]
    before = size[first:peak].min()
    if height < 0.04 * size.max() or size[peak] - before < 0.04 * size.max():
        return None, None
    low = before + 0.15 * (size[peak] - before)
    start = next((i for i in range(peak, first, -1) if size[i] < low), first)
    return peak, start


def _t_wave(size: np.ndarray, offset: int, interval: float) -> tuple[int | None, int | None]:
    """Peak of the T wave, and where the tangent at its steepest descent meets the lowest level after it (Lepeschkin &
    Surawicz, Circulation 1952)."""
    first = offset + round(0.06 * RATE)
    last = min(len(size), BEFORE + round(0.65 * interval * RATE))
    if last - first < 12:
        return None, None
    peak = first + int(size[first : last - 4].argmax())
    if peak == first:
        return None, None
    low = size[peak:last].min()
    slope = np.gradient(size)
    steepest = peak + int(slope[peak:last].argmin())
    if size[peak] - low < 0.05 * size.max() or slope[steepest] >= 0:
        return None, None
    end = round(steepest + (size[steepest] - low) / -slope[steepest])
    return (peak, end) if end < len(size) + round(0.04 * RATE) else (peak, None)


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    a, b = a - a.mean(1, keepdims=True), b - b.mean(1, keepdims=True)
    power = np.sqrt(np.square(a).sum() * np.square(b).sum())
    return float((a * b).sum() / power) if power > 0 else 0.0
