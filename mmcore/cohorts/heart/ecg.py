"""The ECG: P, Q, R, S and T as Gaussians around each beat.

After McSharry, Clifford, Tarassenko and Smith, "A dynamical model for generating synthetic electrocardiogram signals",
IEEE Trans. Biomed. Eng. 50 (2003) 289-294. Evaluated in closed form rather than by integrating the equations of motion:
the QRS keeps its length, P and T stretch with the beat. Atrial fibrillation, ST deviation and T inversion are added.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.base.values import Evidence, Seconds
from mmcore.cohorts.heart.state import EFFECTS, interaction
from mmcore.cohorts.synthetic.disturbances import smooth_noise, sway
from mmcore.cohorts.synthetic.draws import Draws

Signs = tuple[Evidence, ...]
RATE_HZ, SECONDS, LEADS = 125, 10, ("I", "II", "V2")
_SAMPLES, _BEATS = RATE_HZ * SECONDS, 40
# Wave: centre and width in seconds around the R peak at 60 beats a minute, and height in mV in I, II and V2.
_WAVES = {
    "P": (-0.17, 0.024, (0.08, 0.15, 0.07)),
    "Q": (-0.030, 0.010, (-0.06, -0.10, 0.00)),
    "R": (0.000, 0.013, (0.70, 1.15, 0.35)),
    "S": (0.032, 0.012, (-0.10, -0.20, -0.95)),
    "T": (0.27, 0.055, (0.20, 0.30, 0.38)),
}
_ST = (0.075, 0.25, (0.10, 0.30, 0.42))  # start and end of the ST segment in s, height in mV when elevated


def draw_ecgs(state: pd.DataFrame, cases: range, seed: int) -> tuple[np.ndarray, list[Signs]]:
    """Recordings [N, 3, 1250] float32 in mV at 125 Hz, and the evidence in each."""
    draw = Draws(cases, seed, topic=5, count=220)
    fibrillates = state.atrial_fibrillation.to_numpy()
    beats = _beats(draw, fibrillates)
    ecg = _complexes(draw, state, beats)
    ecg += _fibrillation(draw, fibrillates)
    ecg += _disturbance(draw, cases, seed)
    return ecg.astype(np.float32), _evidence(state, beats)


def _beats(draw: Draws, fibrillates: np.ndarray) -> np.ndarray:
    """Times of the R peaks [N, beats] in s, from before the start to past the end.

    Sinus rhythm breathes (0.25 Hz) and sways (0.1 Hz); in atrial fibrillation each interval is drawn afresh.
    """
    mean = np.where(fibrillates, 60 / draw.normal(88, 11), 60 / draw.normal(72, 9))[:, None]
    number = np.arange(_BEATS)[None]
    breath, sway = (draw.uniform(0, 2 * np.pi)[:, None] for _ in range(2))
    about = number * mean
    sinus = 0.020 * np.sin(2 * np.pi * 0.25 * about + breath) + 0.016 * np.sin(2 * np.pi * 0.1 * about + sway)
    jitter = draw.normal(shape=(_BEATS,))
    change = np.where(fibrillates[:, None], np.clip(0.21 * jitter, -0.42, 0.55), sinus + 0.006 * jitter)
    return np.cumsum(np.maximum(mean * (1 + change), 0.36), axis=1) - 1.5 * mean - draw.uniform(0, 1)[:, None] * mean


def _complexes(draw: Draws, state: pd.DataFrame, beats: np.ndarray) -> np.ndarray:
    """The beats themselves [N, 3, T]. Late waves follow the square root of the beat's length (Bazett)."""
    time = np.arange(_SAMPLES) / RATE_HZ
    size = draw.normal(1.0, 0.12)[:, None, None] * draw.normal(1.0, 0.08, (3,))[:, :, None]
    elevated, inverted = state.ST_elevation.to_numpy(), state.T_inversion.to_numpy()
    strength = np.where(elevated, draw.normal(0.95, 0.15), draw.normal(0, 0.04))[:, None, None]
    flip = np.where(inverted, draw.normal(-0.95, 0.15), draw.normal(1.0, 0.12))[:, None, None]
    gain = {"P": np.where(state.atrial_fibrillation, 0, 1)[:, None, None], "T": flip}
    after, interval = _since_beat(time, beats)
    ecg = np.zeros((len(state), 3, _SAMPLES), np.float32)
    for name, (centre, width, height) in _WAVES.items():
        stretch = np.sqrt(interval) if name in "PT" else 1.0
        phase = after - centre * stretch
        if name in "PQ":  # these precede the next R peak
            phase = np.minimum(np.abs(phase), np.abs(after - interval - centre * stretch))
        bell = np.exp(-0.5 * (phase / (width * stretch)) ** 2).astype(np.float32)
        ecg += bell[:, None] * (gain.get(name, 1.0) * size * np.array(height)[:, None]).astype(np.float32)
    start, end, height = _ST
    stretch = np.sqrt(interval)
    plateau = 1 / (1 + np.exp(-(after - start) / 0.012)) / (1 + np.exp((after - end * stretch) / 0.030))
    ecg += plateau[:, None].astype(np.float32) * (strength * np.array(height)[:, None]).astype(np.float32)
    return ecg


def _since_beat(time: np.ndarray, beats: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Seconds since the last R peak and length of that beat, both [N, T]."""
    last = np.stack([np.searchsorted(row, time, side="right") - 1 for row in beats]).clip(0, _BEATS - 2)
    start = np.take_along_axis(beats, last, 1)
    return time - start, np.take_along_axis(beats, last + 1, 1) - start


def _fibrillation(draw: Draws, fibrillates: np.ndarray) -> np.ndarray:
    """Fibrillatory waves between 5 and 8 Hz whose height waxes and wanes."""
    time = np.arange(_SAMPLES) / RATE_HZ
    rate, height = draw.uniform(5, 8)[:, None], draw.uniform(0.05, 0.09)[:, None] * fibrillates[:, None]
    drift, start = draw.uniform(0, 2 * np.pi)[:, None], draw.uniform(0, 2 * np.pi)[:, None]
    phase = 2 * np.pi * rate * time + 1.2 * np.sin(2 * np.pi * 0.45 * time + drift) + start
    wave = (1 + 0.35 * np.sin(2 * np.pi * 0.3 * time + drift)) * (np.sin(phase) + 0.35 * np.sin(2 * phase + drift))
    return (height * wave)[:, None] * np.array([0.5, 0.9, 1.0])[:, None]


def _disturbance(draw: Draws, cases: range, seed: int) -> np.ndarray:
    """Baseline wander from breathing, mains hum at 50 Hz, muscle noise."""
    time = np.arange(_SAMPLES) / RATE_HZ

    wander = sum(
        sway(draw, time, *band, draw.uniform(0, 0.07, (3,))[:, :, None]) for band in ((0.10, 0.20), (0.20, 0.38))
    )
    hum = sway(draw, time, 50, 50, (draw.uniform(0, 0.012) * draw.happens(0.6))[:, None, None])
    muscle = smooth_noise(cases, seed, 6, (3, _SAMPLES), 0.6) * draw.uniform(0.008, 0.03)[:, None, None]
    return wander + hum + muscle


def _evidence(state: pd.DataFrame, beats: np.ndarray) -> list[Signs]:
    """ST elevation counts for or against disease, depending on chest pain: by what the log-odds would be without it."""
    here = np.ones(len(state), bool)
    st_effect = interaction(here, state.chest_pain) - interaction(~here, state.chest_pain)
    evidence = []
    for row, case in enumerate(state.itertuples()):
        places: dict[str, tuple[Seconds, ...]] = {}
        if case.atrial_fibrillation:
            places["atrial fibrillation"] = (Seconds(0.0, float(SECONDS)),)
        if case.ST_elevation:
            places["ST elevation"] = _windows(beats[row], _ST[0] - 0.02, _ST[1] + 0.04)
        if case.T_inversion:
            places["T inversion"] = _windows(beats[row], 0.15, 0.40)
        effects = EFFECTS | {"ST elevation": float(st_effect[row])}
        evidence.append(tuple(Evidence(name, where, effects[name]) for name, where in places.items()))
    return evidence


def _windows(beats: np.ndarray, start: float, end: float) -> tuple[Seconds, ...]:
    """That stretch after each R peak that lies inside the recording; it shrinks with short beats."""
    stretch = np.sqrt(np.diff(beats))
    stretches = zip(beats[:-1] + start, beats[:-1] + np.minimum(end * stretch, np.diff(beats) - 0.05), strict=True)
    clipped = ((max(0.0, a), min(float(SECONDS), b)) for a, b in stretches)
    return tuple(Seconds(float(a), float(b)) for a, b in clipped if b - a > 0.05)
