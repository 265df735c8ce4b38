"""Short-time Fourier frames in even bins, mel-frequency cepstra, and banks of ear-like or even filters."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

import torch

from mmcore.base.registry import Range
from mmcore.base.settings import N_, _
from mmcore.base.values import InputSpec
from mmcore.encoders.base import encoders
from mmcore.encoders.signal.frames import Frames
from mmcore.encoders.signal.mel_bands import MELS, mel_bank

EAR = 8000.0  # the ear-like scale is that of sound at this rate; slower signals are heard as if played so fast


@encoders.register("stft")
class STFT(Frames):
    """Short-time Fourier transform: how loud each frequency is, frame by frame.

    Log10 of power in even bins from 0 to half the working rate, at most 6 below the loudest of the case. Frames as for
    log_mel: 32 ms for sound, 64 ms for heart and lung sounds, 0.64 s for slower signals.

    channels: channels read separately; absent ones are 0, and where there are more, neighbours are averaged
    window: seconds a frame lasts (samples where the rate is unknown); 0 chooses by the rate
    hop: seconds from one frame to the next; 0: half the window if you chose one, else by the rate
    bins: frequency bins per channel
    """

    citation = "Allen, Short Term Spectral Analysis, Synthesis, and Modification by DFT, IEEE Transactions on ASSP 1977"
    licence = N_("own implementation with torch.fft (BSD-3-Clause)")

    def __init__(
        self,
        spec: InputSpec,
        *,
        channels: Annotated[int, Range(1, 64)] = 12,
        window: Annotated[float, Range(0, 3600)] = 0.0,
        hop: Annotated[float, Range(0, 3600)] = 0.0,
        bins: Annotated[int, Range(8, 256)] = 64,
    ) -> None:
        super().__init__(spec, channels=channels, window=window, hop=hop)
        self.bins = bins

    @property
    def height(self) -> int:
        return self.bins

    def row_name(self) -> str:
        return _("frequency bin")

    def bank(self, size: int, rate: float | None) -> torch.Tensor:
        """Means over runs of equal length; the point at half the rate is left out."""
        run = -(-size // (2 * self.bins))
        means = torch.eye(self.bins).repeat_interleave(run, 0) / run
        return torch.cat([means, torch.zeros(1, self.bins)])


@encoders.register("filter_bank")
class FilterBank(Frames):
    """Filter bank: loudness in frequency bands, spaced as the ear hears them or evenly.

    Log10 of power in each band. "ear": the response of gammatone filters, evenly spaced and as wide as the ear's
    (ERB scale), so narrow below and wide above; signals slower than sound are heard as if played faster. "even":
    triangles of one width from 0 to half the working rate. Frames as for log_mel.

    channels: channels read separately; absent ones are 0, and where there are more, neighbours are averaged
    window: seconds a frame lasts (samples where the rate is unknown); 0 chooses by the rate
    hop: seconds from one frame to the next; 0: half the window if you chose one, else by the rate
    bands: bands per channel
    scale: how the bands are spaced
    """

    citation = "Patterson et al., Complex Sounds and Auditory Images 1992 (gammatone); Glasberg & Moore 1990 (ERB)"
    licence = N_("own implementation; evenly spaced filters of torchaudio (BSD-2-Clause)")

    def __init__(
        self,
        spec: InputSpec,
        *,
        channels: Annotated[int, Range(1, 64)] = 12,
        window: Annotated[float, Range(0, 3600)] = 0.0,
        hop: Annotated[float, Range(0, 3600)] = 0.0,
        bands: Annotated[int, Range(8, 128)] = 32,
        scale: Literal["ear", "even"] = "ear",
    ) -> None:
        super().__init__(spec, channels=channels, window=window, hop=hop)
        self.bands, self.scale = bands, scale

    @property
    def height(self) -> int:
        return self.bands

    def bank(self, size: int, rate: float | None) -> torch.Tensor:
        points = max(512, 4 * self.bands, 2 ** (size - 1).bit_length())
        return _ear(points, self.bands) if self.scale == "ear" else _even(points, self.bands)


@encoders.register("mfcc")
class MFCC(Frames):
    """Mel-frequency cepstrum: the shape of the spectrum in a few numbers, and how it changes.

    The discrete cosine transform of the 32 log10-mel bands that log_mel gives, frame by frame: the first coefficient
    is loudness, the next the broad shape. With `deltas` also their slope over 5 frames.

    channels: channels read separately; absent ones are 0, and where there are more, neighbours are averaged
    window: seconds a frame lasts (samples where the rate is unknown); 0 chooses by the rate
    hop: seconds from one frame to the next; 0: half the window if you chose one, else by the rate
    coefficients: coefficients per channel
    deltas: add the slope of each coefficient
    """

    citation = "Davis & Mermelstein, IEEE Transactions on Acoustics, Speech and Signal Processing 1980"
    licence = N_("own implementation; filters, cosine transform and slopes of torchaudio (BSD-2-Clause)")
    cepstral = True

    def __init__(
        self,
        spec: InputSpec,
        *,
        channels: Annotated[int, Range(1, 64)] = 12,
        window: Annotated[float, Range(0, 3600)] = 0.0,
        hop: Annotated[float, Range(0, 3600)] = 0.0,
        coefficients: Annotated[int, Range(4, MELS)] = 13,
        deltas: bool = True,
    ) -> None:
        super().__init__(spec, channels=channels, window=window, hop=hop)
        self.coefficients, self.deltas = coefficients, deltas

    @property
    def height(self) -> int:
        return self.coefficients * (1 + self.deltas)

    def row_name(self) -> str:
        return _("coefficient")

    def bank(self, size: int, rate: float | None) -> torch.Tensor:
        return mel_bank(size, rate)

    def shaped(self, bels: torch.Tensor) -> torch.Tensor:
        from torchaudio.functional import compute_deltas, create_dct

        cepstrum = bels @ create_dct(self.coefficients, MELS, "ortho")
        if not self.deltas:
            return cepstrum
        return torch.cat([cepstrum, compute_deltas(cepstrum.transpose(1, 2)).transpose(1, 2)], -1)


@lru_cache(maxsize=8)
def _even(points: int, bands: int) -> torch.Tensor:
    """Triangular filters [points // 2 + 1, bands] of one width."""
    from torchaudio.functional import linear_fbanks

    return linear_fbanks(points // 2 + 1, 0.0, EAR / 2, bands, int(EAR))


@lru_cache(maxsize=8)
def _ear(points: int, bands: int) -> torch.Tensor:
    """Power responses [points // 2 + 1, bands] of gammatone filters of order 4, each summing to 1."""
    frequency = torch.linspace(0, EAR / 2, points // 2 + 1)[:, None]
    erbs = torch.linspace(0, 21.4 * torch.log10(torch.tensor(1 + 0.00437 * EAR / 2)).item(), bands + 2)[1:-1]
    centre = (10 ** (erbs / 21.4) - 1) / 0.00437
    width = 1.019 * 24.7 * (0.00437 * centre + 1)
    response = (1 + ((frequency - centre) / width) ** 2) ** -4
    return response / response.sum(0)
