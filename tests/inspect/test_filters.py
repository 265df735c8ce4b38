"""The filters shown are those of the encoder, on an axis in the unit of the signal."""

import numpy as np
import pytest

from mmcore.base.values import InputSpec, Kind, Signal
from mmcore.encoders import encoders, make
from mmcore.inspect.filters import bank_of, spectrum_of

SPEC = InputSpec(name="ecg", kind=Kind.SIGNAL, columns=("ecg",))


@pytest.mark.parametrize(
    "name", [n for n, part in encoders.items() if part.kind is Kind.SIGNAL and hasattr(part, "bank")]
)
@pytest.mark.parametrize(("rate", "top"), [(500.0, 50.0), (8000.0, 4000.0), (None, 0.5)])
def test_banks_reach_half_the_working_rate(name, rate, top):
    bank = bank_of(make(name, SPEC), Signal(np.zeros((1, 1000), np.float32), rate))
    assert bank.axis[-1] == top and bank.filters.shape[1] == len(bank.axis) and np.isfinite(bank.filters).all()


@pytest.mark.parametrize("options", [{"window": 0.5}, {"hop": 2.0}, {"window": 50.0}])
def test_the_bank_is_the_one_the_frames_went_through(options, monkeypatch):
    encoder, signal = make("stft", SPEC, **options), Signal(np.random.default_rng(0).normal(size=(1, 1000)), 100.0)
    requested, bank = [], encoder.bank
    monkeypatch.setattr(encoder, "bank", lambda size, rate: requested.append((size, rate)) or bank(size, rate))
    encoder.prepare([signal])
    bank_of(encoder, signal)
    assert len(requested) == 2 and requested[0] == requested[1]


def test_an_encoder_without_filters_has_none():
    assert bank_of(make("minirocket", SPEC), Signal(np.zeros((1, 100), np.float32), 100.0)) is None


def test_coefficients_are_put_on_one_scale_and_bands_are_not():
    tokens = np.random.default_rng(0).normal(5, 2, (20, make("mfcc", SPEC).dims)).astype(np.float32)
    cepstrum = spectrum_of(make("mfcc", SPEC), tokens)
    assert cepstrum.standardised and np.allclose(cepstrum.rows.mean(1), 0, atol=1e-4)
    bands = make("log_mel", SPEC)
    tokens = tokens[:, :1].repeat(bands.dims, 1)
    assert not spectrum_of(bands, tokens).standardised and spectrum_of(bands, tokens).rows.shape == (32, 20)
    assert spectrum_of(bands, tokens[:, :8]) is None and spectrum_of(make("minirocket", SPEC), tokens) is None
