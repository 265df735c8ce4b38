"""Fixed convolution kernels after MiniRocket, pooled window by window."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated

import numpy as np
import torch

from mmcore.base.registry import Range
from mmcore.base.settings import N_, _
from mmcore.base.values import InputSpec, Kind, Place, Seconds, Signal, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.signal.suitability import reason_against
from mmcore.encoders.signal.working_rate import SOUND, as_slots, at_working_rate, working_rate
from mmcore.encoders.tokens import pad

KERNELS, TAPS = 84, 9
DILATIONS = (1, 2, 4, 8, 16)  # samples between the taps of a kernel
STEP = KERNELS * len(DILATIONS)  # features that one more threshold a kernel adds
HALO = (TAPS // 2) * max(DILATIONS)  # samples a kernel reaches to either side
TOGETHER = 2  # channels a kernel adds up at most
AMPLITUDES = 12  # channels whose amplitude is told
MOST = 64  # tokens a signal may have; in longer ones the windows grow
LONGEST = 400_000  # samples at the working rate that are looked at: an hour of an ECG, 50 seconds of speech
PIECE = 2**14  # samples worked on at once
UNKNOWN_RATE_WINDOWS = 8


@encoders.register("minirocket")
class MiniRocket(Encoder[Signal]):
    """Fixed convolution kernels: nothing learnt, good for any signal.

    For 84 kernels of length 9 (weights -1 and 2) at 5 dilations, the share of a window in which the response exceeds a
    threshold; and the log amplitude of up to 12 channels. Unlike the paper nothing is fitted: each channel of a case is
    standardised, the thresholds are fixed quantiles of the response to white noise, and which channel or pair of
    channels a kernel hears is drawn from a fixed seed. Works at 100, 2000 or 8000 samples a second.

    window: seconds per token (samples where the rate is unknown); 0 chooses by the rate: ECG 1.25, sound 0.25
    hop: seconds from one token to the next; 0 is a whole window, so that tokens do not overlap
    features: about how many; rounded to a whole number for each of the 420 kernels (the paper uses 10000)
    """

    kind = Kind.SIGNAL
    citation = "after Dempster, Schmidt & Webb, MiniRocket, KDD 2021"
    licence = N_("own implementation")
    version = 2

    def __init__(
        self,
        spec: InputSpec,
        *,
        window: Annotated[float, Range(0, 3600)] = 0.0,
        hop: Annotated[float, Range(0, 3600)] = 0.0,
        features: Annotated[int, Range(STEP, 20_000, STEP)] = 6 * STEP,
    ) -> None:
        super().__init__(spec)
        self.window, self.hop, self.features = window, hop, features
        self._thresholds = max(1, round(features / STEP))

    @property
    def dims(self) -> int:
        return STEP * self._thresholds + AMPLITUDES

    def prepare(self, values: Sequence[Signal]) -> Tokens:
        """Signals -> Tokens [B, windows, D]. Raises BadInput for an empty signal or one with gaps."""
        return pad([torch.from_numpy(self._tokens(signal)) for signal in values])

    def places(self, value: Signal) -> list[Place]:
        samples = at_working_rate(value)
        cells, reach = self._cells(samples.shape[1], value)
        edges = (cells / samples.shape[1] * value.duration).tolist()
        return [Seconds(start, end) for start, end in zip(edges, edges[reach:], strict=False)]

    def suits(self, value: Signal) -> str | None:
        if reason := reason_against(value):
            return reason
        length = at_working_rate(value).shape[1]
        if length <= 2 * HALO:
            return _("The signal is shorter than the longest kernel ({count} samples).").format(count=2 * HALO + 1)
        if length > LONGEST:
            return _("The recording is long: {share:.0%} of it is read, in stretches spread evenly.").format(
                share=LONGEST / length
            )
        if self.window and self.window >= value.duration:
            return _("The window covers the whole signal: it becomes one token.")
        return None

    def _tokens(self, signal: Signal) -> np.ndarray:
        """[windows, D] float32."""
        samples = at_working_rate(signal)
        cells, reach = self._cells(samples.shape[1], signal)
        spread = samples.std(1, keepdims=True)
        flat = spread <= 1e-6 * (1e-6 + np.abs(samples).max(1, keepdims=True))
        standard = np.where(flat, 0, samples / np.where(flat, 1, spread)).astype(np.float32)
        above = self._counts(standard, cells)
        power = np.stack([np.square(samples[:, a:b]).sum(1) for a, b in itertools.pairwise(cells)])
        sizes = _windowed(np.diff(cells)[:, None], reach)
        amplitude = np.log10(np.sqrt(_windowed(power, reach) / sizes) + 1e-3)
        slots = as_slots(amplitude.T, AMPLITUDES).T
        return np.concatenate([_windowed(above, reach) / sizes, slots], axis=1).astype(np.float32)

    def _counts(self, samples: np.ndarray, cells: np.ndarray) -> np.ndarray:
        """[cells, D] how many samples of each cell lie above each threshold; of a long recording's cells the middle
        stands for all of it."""
        if samples.shape[1] <= LONGEST:
            return np.concatenate([_above(samples, part, self._thresholds) for part in _pieces(cells)])
        half = LONGEST // (2 * (len(cells) - 1))
        middles = [(start + end) // 2 for start, end in itertools.pairwise(cells.tolist())]
        looked = [np.array([max(0, at - half), min(at + half, samples.shape[1])]) for at in middles]
        shares = [_above(samples, part, self._thresholds) / (part[1] - part[0]) for part in looked]
        return np.concatenate(shares) * np.diff(cells)[:, None]

    def _cells(self, length: int, signal: Signal) -> tuple[np.ndarray, int]:
        """Edges [cells + 1] of stretches one hop long, in samples at the working rate, and how many make a window."""
        rate = working_rate(signal.rate_hz)
        if self.window:
            window = self.window * (rate or 1)
        elif rate is None:
            window = length / UNKNOWN_RATE_WINDOWS
        else:
            window = 0.25 * rate if rate >= SOUND else 125
        hop = min(self.hop * (rate or 1), window) or window
        count = max(1, min(round(length / hop), MOST, length))
        reach = max(1, min(round(window * count / length), count)) if hop < window else 1
        return np.linspace(0, length, count + 1).round().astype(int), reach


def _pieces(edges: np.ndarray) -> list[np.ndarray]:
    """Runs of whole cells of about PIECE samples, so that memory stays bounded however long a signal is."""
    count = min(len(edges) - 1, -(-int(edges[-1]) // PIECE))
    cuts = np.linspace(0, len(edges) - 1, count + 1).round().astype(int)
    return [edges[start : end + 1] for start, end in itertools.pairwise(cuts)]


def _windowed(cells: np.ndarray, reach: int) -> np.ndarray:
    """Sums of `reach` neighbours: [cells, ...] -> [cells - reach + 1, ...]."""
    if reach == 1:
        return cells
    return np.lib.stride_tricks.sliding_window_view(cells, reach, axis=0).sum(-1)


def _above(samples: np.ndarray, edges: np.ndarray, thresholds: int) -> np.ndarray:
    """How many samples of each cell lie above each threshold: [cells, D], for samples [C, T] of variance 1.

    The responses of a cell are sorted once, so each further threshold costs one binary search.
    """
    first, last = int(edges[0]) - HALO, int(edges[-1]) + HALO
    inside = samples[:, max(0, first) : last]
    around = np.pad(inside, ((0, 0), (max(0, -first), max(0, last - samples.shape[1]))))
    steps = torch.from_numpy(_quantiles(thresholds))  # [5, 84, thresholds]
    counts = np.empty((len(edges) - 1, *steps.shape), np.float32)
    for i, (dilation, weights) in enumerate(_kernels(samples.shape[0])):
        response = _response(around, dilation, weights)
        for cell, (start, end) in enumerate(itertools.pairwise(edges - edges[0])):
            ordered = torch.from_numpy(np.sort(response[:, start:end], axis=1))
            counts[cell, i] = (end - start) - torch.searchsorted(ordered, steps[i], right=True).numpy()
    return counts.reshape(len(counts), -1)


def _response(around: np.ndarray, dilation: int, weights: np.ndarray) -> np.ndarray:
    """What the kernels [84, 9 * C] answer, [84, T], to samples [C, HALO + T + HALO]: one product of matrices."""
    length = around.shape[1] - 2 * HALO
    starts = HALO + dilation * (np.arange(TAPS) - TAPS // 2)
    taps = np.concatenate([around[:, start : start + length] for start in starts])  # [9 * C, T]
    return (torch.from_numpy(weights) @ torch.from_numpy(taps)).numpy()  # numpy's own product would take all cores


@lru_cache(maxsize=8)
def _quantiles(thresholds: int) -> np.ndarray:
    """Thresholds [5, 84, thresholds]: quantiles of a standard normal, of low discrepancy as in the paper."""
    from scipy.special import ndtri

    golden = (5**0.5 - 1) / 2
    shares = ((np.arange(STEP * thresholds) + 1) * golden) % 1
    return ndtri(shares).astype(np.float32).reshape(len(DILATIONS), KERNELS, thresholds)


@lru_cache(maxsize=16)
def _kernels(channels: int) -> list[tuple[int, np.ndarray]]:
    """For each dilation its weights [84, 9 * C], tap by tap, that answer white noise with variance 1."""
    shapes = np.full((KERNELS, TAPS), -1.0)
    for shape, taps in zip(shapes, itertools.combinations(range(TAPS), 3), strict=True):
        shape[list(taps)] = 2.0
    kernels = []
    for dilation in DILATIONS:
        picks = _channel_picks(channels, dilation)
        weights = shapes[:, :, None] * picks[:, None, :] / np.sqrt(18 * picks.sum(1))[:, None, None]
        kernels.append((dilation, weights.reshape(KERNELS, -1).astype(np.float32)))
    return kernels


def _channel_picks(channels: int, seed: int) -> np.ndarray:
    """[84, C] of 0 and 1: which channels each kernel adds up; one more often than two."""
    random = np.random.RandomState(100 + seed)  # its numbers are the same in every version of numpy
    picks = np.zeros((KERNELS, channels))
    for pick in picks:
        count = int(2 ** random.uniform(0, np.log2(min(channels, TOGETHER) + 1)))
        pick[random.choice(channels, min(count, channels), replace=False)] = 1
    return picks
