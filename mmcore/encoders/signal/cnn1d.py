"""A one-dimensional residual network that learns to read the waveform itself."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Annotated

import numpy as np
import torch
from torch import Tensor, nn

from mmcore.base.registry import Range
from mmcore.base.settings import N_, _
from mmcore.base.values import InputSpec, Kind, Place, Seconds, Signal, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.signal.suitability import reason_against
from mmcore.encoders.signal.working_rate import SOUND, as_slots, at_working_rate, working_rate
from mmcore.encoders.tokens import pad

PATCH = 32  # samples of a token
SOUND_STEP = 4  # samples of sound that are averaged to one first, after what they cannot carry was filtered out
MOST = 128  # tokens a signal may have; of longer ones evenly spread stretches are read
STRETCH = 16  # tokens of such a stretch
GROUPS = 4


@encoders.register("cnn1d")
class CNN1D(Encoder[Signal]):
    """1-D CNN over the waveform, learnt during training: a small residual network.

    The signal at its working rate (sound at 500 or 2000 samples a second) enters as it is, scaled by one number a case
    that is told beside it. A convolution and four residual blocks, each halving the time, give a token for 32 samples.
    Of a recording of more than 4096 samples eight evenly spread stretches are read.

    channels: channels read separately; absent ones are 0, and where there are more, neighbours are averaged
    filters: filters of the first block; tokens have four times as many dimensions
    """

    kind = Kind.SIGNAL
    citation = "Wang, Yan & Oates, Time Series Classification from Scratch, IJCNN 2017 (ResNet)"
    licence = N_("own implementation with torch.nn (BSD-3-Clause)")
    trained_on = N_("the training cases of the run it is part of")
    trains_in_run = raw = True

    def __init__(
        self,
        spec: InputSpec,
        *,
        channels: Annotated[int, Range(1, 64)] = 12,
        filters: Annotated[int, Range(8, 64, 8)] = 16,
    ) -> None:
        super().__init__(spec)
        self.channels, self.filters = channels, filters

    @property
    def dims(self) -> int:
        return (self.channels + 1) * PATCH

    def prepare(self, values: Sequence[Signal]) -> Tokens:
        """Signals -> Tokens [B, patches, (channels + 1) * 32]: the waveform, and log10 of its scale as a last channel.

        Raises BadInput for an empty signal or one with gaps.
        """
        return pad([self._patches(signal) for signal in values])

    def places(self, value: Signal) -> list[Place]:
        length = _waveform(value).shape[1]
        seconds = PATCH * value.duration / length
        return [Seconds(i * seconds, min((i + 1) * seconds, value.duration)) for i in _read(-(-length // PATCH))]

    def module(self) -> nn.Module:
        return WaveReader(self.channels + 1, self.filters)

    def suits(self, value: Signal) -> str | None:
        if reason := reason_against(value):
            return reason
        count = -(-_waveform(value).shape[1] // PATCH)
        if count < 4:
            return _("The signal is hardly longer than one token.")
        if count > 4 * MOST:
            return _("The signal is long: {share:.0%} of it is read, in stretches.").format(share=MOST / count)
        return None

    def _patches(self, signal: Signal) -> Tensor:
        """[patches, (channels + 1) * 32]."""
        wave = _waveform(signal)
        scale = float(np.sqrt(np.square(wave).mean()))
        wave = as_slots(wave / scale if scale > 1e-9 else 0 * wave, self.channels)
        count = -(-wave.shape[1] // PATCH)
        loudness = np.full((1, wave.shape[1]), np.log10(scale + 1e-3), np.float32)
        whole = np.concatenate([wave, loudness]).astype(np.float32)
        whole = np.pad(whole, ((0, 0), (0, count * PATCH - wave.shape[1]))).reshape(len(whole), count, PATCH)
        return torch.from_numpy(whole[:, _read(count)]).transpose(0, 1).flatten(1)


class WaveReader(nn.Module):
    """Patches [..., B, N, C * 32] -> Tokens [..., B, N, dims]. Padding and missing cases change nothing."""

    def __init__(self, channels: int, filters: int) -> None:
        super().__init__()
        self.channels, self.dims = channels, 4 * filters
        self.first = nn.Conv1d(channels, filters, 7, stride=2, padding=3, bias=False)
        self.norm = MaskedNorm(filters)
        widths = (filters, filters, 2 * filters, 2 * filters, 4 * filters)
        self.blocks = nn.ModuleList(ResidualBlock(a, b, 2) for a, b in itertools.pairwise(widths))

    def forward(self, tokens: Tokens) -> Tokens:
        *lead, count, width = tokens.values.shape
        mask = tokens.mask.reshape(-1, 1, count)
        patches = (tokens.values.reshape(-1, count, width) * mask.transpose(1, 2)).unflatten(-1, (self.channels, PATCH))
        wave = patches.transpose(1, 2).flatten(2)  # [B, C, N * 32]
        here = _spread(mask, PATCH // 2)
        wave = torch.relu(self.norm(self.first(wave), here)) * here
        for i, block in enumerate(self.blocks):
            wave = block(wave, _spread(mask, PATCH // 4 >> i))
        return Tokens(wave.transpose(1, 2).reshape(*lead, count, self.dims), tokens.mask)


class ResidualBlock(nn.Module):
    """Two convolutions beside a straight way (He et al., CVPR 2016); the time gets `step` times shorter."""

    def __init__(self, inside: int, outside: int, step: int) -> None:
        super().__init__()
        self.one = nn.Conv1d(inside, outside, 7, stride=step, padding=3, bias=False)
        self.two = nn.Conv1d(outside, outside, 5, padding=2, bias=False)
        self.straight = nn.Conv1d(inside, outside, step, stride=step, bias=False)
        self.norms = nn.ModuleList(MaskedNorm(outside) for _i in range(2))

    def forward(self, wave: Tensor, mask: Tensor) -> Tensor:
        """[B, C, T] -> [B, C', T / step]; mask [B, 1, T / step]."""
        inner = torch.relu(self.norms[0](self.one(wave), mask)) * mask
        return torch.relu(self.norms[1](self.two(inner), mask) + self.straight(wave)) * mask


class MaskedNorm(nn.Module):
    """Group normalisation (Wu & He, ECCV 2018) by the samples that are there."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gain, self.shift = nn.Parameter(torch.ones(width, 1)), nn.Parameter(torch.zeros(width, 1))

    def forward(self, wave: Tensor, mask: Tensor) -> Tensor:
        """wave [B, C, T], mask [B, 1, T]."""
        wave, each = wave * mask, wave.shape[1] // GROUPS
        count = (mask.sum(-1, keepdim=True) * each).clamp_min(1)  # [B, 1, 1]
        groups = wave.unflatten(1, (GROUPS, -1)).flatten(2)  # [B, G, C / G * T]
        mean = groups.sum(-1, keepdim=True) / count
        spread = (groups.square().sum(-1, keepdim=True) / count - mean.square()).clamp_min(0).add(1e-5).sqrt()
        gain = self.gain / spread.repeat_interleave(each, 1)
        return torch.addcmul(self.shift - mean.repeat_interleave(each, 1) * gain, wave, gain)


def _spread(mask: Tensor, times: int) -> Tensor:
    """[B, 1, N] bool -> [B, 1, N * times] float."""
    return mask.repeat_interleave(times, 2).float()


def _waveform(signal: Signal) -> np.ndarray:
    """[C, T] at a rate at which a token is long enough."""
    samples = at_working_rate(signal)
    if (working_rate(signal.rate_hz) or 0) < SOUND or samples.shape[1] < SOUND_STEP:
        return samples
    from scipy.signal import resample_poly

    return resample_poly(samples, 1, SOUND_STEP, axis=1).astype(np.float32)


def _read(count: int) -> np.ndarray:
    """Which of `count` patches are read."""
    if count <= MOST:
        return np.arange(count)
    starts = np.linspace(0, count - STRETCH, MOST // STRETCH).round().astype(int)
    return (starts[:, None] + np.arange(STRETCH)).ravel()
