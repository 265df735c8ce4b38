"""Bands of the mel scale."""

from __future__ import annotations

from functools import lru_cache

import torch

from mmcore.encoders.signal.frames import FRAMES

MELS = 32
POINTS = 512  # of the Fourier transform, at least; shorter frames are filled up with zeros, so that no band is empty


@lru_cache(maxsize=8)
def mel_bank(size: int, rate: float | None) -> torch.Tensor:
    """Mel filters [points // 2 + 1, 32] for frames of `size` samples.

    For slow signals, of whatever rate, the straight low end of the mel scale: even bands.
    """
    from torchaudio.functional import melscale_fbanks

    points = max(POINTS, 2 ** (size - 1).bit_length())
    sound = int(rate) if rate in FRAMES else 100
    return melscale_fbanks(points // 2 + 1, 0.0, sound / 2, MELS, sound)
