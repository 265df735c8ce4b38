"""Log-mel frames, and a recurrent network that learns to read them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated

import numpy as np
import torch
from torch import nn

from mmcore.cases import InputSpec, Kind, Place, Seconds, Signal, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.signal.working import as_slots, at_working_rate, working_rate
from mmcore.encoders.tokens import average, pad, runs
from mmcore.registry import Range, missing_packages

MELS = 32
POINTS = 512  # of the Fourier transform; frames are shorter and filled up with zeros, so that no mel band is empty
MOST = 128  # tokens a signal may have; in longer ones neighbouring frames are averaged
BLOCK = 2048  # frames worked on at once
FRAMES = {8000: (256, 128), 2000: (128, 64)}  # working rate of sound -> length of a frame and hop, in samples


@encoders.register("log_mel")
class LogMel(Encoder):
    """Log-mel spectrum: how loud each band is, frame by frame.

    32 bands for each channel, log10 of power, at most 6 below the loudest of the case. A frame lasts 32 ms for sound,
    64 ms for heart and lung sounds, 0.64 s for slower signals (64 samples where the rate is unknown or below 60 Hz).

    channels: channels told apart; the place of an absent one stays 0, of more than that neighbours are averaged
    """

    kind = Kind.SIGNAL
    citation = "Davis & Mermelstein, IEEE Transactions on Acoustics, Speech and Signal Processing 1980 (mel bands)"
    licence = "own implementation; filters of torchaudio (BSD-2-Clause)"

    def __init__(self, spec: InputSpec, *, channels: Annotated[int, Range(1, 64)] = 12) -> None:
        super().__init__(spec)
        self.channels = channels

    @property
    def dims(self) -> int:
        return self.channels * MELS

    def prepare(self, values: Sequence[Signal]) -> Tokens:
        """Signals -> Tokens [B, frames, channels * 32]. Raises BadInput for an empty signal or one with gaps."""
        return pad([average(_frames(signal, self.channels), MOST) for signal in values])

    def places(self, value: Signal) -> list[Place]:
        length = at_working_rate(value).shape[1]
        hop = _frame(working_rate(value.rate_hz))[1]
        scale = value.duration / length
        count = -(-length // hop)
        return [
            Seconds(start * hop * scale, min(end * hop * scale, value.duration)) for start, end in runs(count, MOST)
        ]

    def spectrum(self, tokens: np.ndarray, channel: int = 0) -> np.ndarray:
        """The bands of one channel in tokens [N, D], as a picture [32, N]."""
        slot = min(channel, self.channels - 1)
        return tokens[:, slot * MELS : (slot + 1) * MELS].T

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("torchaudio")


@encoders.register("bilstm")
class BiLSTM(LogMel):
    """BiLSTM over log-mel frames: learns to read them in order, both ways.

    channels: channels told apart; the place of an absent one stays 0, of more than that neighbours are averaged
    hidden: units each way; tokens leave with twice as many dimensions
    """

    citation = "Hochreiter & Schmidhuber, Neural Computation 1997; Graves & Schmidhuber, Neural Networks 2005"
    learns = True

    def __init__(
        self,
        spec: InputSpec,
        *,
        channels: Annotated[int, Range(1, 64)] = 12,
        hidden: Annotated[int, Range(4, 256)] = 32,
    ) -> None:
        super().__init__(spec, channels=channels)
        self.hidden = hidden

    def module(self) -> nn.Module:
        return FrameReader(self.dims, self.hidden)

    def identity(self) -> str:
        # The frames on disk are those of log_mel, whatever reads them.
        return LogMel(self.spec, channels=self.channels).identity()


class FrameReader(nn.Module):
    """Tokens [..., B, N, D] -> Tokens [..., B, N, 2 * hidden]. Padding and missing cases change nothing."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.dims = 2 * hidden
        self.lstm = nn.LSTM(width, hidden, batch_first=True, bidirectional=True)

    def forward(self, tokens: Tokens) -> Tokens:
        """Valid tokens come first in each case, as encoders give them."""
        *lead, count, width = tokens.values.shape
        mask = tokens.mask.reshape(-1, count)
        lengths = mask.sum(1).clamp(min=1).cpu()  # a missing case is read as one frame and masked again below
        packed = nn.utils.rnn.pack_padded_sequence(
            tokens.values.reshape(-1, count, width), lengths, batch_first=True, enforce_sorted=False
        )
        states, _lengths = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=count)
        return Tokens((states * mask[..., None]).reshape(*lead, count, self.dims), tokens.mask)


def _frame(rate: float | None) -> tuple[int, int]:
    """Length of a frame and hop to the next, in samples at the working rate."""
    return FRAMES.get(rate, (64, 16))


def _frames(signal: Signal, channels: int) -> torch.Tensor:
    """[frames, channels * 32]; frame i is centred on the middle of its hop."""
    samples = torch.from_numpy(at_working_rate(signal))
    rate = working_rate(signal.rate_hz)
    size, hop = _frame(rate)
    count = -(-samples.shape[1] // hop)
    before = (size - hop) // 2
    padded = nn.functional.pad(samples, (before, count * hop - samples.shape[1] + size - hop - before))
    windows = padded.unfold(1, size, hop)  # [C, frames, size], a view
    bands, shape = _bands(rate), torch.hann_window(size)
    power = torch.cat([_power(windows[:, i : i + BLOCK] * shape) @ bands for i in range(0, count, BLOCK)], dim=1)
    bels = torch.log10(power + 1e-6 * power.max() + 1e-8)  # [C, frames, 32]
    return torch.from_numpy(as_slots(bels.numpy(), channels)).transpose(0, 1).flatten(1)


def _power(frames: torch.Tensor) -> torch.Tensor:
    """[C, f, size] -> [C, f, 257], mean power of the frame by frequency."""
    return torch.fft.rfft(frames, POINTS).abs().square() / frames.shape[-1]


@lru_cache(maxsize=8)
def _bands(rate: float | None) -> torch.Tensor:
    """Mel filters [257, 32]. For slow signals, of whatever rate, the straight low end of the mel scale: even bands."""
    from torchaudio.functional import melscale_fbanks

    sound = int(rate) if rate in FRAMES else 100
    return melscale_fbanks(POINTS // 2 + 1, 0.0, sound / 2, MELS, sound)
