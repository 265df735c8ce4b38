"""Protects spectra frame by frame against torchaudio and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmcore.base.values import Seconds, Signal
from tests.encoders.signal.shared import noise, sine, usable

FRAMES = ("log_mel", "stft", "filter_bank", "mfcc")


class TestFrames:
    @pytest.mark.parametrize("name", [*FRAMES, "minirocket"])
    def test_one_signal_at_two_rates_says_nearly_the_same(self, name):
        seconds = np.arange(0, 10, 1 / 500)
        wave = np.sum([np.sin(2 * np.pi * f * seconds + f) / f for f in (1.2, 2.4, 5, 9, 17)], axis=0)
        wave = wave.astype(np.float32)[None]
        fine, coarse = usable(name).prepare([Signal(wave, 500.0), Signal(wave[:, ::4], 125.0)]).values.mean(1)
        assert torch.corrcoef(torch.stack([fine, coarse]))[0, 1] > 0.99

    @pytest.mark.parametrize("rate", [125.0, 4000.0, 8000.0])
    @pytest.mark.parametrize("name", ["log_mel", "stft", "filter_bank"])
    def test_a_tone_is_heard_in_its_band(self, name, rate):
        encoder, loudest = usable(name), []
        for share in (0.1, 0.35, 0.6):
            signal = sine(share, rate)
            picture = encoder.spectrum(encoder.prepare([signal]).values[0].numpy())
            assert picture.shape == (encoder.height, len(encoder.places(signal)))
            loudest.append(int(picture.mean(1).argmax()))
        assert loudest[0] < loudest[1] < loudest[2]
        for size in (16, 64, 256, 700):
            assert (encoder.bank(size, rate).sum(0) > 0).all(), "no band is deaf"

    def test_stft_bins_are_even(self):
        encoder = usable("stft", bins=64)
        picture = encoder.spectrum(encoder.prepare([sine(0.5, 8000.0)]).values[0].numpy())
        assert abs(int(picture.mean(1).argmax()) - 32) <= 1

    @pytest.mark.parametrize(("rate", "size", "hop"), [(8000, 256, 128), (2000, 128, 64)])
    def test_power_is_that_of_torchaudio(self, rate, size, hop):
        transforms = pytest.importorskip("torchaudio.transforms")
        signal = noise(1, 20 * hop, float(rate))
        samples = torch.from_numpy(signal.samples - np.median(signal.samples))
        plain = transforms.Spectrogram(size, size, hop, power=2.0, center=False)
        padded = torch.nn.functional.pad(samples, ((size - hop) // 2,) * 2)
        power = plain(padded)[0, :-1].unflatten(0, (64, -1)).mean(1) / size
        expected = torch.log10(power + 1e-6 * power.max() + 1e-8)
        torch.testing.assert_close(
            usable("stft", channels=1).prepare([signal]).values[0].T, expected, atol=1e-3, rtol=0
        )
        mel = transforms.MelSpectrogram(rate, 512, size, hop, n_mels=32, center=False, power=2.0)
        around = torch.nn.functional.pad(samples, ((512 - hop) // 2,) * 2)
        power = mel(around)[0] / size
        expected = torch.log10(power + 1e-6 * power.max() + 1e-8)
        result = usable("log_mel", channels=1).prepare([signal]).values[0].T
        torch.testing.assert_close(result, expected, atol=1e-3, rtol=0)

    def test_mfcc_is_that_of_torchaudio(self):
        transforms = pytest.importorskip("torchaudio.transforms")
        signal = noise(1, 2560, 8000.0)
        samples = torch.from_numpy(signal.samples - np.median(signal.samples))
        settings = {"n_fft": 512, "win_length": 256, "hop_length": 128, "n_mels": 32, "center": False}
        plain = transforms.MFCC(8000, 13, log_mels=True, melkwargs=settings)
        cepstrum = plain(1000 * torch.nn.functional.pad(samples, (192, 192)))[0] / np.log(10)
        cepstrum[0] -= 32**0.5 * np.log10(
            1e6 * 256
        )  # power scaled by 1000 squared, and ours is a mean over 256 samples
        result = usable("mfcc", channels=1).prepare([signal]).values[0].T
        torch.testing.assert_close(result[:13], cepstrum, atol=1e-2, rtol=0)
        slope = transforms.ComputeDeltas()(result[None, :13])[0]
        torch.testing.assert_close(result[13:], slope, atol=1e-5, rtol=1e-5)

    @pytest.mark.parametrize("name", FRAMES)
    def test_window_and_hop_are_kept_to(self, name):
        signal = noise(2, 1000, 100.0)
        encoder = usable(name, window=1.0, hop=0.5)
        places = encoder.places(signal)
        assert len(places) == encoder.prepare([signal]).mask.sum() == 20
        assert all(place.end - place.start == pytest.approx(0.5) for place in places)
        assert len(usable(name, window=1.0).places(signal)) == 20, "half a window from one to the next"
        assert len(usable(name, hop=0.1).places(signal)) == 100
        assert len(usable(name, window=100, hop=20).places(noise(1, 200, None))) == 10, (
            "samples where nobody said a rate"
        )

    def test_defaults_are_those_of_the_rate(self):
        for rate, hop in ((8000.0, 0.016), (2000.0, 0.032), (100.0, 0.16)):
            places = usable("log_mel").places(noise(1, int(rate), rate))
            assert places[0] == Seconds(0.0, hop)
