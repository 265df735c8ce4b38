"""What the encoders of frames share: a signal cut into short overlapping stretches, and the power of each by band."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated

import numpy as np
import torch
from torch import nn

from mmcore.base.modules import missing_packages
from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind, Place, Seconds, Signal, Tokens
from mmcore.encoders.base import Encoder
from mmcore.encoders.signal.suitability import reason_against
from mmcore.encoders.signal.working_rate import as_slots, at_working_rate, working_rate
from mmcore.encoders.tokens import average, pad, runs

MOST = 128  # tokens a signal may have; in longer ones neighbouring frames are averaged
BLOCK = 2048  # frames worked on at once
# Working rate of sound -> length of a frame and hop, in samples.
FRAMES: dict[float, tuple[int, int]] = {8000: (256, 128), 2000: (128, 64)}
SLOW = (64, 16)  # the same for slower signals
_LIMIT = 2**16  # frames of one signal; a hop shorter than that allows is lengthened
_CROWDED = 20  # frames averaged to one token from which that is worth a word


class Frames(Encoder[Signal]):
    """A signal as log power by frequency band, frame by frame; frame i is centred on the middle of its hop."""

    kind = Kind.SIGNAL
    cepstral = False  # rows of `spectrum` are bands, not coefficients

    def __init__(
        self,
        spec: InputSpec,
        *,
        channels: Annotated[int, Range(1, 64)] = 12,
        window: Annotated[float, Range(0, 3600)] = 0.0,
        hop: Annotated[float, Range(0, 3600)] = 0.0,
    ) -> None:
        super().__init__(spec)
        self.channels, self.window, self.hop = channels, window, hop

    @property
    @abstractmethod
    def height(self) -> int:
        """Numbers told of each channel and frame."""

    @abstractmethod
    def bank(self, size: int, rate: float | None) -> torch.Tensor:
        """Filters [points // 2 + 1, bands] for frames of `size` samples at this working rate, on a Fourier transform
        of an even number of points, at least `size`."""

    def shaped(self, bels: torch.Tensor) -> torch.Tensor:
        """What is told of log10 power [C, frames, bands]: [C, frames, height]."""
        return bels

    def frame(self, signal: Signal) -> int:
        """Samples of one frame of this signal, at the working rate. Raises as `prepare` does."""
        return self._layout(signal, at_working_rate(signal).shape[1])[0]

    @property
    def dims(self) -> int:
        return self.channels * self.height

    def prepare(self, values: Sequence[Signal]) -> Tokens:
        """Signals -> Tokens [B, frames, channels * height]. Raises BadInput for an empty signal or one with gaps."""
        return pad([average(self._frames(signal), MOST) for signal in values])

    def places(self, value: Signal) -> list[Place]:
        length = at_working_rate(value).shape[1]
        hop = self._layout(value, length)[1]
        scale = value.duration / length
        count = -(-length // hop)
        return [
            Seconds(start * hop * scale, min(end * hop * scale, value.duration)) for start, end in runs(count, MOST)
        ]

    def spectrum(self, tokens: np.ndarray, channel: int = 0) -> np.ndarray:
        """What is told of one channel in tokens [N, D], as a picture [height, N]."""
        slot = min(channel, self.channels - 1)
        return tokens[:, slot * self.height : (slot + 1) * self.height].T

    def row_name(self) -> str:
        """What a row of `spectrum` is."""
        return _("band")

    def suits(self, value: Signal) -> str | None:
        if reason := reason_against(value):
            return reason
        length = at_working_rate(value).shape[1]
        size, hop = self._layout(value, length)
        if length < size or (self.window and length <= size):
            return _("The signal is no longer than one frame.")
        if length / hop > _CROWDED * MOST:
            return _("The signal is so long that {count} frames at a time are averaged to one token.").format(
                count=round(length / hop / MOST)
            )
        return None

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("torchaudio")

    def _layout(self, signal: Signal, length: int) -> tuple[int, int]:
        """Length of a frame and hop to the next, in samples at the working rate; never a gap between frames."""
        rate = working_rate(signal.rate_hz)
        size, hop = SLOW if rate is None else FRAMES.get(rate, SLOW)
        if self.window:
            size = max(4, min(round(self.window * (rate or 1)), length))
            hop = max(1, size // 2)
        if self.hop:
            hop = max(1, min(round(self.hop * (rate or 1)), length), -(-length // _LIMIT))
        return max(size, hop), hop

    def _frames(self, signal: Signal) -> torch.Tensor:
        """[frames, channels * height]."""
        samples = torch.from_numpy(at_working_rate(signal))
        size, hop = self._layout(signal, samples.shape[1])
        bank, shape = self.bank(size, working_rate(signal.rate_hz)), torch.hann_window(size)
        windows = _cut(samples, size, hop)
        blocks = range(0, windows.shape[1], BLOCK)
        power = torch.cat([_power(windows[:, i : i + BLOCK] * shape, bank) for i in blocks], dim=1)
        bels = torch.log10(power + 1e-6 * power.max() + 1e-8)
        slots = as_slots(self.shaped(bels).numpy(), self.channels)
        return torch.from_numpy(slots).transpose(0, 1).flatten(1)


def _cut(samples: torch.Tensor, size: int, hop: int) -> torch.Tensor:
    """[C, T] -> [C, frames, size], a view; zeros before the start and after the end."""
    count = -(-samples.shape[1] // hop)
    before = (size - hop) // 2
    padded = nn.functional.pad(samples, (before, count * hop - samples.shape[1] + size - hop - before))
    return padded.unfold(1, size, hop)


def _power(frames: torch.Tensor, bank: torch.Tensor) -> torch.Tensor:
    """[C, f, size] -> [C, f, bands], mean power of the frame by band."""
    points = 2 * (len(bank) - 1)
    return torch.fft.rfft(frames, points).abs().square() / frames.shape[-1] @ bank
