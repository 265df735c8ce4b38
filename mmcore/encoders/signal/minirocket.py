"""Fixed convolution kernels after MiniRocket, pooled window by window."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import Annotated

import numpy as np
import torch

from mmcore.cases import InputSpec, Kind, Place, Seconds, Signal, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.signal.working import SOUND, as_slots, at_working_rate, working_rate
from mmcore.encoders.tokens import pad
from mmcore.registry import Range

DILATIONS = (1, 2, 4, 8, 16)  # samples between the taps of a kernel
BIASES = 3  # thresholds for each kernel and dilation
HALO = 4 * max(DILATIONS)  # samples a kernel reaches to either side
AMPLITUDES = 12  # channels whose amplitude is told
MOST = 64  # tokens a signal may have; in longer ones the windows grow
PIECE = 2**14  # samples worked on at once
UNKNOWN_RATE_WINDOWS = 8


@encoders.register("minirocket")
class MiniRocket(Encoder):
    """Random convolution kernels: nothing learnt, good for any signal.

    For 84 kernels of length 9 (weights -1 and 2), 5 dilations and 3 thresholds, the share of a window in which the
    response exceeds the threshold; and the log amplitude of up to 12 channels. Unlike the paper nothing is fitted:
    each channel of a case is standardised, the thresholds are fixed quantiles of the response to white noise, and
    which channels a kernel adds up is drawn from a fixed seed. Works at 100, 2000 or 8000 samples a second.

    window: seconds a token stands for; 0 chooses 1.25 (0.25 for sound); 8 tokens a signal where the rate is unknown
    """

    kind = Kind.SIGNAL
    citation = "after Dempster, Schmidt & Webb, MiniRocket, KDD 2021"
    licence = "own implementation"

    def __init__(self, spec: InputSpec, *, window: Annotated[float, Range(0, 3600)] = 0.0) -> None:
        super().__init__(spec)
        self.window = window

    @property
    def dims(self) -> int:
        return len(DILATIONS) * 84 * BIASES + AMPLITUDES

    def prepare(self, values: Sequence[Signal]) -> Tokens:
        """Signals -> Tokens [B, windows, 1272]. Raises BadInput for an empty signal or one with gaps."""
        return pad([torch.from_numpy(self._tokens(signal)) for signal in values])

    def places(self, value: Signal) -> list[Place]:
        samples = at_working_rate(value)
        edges = self._edges(samples.shape[1], value) / samples.shape[1] * value.duration
        return [Seconds(float(start), float(end)) for start, end in itertools.pairwise(edges)]

    def _tokens(self, signal: Signal) -> np.ndarray:
        """[windows, 1272] float32."""
        samples = at_working_rate(signal)
        edges = self._edges(samples.shape[1], signal)
        spread = samples.std(1, keepdims=True)
        flat = spread <= 1e-6 * (1e-6 + np.abs(samples).max(1, keepdims=True))
        standard = np.where(flat, 0, samples / np.where(flat, 1, spread)).astype(np.float32)
        shares = np.concatenate([_shares(standard, part) for part in _pieces(edges)])
        power = [np.square(samples[:, start:end]).mean(1) for start, end in itertools.pairwise(edges)]
        amplitude = as_slots(np.log10(np.sqrt(np.stack(power, axis=1)) + 1e-3), AMPLITUDES).T
        return np.concatenate([shares, amplitude], axis=1).astype(np.float32)

    def _edges(self, length: int, signal: Signal) -> np.ndarray:
        """[windows + 1] in samples at the working rate."""
        rate = working_rate(signal.rate_hz)
        if rate is None:
            wanted = UNKNOWN_RATE_WINDOWS
        elif self.window:
            wanted = length / (self.window * rate)
        else:
            wanted = length / (0.25 * rate if rate >= SOUND else 125)
        count = max(1, min(round(wanted), MOST, length))
        return np.linspace(0, length, count + 1).round().astype(int)


def _pieces(edges: np.ndarray) -> list[np.ndarray]:
    """Runs of whole windows of about PIECE samples, so that memory stays bounded however long a signal is."""
    count = min(len(edges) - 1, -(-int(edges[-1]) // PIECE))
    cuts = np.linspace(0, len(edges) - 1, count + 1).round().astype(int)
    return [edges[start : end + 1] for start, end in itertools.pairwise(cuts)]


def _shares(samples: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Share of each window above each threshold: [windows, 1260], for samples [C, T] of unit variance."""
    first, last = int(edges[0]) - HALO, int(edges[-1]) + HALO
    inside = samples[:, max(0, first) : last]
    around = np.pad(inside, ((0, 0), (max(0, -first), max(0, last - samples.shape[1]))))
    signal = torch.from_numpy(np.ascontiguousarray(around))[None]
    starts, sizes = (edges[:-1] - edges[0]).astype(int), np.diff(edges)
    found = []
    for dilation, weights, thresholds in _kernels(samples.shape[0]):
        spare = HALO - 4 * dilation
        with torch.inference_mode():
            heard = signal[..., spare : signal.shape[-1] - spare]
            response = torch.nn.functional.conv1d(heard, weights, dilation=dilation)[0]  # [84, T]
            above = (response[:, None] > thresholds[..., None]).flatten(0, 1).numpy()  # [252, T]
        found.append(np.add.reduceat(above.view(np.uint8), starts, axis=1, dtype=np.int32) / sizes)
    return np.concatenate(found).T


@lru_cache(maxsize=16)
def _kernels(channels: int) -> list[tuple[int, torch.Tensor, torch.Tensor]]:
    """For each dilation: weights [84, C, 9] that answer white noise with variance 1, thresholds [84, 3]."""
    shapes = np.full((84, 9), -1.0, np.float32)
    for shape, taps in zip(shapes, itertools.combinations(range(9), 3), strict=True):
        shape[list(taps)] = 2.0
    golden = (5**0.5 - 1) / 2
    quantiles = ((np.arange(84 * BIASES) + 1) * golden) % 1  # low discrepancy, as in the paper
    thresholds = torch.tensor([NormalDist().inv_cdf(q) for q in quantiles]).reshape(84, BIASES)
    kernels = []
    for dilation in DILATIONS:
        picks = _channel_picks(channels, dilation)
        weights = shapes[:, None, :] * picks[:, :, None] / np.sqrt(18 * picks.sum(1))[:, None, None]
        kernels.append((dilation, torch.from_numpy(weights.astype(np.float32)), thresholds))
    return kernels


def _channel_picks(channels: int, seed: int) -> np.ndarray:
    """[84, C] of 0 and 1: which channels each kernel adds up; 1 to 9 of them, few more often than many."""
    random = np.random.RandomState(100 + seed)  # its numbers are the same in every version of numpy
    picks = np.zeros((84, channels), np.float32)
    for pick in picks:
        count = int(2 ** random.uniform(0, np.log2(min(channels, 9) + 1)))
        pick[random.choice(channels, min(count, channels), replace=False)] = 1
    return picks
