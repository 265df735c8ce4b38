"""Encoders of frames looked into: the spectrum they give, and the filters every stretch of a signal goes through.

F frequencies, N tokens.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmcore.base.settings import _
from mmcore.base.values import Signal
from mmcore.encoders import Encoder
from mmcore.encoders.capabilities import HasBank, HasSpectrum
from mmcore.encoders.signal.working_rate import working_rate


@dataclass(frozen=True, eq=False)
class Bank:
    """filters: [bands, F]; axis: [F] the frequencies, in `unit`."""

    filters: np.ndarray
    axis: np.ndarray
    unit: str


@dataclass(frozen=True, eq=False)
class Spectrum:
    """rows: [R, N] of one channel over time; name: what a row is. standardised: each row on its own scale, around its
    mean (coefficients of a cepstrum are of very different size)."""

    rows: np.ndarray
    name: str
    standardised: bool


def spectrum_of(encoder: Encoder, tokens: np.ndarray, channel: int = 0) -> Spectrum | None:
    """Tokens [N, D] of an encoder of frames as a picture; None for another encoder, or tokens that are not its own."""
    if not isinstance(encoder, HasSpectrum) or tokens.shape[1] != encoder.dims:
        return None
    rows = encoder.spectrum(tokens, channel)
    if encoder.cepstral:
        spread = rows.std(1, keepdims=True)
        rows = (rows - rows.mean(1, keepdims=True)) / np.where(spread > 0, spread, 1)
    return Spectrum(rows, encoder.row_name(), encoder.cepstral)


def bank_of(encoder: Encoder, signal: Signal) -> Bank | None:
    """The bank this signal is put through; None for an encoder without one. Raises BadInput for an empty signal."""
    if not isinstance(encoder, HasBank):
        return None
    rate = working_rate(signal.rate_hz)
    filters = encoder.bank(encoder.frame(signal), rate).numpy().T
    axis = np.linspace(0, (rate or 1.0) / 2, filters.shape[1])
    return Bank(filters, axis, "Hz" if rate else _("cycles per sample"))
