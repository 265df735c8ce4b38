"""How many P, QRS and T of ECGs drawn with known waves are found within 50 ms, and how far their edges are off.

    python -m tests.benchmarks delineation

The ECGs are the first of `heart`; a wave is a Gaussian there, taken to reach two standard deviations to both sides.
Waves within 0.3 s of either end may be found in part, so none there counts as false.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.table import Table

CASES = 60
NEAR = 0.05  # seconds between the peaks of a wave and of what was found for it
FALSE = 0.06  # seconds from every wave at which a peak is none of them
MARGIN = 0.3  # seconds
NAMES = ("P", "QRS", "T")


@dataclass
class Tally:
    """Counts of one kind of wave; onsets, offsets: errors of those found, in milliseconds (late is positive)."""

    hits: int = 0
    there: int = 0
    false: int = 0
    false_in_af: int = 0
    onsets: list[float] = field(default_factory=list)
    offsets: list[float] = field(default_factory=list)

    def add(self, drawn: np.ndarray, marked: np.ndarray, seconds: float, fibrillates: bool) -> None:
        """drawn, marked: [n, 3] onset, peak and offset in seconds, of one recording."""
        self.there += len(drawn)
        if len(drawn) and len(marked):
            nearest = marked[np.abs(marked[:, 1] - drawn[:, 1:2]).argmin(1)]
            near = np.abs(nearest[:, 1] - drawn[:, 1]) <= NEAR
            self.hits += int(near.sum())
            self.onsets += (1000 * (nearest - drawn)[near, 0]).tolist()
            self.offsets += (1000 * (nearest - drawn)[near, 2]).tolist()
        inside = marked[(marked[:, 1] > MARGIN) & (marked[:, 1] < seconds - MARGIN), 1]
        apart = np.abs(inside[:, None] - drawn[:, 1]).min(1, initial=np.inf) > FALSE
        self.false += int(apart.sum())
        self.false_in_af += int(apart.sum()) * fibrillates


def run(cases: int = CASES) -> dict:
    """{"waves": a `Tally` by name, "seconds": of one core for each}; empty without the network."""
    from mmcore.base.values import Signal
    from mmcore.cohorts.heart import ecg, generate
    from mmcore.cohorts.synthetic.draws import Draws
    from mmcore.encoders.signal import wave_network
    from mmcore.encoders.signal.delineation import delineate

    if reason := wave_network.unavailable():
        print(f"delineation left out: {reason}", file=sys.stderr)
        return {}
    drawn = generate(cases, 0)
    fibrillates = drawn.state.atrial_fibrillation.to_numpy(bool)
    peaks = ecg._beats(Draws(range(cases), 0, topic=5, count=220), fibrillates)  # the generator's own first draws
    signals = [Signal(samples, float(ecg.RATE_HZ), ecg.LEADS, "mV") for samples in drawn.ecgs]
    delineate(signals[0])  # weights are loaded before the clock starts
    waves, spent = {name: Tally() for name in NAMES}, 0.0
    for number, samples in enumerate(drawn.ecgs):
        started = time.process_time()
        marked = delineate(Signal(samples, float(ecg.RATE_HZ), ecg.LEADS, "mV"))
        spent += time.process_time() - started
        true = _drawn(peaks[number], bool(fibrillates[number]))
        for name, tally in waves.items():
            each = [(wave.onset, wave.peak, wave.offset) for wave in marked.waves(name)]
            tally.add(true[name], np.array(each).reshape(-1, 3), ecg.SECONDS, bool(fibrillates[number]))
    return {"waves": waves, "seconds": spent / cases}


def _drawn(peaks: np.ndarray, fibrillates: bool) -> dict[str, np.ndarray]:
    """By name [n, 3]: onset, peak and offset in seconds of the waves that lie inside the recording whole."""
    from mmcore.cohorts.heart import ecg

    (p, p_width, _), (q, q_width, _), (s, s_width, _) = (ecg._WAVES[name] for name in "PQS")
    t, t_width, _ = ecg._WAVES["T"]
    middle, before, after = peaks[1:-1], np.sqrt(np.diff(peaks)[:-1]), np.sqrt(np.diff(peaks)[1:])
    spans = {
        "P": [middle + (p + reach * p_width) * before for reach in (-2, 0, 2)],
        "QRS": [middle + q - 2 * q_width, middle, middle + s + 2 * s_width],
        "T": [middle + (t + reach * t_width) * after for reach in (-2, 0, 2)],
    }
    inside = {}
    for name, span in spans.items():
        each = np.stack(span, 1)
        inside[name] = each[(each[:, 0] > 0) & (each[:, 2] < ecg.SECONDS)]
    return inside | ({"P": np.empty((0, 3))} if fibrillates else {})


def show(done: dict) -> Table:
    """A row for each kind of wave."""
    title = (
        f"waves of {CASES} drawn ECGs; {done['seconds']:.2f} s of a core each; AF: atrial fibrillation"
        if done
        else "no waves"
    )
    table = Table(box=SIMPLE_HEAD, title=title)
    for column in ("wave", "found", "of", "share", "false", "in AF", "onset, ms", "offset, ms"):
        table.add_column(column, justify="left" if column == "wave" else "right", no_wrap=True)
    for name, tally in done.get("waves", {}).items():
        edges = [f"{np.median(errors):+.0f} ± {np.std(errors):.0f}" for errors in (tally.onsets, tally.offsets)]
        counts = (tally.hits, tally.there, f"{tally.hits / tally.there:.3f}", tally.false)
        table.add_row(name, *map(str, counts), str(tally.false_in_af), *edges)
    return table
