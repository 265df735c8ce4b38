"""Protects the numbers of signal encoders: closed forms, references, what they hear, and quality on real ECGs."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.special import ndtri

import mmcore.encoders.signal.minirocket as minirocket
import mmcore.encoders.signal.speech_networks as speech_networks
from mmcore.base.errors import BadInput
from mmcore.base.settings import room
from mmcore.base.values import InputSpec, Kind, Seconds, Signal, Tokens
from mmcore.cohorts import open_cohort
from mmcore.encoders import encoders, make
from mmcore.encoders.recurrent import Recurrent

SPEC = InputSpec(name="x", kind=Kind.SIGNAL, columns=("x",))
SHARES = minirocket.STEP * 6  # features of minirocket by default, amplitudes aside
FRAMES = ("log_mel", "stft", "filter_bank", "mfcc")


def usable(name: str, **options):
    if encoders[name].unavailable():
        pytest.skip(encoders[name].unavailable())
    return make(name, SPEC, **options)


def noise(channels: int, length: int, rate: float | None, seed: int = 0) -> Signal:
    return Signal(np.random.default_rng(seed).normal(size=(channels, length)).astype(np.float32), rate)


def sine(share: float, rate: float, seconds: float = 2.0) -> Signal:
    """A tone at a share of half the rate."""
    time = np.arange(int(seconds * rate)) / rate
    return Signal(np.sin(np.pi * share * rate * time).astype(np.float32)[None], rate)


def ecg(per_minute: float, rate: float = 250.0, seconds: float = 10.0, leads: int = 3) -> Signal:
    """Beats of known times: P 160 ms before R, a QRS complex some 80 ms long, T 280 ms after."""
    time = np.arange(int(seconds * rate)) / rate
    wave = np.zeros_like(time)
    for peak in np.arange(0.4, seconds, 60 / per_minute):
        for centre, width, height in ((-0.16, 0.022, 0.15), (-0.03, 0.01, -0.1), (0, 0.012, 1.0), (0.03, 0.011, -0.2)):
            wave += height * np.exp(-0.5 * ((time - peak - centre) / width) ** 2)
        wave += 0.3 * np.exp(-0.5 * ((time - peak - 0.28) / 0.05) ** 2)
    weights = np.array([1.0, 0.7, -0.5, 0.4, 0.8, 1.2])[:leads, None]
    hum = 0.01 * np.random.default_rng(0).normal(size=(leads, len(time)))
    return Signal((weights * wave + hum + 0.3 * np.sin(time)).astype(np.float32), rate, unit="mV")


class TestMiniRocket:
    def test_fast_kernels_are_the_plain_convolution(self):
        around = np.random.default_rng(0).normal(size=(3, 300 + 2 * minirocket.HALO)).astype(np.float32)
        for dilation, weights in minirocket._kernels(3):
            plain = torch.from_numpy(weights).reshape(84, 9, 3).transpose(1, 2).contiguous()
            spare = minirocket.HALO - 4 * dilation
            heard = torch.from_numpy(around[:, spare : around.shape[1] - spare])[None]
            expected = torch.nn.functional.conv1d(heard, plain, dilation=dilation)[0]
            torch.testing.assert_close(
                torch.from_numpy(minirocket._response(around, dilation, weights)), expected, atol=1e-5, rtol=1e-5
            )
            taps = plain.abs().amax(1) / plain.abs().amax((1, 2))[:, None]
            assert ((taps == 1).sum(1) == 3).all() and torch.allclose(plain.sum(2), torch.zeros(84, 3), atol=1e-6)

    def test_features_are_shares_above_the_thresholds(self):
        signal = noise(2, 500, 100.0)
        tokens = usable("minirocket", features=840).prepare([signal]).values[0, :, :840].reshape(4, 5, 84, 2)
        standard = signal.samples - np.median(signal.samples, axis=1, keepdims=True)
        around = np.pad(standard / standard.std(1, keepdims=True), ((0, 0), (minirocket.HALO,) * 2))
        steps = ndtri(((np.arange(840) + 1) * (5**0.5 - 1) / 2) % 1).reshape(5, 84, 2)
        for i, (dilation, weights) in enumerate(minirocket._kernels(2)):
            response = minirocket._response(around.astype(np.float32), dilation, weights).reshape(84, 4, 125)
            above = (response[..., None] > steps[i][:, None, None]).mean(2).transpose(1, 0, 2)
            np.testing.assert_allclose(tokens[:, i], above, atol=0.009)  # one sample in 125, by rounding

    def test_does_not_hear_scale_but_tells_it(self):
        samples = noise(1, 500, 100.0).samples
        both = usable("minirocket").prepare([Signal(samples, 100.0), Signal(100 * samples + 7, 100.0)]).values
        torch.testing.assert_close(both[0, :, :SHARES], both[1, :, :SHARES], atol=0.02, rtol=0)
        assert (both[1] - both[0])[:, SHARES].mean().item() == pytest.approx(2, abs=0.01)  # log10 of 100

    def test_answers_white_noise_with_the_quantiles_of_its_thresholds(self):
        """Thresholds at quantiles q of a standard normal are exceeded by a share 1 - q, evenly spread over 0..1."""
        shares = usable("minirocket").prepare([noise(3, 20_000, 50.0, seed=1)]).values[0].mean(0)[:SHARES]
        expected = 1 - ((np.arange(SHARES) + 1) * (5**0.5 - 1) / 2) % 1
        assert np.abs(shares.numpy() - expected).max() < 0.03

    def test_pieces_join_without_a_seam(self, monkeypatch):
        signal = noise(2, 3000, 100.0, seed=2)
        whole = usable("minirocket").prepare([signal]).values
        monkeypatch.setattr(minirocket, "PIECE", 500)
        torch.testing.assert_close(usable("minirocket").prepare([signal]).values, whole, atol=1e-5, rtol=0)

    def test_a_shift_moves_the_tokens(self):
        samples = noise(1, 1250, 100.0, seed=3).samples
        whole, later = (usable("minirocket").prepare([Signal(s, 100.0)]).values[0] for s in (samples, samples[:, 125:]))
        torch.testing.assert_close(
            whole[2:9, :SHARES], later[1:8, :SHARES], atol=0.06, rtol=0
        )  # scale differs a little

    def test_overlapping_windows_are_sums_of_their_cells(self):
        signal = noise(2, 1000, 100.0)
        cells = usable("minirocket", window=1.0).prepare([signal]).values[0]
        encoder = usable("minirocket", window=3.0, hop=1.0)
        windows, places = encoder.prepare([signal]).values[0], encoder.places(signal)
        assert len(cells) == 10 and len(windows) == len(places) == 8
        torch.testing.assert_close(windows[2, :SHARES], cells[2:5, :SHARES].mean(0))
        assert (places[2].start, places[2].end) == (2.0, 5.0)

    def test_asked_for_more_features_gives_about_as_many(self):
        assert [make("minirocket", SPEC, features=n).dims - 12 for n in (420, 2520, 10_000)] == [420, 2520, 10_080]


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
        found = usable("log_mel", channels=1).prepare([signal]).values[0].T
        torch.testing.assert_close(found, expected, atol=1e-3, rtol=0)

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
        found = usable("mfcc", channels=1).prepare([signal]).values[0].T
        torch.testing.assert_close(found[:13], cepstrum, atol=1e-2, rtol=0)
        slope = transforms.ComputeDeltas()(found[None, :13])[0]
        torch.testing.assert_close(found[13:], slope, atol=1e-5, rtol=1e-5)

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


class TestLearnt:
    @pytest.mark.parametrize(("name", "cell", "both"), [("rnn", "RNN", False), ("gru", "GRU", False)])
    def test_readers_read_the_frames_of_log_mel(self, name, cell, both):
        encoder, signal = usable(name, hidden=8), noise(1, 500, 100.0)
        frames = usable("log_mel").prepare([signal])
        assert torch.equal(encoder.prepare([signal]).values, frames.values)
        assert encoder.identity() == usable("log_mel").identity()
        module = encoder.module()
        assert type(module.cells).__name__ == cell and module.cells.bidirectional == both and module.dims == 8
        states = module.states(frames.values[0])
        torch.testing.assert_close(states, module(frames).values[0])

    @pytest.mark.parametrize(("cell", "both"), itertools.product(("rnn", "gru", "lstm"), (False, True)))
    def test_padding_changes_nothing(self, cell, both):
        reader = Recurrent(3, 4, cell, both)
        values, mask = torch.randn(2, 3, 6, 3), torch.ones(2, 3, 6, dtype=torch.bool)
        mask[0, 1, 4:], mask[1, 2] = False, False
        said = reader(Tokens(values, mask))
        assert said.values.shape == (2, 3, 6, reader.dims) and (said.values[~mask] == 0).all()
        alone = reader(Tokens(values[0, 1:2, :4], mask[0, 1:2, :4])).values
        torch.testing.assert_close(said.values[0, 1, :4], alone[0])
        torch.testing.assert_close(reader.states(values[0, 1, :4]), alone[0])

    def test_one_way_readers_do_not_look_ahead(self):
        module = usable("lstm").module()
        values = torch.randn(1, 10, module.cells.input_size)
        mask = torch.ones(1, 10, dtype=torch.bool)
        before = module(Tokens(values, mask)).values
        values[0, 6] += 1
        after = module(Tokens(values, mask)).values
        assert torch.equal(before[0, :6], after[0, :6]) and not torch.equal(before[0, 6], after[0, 6])

    def test_cnn_gets_the_waveform_and_its_scale(self):
        signal = noise(2, 640, 100.0)
        tokens = usable("cnn1d", channels=2).prepare([signal]).values[0].reshape(20, 3, 32)
        wave = signal.samples - np.median(signal.samples, axis=1, keepdims=True)
        scale = np.sqrt((wave**2).mean())
        np.testing.assert_allclose(tokens.transpose(0, 1)[:2].reshape(2, -1), wave / scale, atol=1e-5)
        np.testing.assert_allclose(tokens[:, 2], np.log10(scale + 1e-3), atol=1e-5)

    def test_cnn_tokens_stand_for_their_places(self):
        """What changes in one place moves the tokens near it most."""
        encoder, signal = usable("cnn1d", channels=1), noise(1, 1280, 100.0)
        torch.manual_seed(0)
        module = encoder.module()
        tokens = encoder.prepare([signal])
        changed = Tokens(tokens.values.clone(), tokens.mask)
        changed.values[0, 25, :32] += 3
        moved = (module(changed).values - module(tokens).values).norm(dim=-1)[0]
        assert abs(int(moved.argmax()) - 25) <= 1
        place = encoder.places(signal)[25]
        assert (place.start, place.end) == (pytest.approx(8.0), pytest.approx(8.32))

    def test_cnn_reads_stretches_of_a_long_recording(self):
        encoder, signal = usable("cnn1d", channels=1), noise(1, 60_000, 100.0)
        places = encoder.places(signal)
        assert len(places) == encoder.prepare([signal]).mask.sum() == 128
        assert places[0].start == 0 and places[-1].end == pytest.approx(600)
        assert "stretches" in encoder.suits(signal)


class TestECG:
    @pytest.mark.parametrize("per_minute", [45, 72, 110, 150])
    @pytest.mark.parametrize("rate", [100.0, 500.0])
    def test_rate_and_peaks(self, per_minute, rate):
        encoder, signal = usable("ecg_measurements"), ecg(per_minute, rate)
        readings = {reading.name: reading for reading in encoder.readings(signal)}
        assert readings["Heart rate"].value == pytest.approx(per_minute, abs=1)
        assert readings["SDNN"].value < 8
        expected = np.arange(0.4, 9.9, 60 / per_minute)
        peaks = encoder.peaks(signal)
        assert all(np.abs(expected - peak).min() < 0.02 for peak in peaks) and len(peaks) >= len(expected) - 1

    def test_intervals_and_heights(self):
        readings = {reading.name: reading for reading in usable("ecg_measurements").readings(ecg(60))}
        assert readings["PR interval"].value == pytest.approx(165, abs=30)
        assert readings["QRS duration"].value == pytest.approx(95, abs=25)
        assert readings["QT interval"].value == pytest.approx(440, abs=45)
        assert readings["QTc"].value == pytest.approx(readings["QT interval"].value, rel=0.02)
        assert readings["R in lead 1"].value == pytest.approx(1.0, abs=0.1) and readings["R in lead 1"].unit == "mV"
        assert readings["T in lead 1"].value == pytest.approx(0.3, abs=0.08)
        assert readings["T in lead 3"].value == pytest.approx(-0.15, abs=0.05)
        assert "R in lead 4" not in readings, "there are three"
        assert readings["Axis, horizontal"].value is None and "aVF" in readings["Axis, horizontal"].note

    def test_axis_from_the_leads_of_the_limbs(self):
        """Lead I as high as aVF times 2 / sqrt 3: halfway between left and down."""
        signal = replace(ecg(60, leads=2), channel_names=("I", "aVF"))
        wave = signal.samples[0]
        signal = replace(signal, samples=np.stack([wave, wave * 3**0.5 / 2]))
        readings = {reading.name: reading.value for reading in usable("ecg_measurements").readings(signal)}
        assert readings["Axis, horizontal"] == pytest.approx(0.5**0.5, abs=0.05)
        assert readings["Axis, vertical"] == pytest.approx(0.5**0.5, abs=0.05)

    def test_missing_readings_are_flagged(self):
        encoder = usable("ecg_measurements")
        good, unknown, still = encoder.prepare([ecg(60), noise(3, 800, None), noise(1, 1000, 100.0)]).values
        assert good[0].tolist()[:3] == [pytest.approx(60, abs=1), 0, 0]
        for tokens in (unknown, still):
            own = torch.stack([tokens[i, 2 * i : 2 * i + 2] for i in range(len(tokens))])
            assert (own == torch.tensor([0.0, 1.0])).all() and tokens.sum() == len(tokens)

    def test_places_are_the_waves_of_one_beat(self):
        encoder, signal = usable("ecg_measurements"), ecg(60)
        signal = replace(signal, samples=np.tile(signal.samples, (4, 1)))
        places = dict(zip([r.name for r in encoder.readings(signal)], encoder.places(signal), strict=True))
        assert places["Heart rate"] == Seconds(0.0, signal.duration)
        qrs = places["QRS duration"]
        assert any(qrs.start < peak < qrs.end for peak in encoder.peaks(signal)) and qrs.end - qrs.start < 0.15
        assert places["ST in V1"].start == pytest.approx(qrs.end)
        assert places["PR interval"].end == pytest.approx(qrs.start)

    def test_says_when_a_signal_is_not_an_ecg(self):
        encoder = usable("ecg_measurements")
        assert encoder.suits(ecg(70)) is None
        for other in (noise(1, 1000, 100.0), noise(12, 3000, None), sine(0.1, 8000.0), noise(1, 300, 10.0)):
            assert encoder.suits(other)

    def test_synthetic_recordings_are_read(self):
        cohort = open_cohort("heart", cases=24)
        encoder = make("ecg_measurements", cohort.inputs["ecg"])
        signals = [cohort.value(id, "ecg") for id in cohort.ids if cohort.value(id, "ecg") is not None]
        assert all(encoder.suits(signal) is None for signal in signals)
        rates = [encoder.readings(signal)[0].value for signal in signals]
        assert all(40 < rate < 140 for rate in rates)

    def test_rates_agree_with_what_cardiologists_wrote(self, shared_data):
        cases = pd.read_csv(shared_data / "ecg_ptbxl" / "cases.csv")
        encoder = usable("ecg_measurements")
        for code, low, high in (("SBRAD", 30, 62), ("STACH", 95, 180)):
            for path in cases.loc[cases["scp_codes"].str.contains(code), "signal"]:
                signal = Signal(np.load(shared_data / "ecg_ptbxl" / path).T.astype(np.float32), 100.0)
                assert low < encoder.readings(signal)[0].value < high, path


class TestSpeech:
    @pytest.fixture
    def tiny(self, tmp_path, monkeypatch):
        """A network of the same make with 2 small layers, its weights in a folder that stands in for the host."""
        pipelines = pytest.importorskip("torchaudio.pipelines")
        bundle = pipelines.WAV2VEC2_BASE
        small = {
            "extractor_conv_layer_config": [
                (16, 10, 5),
                (16, 3, 2),
                (16, 3, 2),
                (16, 3, 2),
                (16, 3, 2),
                (16, 2, 2),
                (16, 2, 2),
            ],
            "encoder_embed_dim": 16,
            "encoder_num_layers": 2,
            "encoder_num_heads": 2,
            "encoder_ff_interm_features": 32,
            "encoder_pos_conv_kernel": 8,
            "encoder_pos_conv_groups": 2,
        }
        made = type(bundle)("tiny_speech.pth", bundle._params | small, 16_000, False, _model_type="Wav2Vec2")
        monkeypatch.setattr(pipelines, "WAV2VEC2_BASE", made)
        from torchaudio.models import wav2vec2_model

        with torch.random.fork_rng():
            torch.manual_seed(0)
            network = wav2vec2_model(**made._params)
        folder = tmp_path / "torchaudio" / "models"
        folder.mkdir(parents=True)
        torch.save(network.state_dict(), folder / "tiny_speech.pth")
        monkeypatch.setenv("MMCORE_MIRROR", str(tmp_path))
        monkeypatch.delenv("MMCORE_OFFLINE", raising=False)
        speech_networks._loaded.cache_clear()
        yield network.eval()
        speech_networks._loaded.cache_clear()

    def test_says_what_the_network_says(self, tiny):
        encoder = make("wav2vec2", SPEC, layer=1)
        signals = [noise(1, 8000, 16_000.0), noise(2, 2205, 44_100.0), noise(1, 7, 16_000.0)]
        tokens = encoder.prepare(signals)
        assert tokens.mask.sum(1).tolist() == [25, 3, 1] == [len(encoder.places(signal)) for signal in signals]
        sound = signals[0].samples[0]
        sound = torch.from_numpy((sound - sound.mean()) / sound.std())
        with torch.inference_mode():
            expected = tiny.extract_features(torch.nn.functional.pad(sound, (0, 80))[None])[0][0][0]
        torch.testing.assert_close(tokens.values[0], expected, atol=1e-4, rtol=1e-4)
        assert encoder.dims == 16 and encoder.parameter_count() < sum(p.numel() for p in tiny.parameters())

    def test_hears_long_signals_in_parts(self, tiny, monkeypatch):
        encoder, signal = make("wav2vec2", SPEC), noise(1, 100_000, 16_000.0)
        monkeypatch.setattr(speech_networks, "CHUNK", 20 * 320)
        assert encoder.prepare([signal]).mask.sum() == len(encoder.places(signal)) == 128
        assert encoder.places(signal)[-1].end == pytest.approx(signal.duration)

    def test_tuned_starts_as_the_frozen_one(self, tiny):
        signals = [noise(1, 6400, 16_000.0), noise(1, 3200, 16_000.0)]
        encoder = make("wav2vec2", SPEC, tune=True)
        assert encoder.trains_in_run and encoder.raw
        pixels, module = encoder.prepare(signals), encoder.module().train()
        said = module(pixels)
        frozen = make("wav2vec2", SPEC).prepare(signals)
        torch.testing.assert_close(said.values, frozen.values, atol=1e-4, rtol=1e-4)
        assert torch.equal(said.mask, frozen.mask) and module.dims == 16
        said.values.square().sum().backward()
        assert any(p.grad is not None and p.grad.any() for p in module.parameters())

    @pytest.mark.parametrize("content", [b"no weights", b"", {"other": torch.zeros(2)}, [1, 2]])
    def test_says_which_file_is_damaged(self, tiny, content):
        file = room("weights") / "tiny_speech.pth"
        file.write_bytes(content) if isinstance(content, bytes) else torch.save(content, file)
        with pytest.raises(BadInput, match=r"tiny_speech\.pth"):
            make("wav2vec2", SPEC).prepare([noise(1, 8000, 16_000.0)])

    def test_says_why_it_is_not_there(self, monkeypatch):
        pytest.importorskip("torchaudio")
        monkeypatch.setenv("MMCORE_OFFLINE", "1")
        for name in ("wav2vec2", "hubert"):
            assert "not on this machine" in encoders[name].unavailable()

    def test_says_when_a_signal_is_not_speech(self, tiny):
        encoder = make("wav2vec2", SPEC)
        assert "speech" in encoder.suits(noise(12, 1000, 100.0)) and "speech" in encoder.suits(noise(1, 1000, None))
        assert encoder.suits(noise(1, 16_000, 16_000.0)) is None


class TestDoubts:
    @pytest.mark.parametrize("name", ["minirocket", "log_mel", "mfcc", "cnn1d"])
    def test_what_is_wrong_with_a_recording(self, name):
        encoder, good = usable(name), noise(3, 1000, 100.0)
        assert encoder.suits(good) is None and encoder.suits(ecg(70)) is None
        assert "flat" in encoder.suits(Signal(np.full((2, 500), 3.0, np.float32), 100.0))
        off = good.samples.copy()
        off[1] = 0
        assert "V2" in encoder.suits(Signal(off, 100.0, ("V1", "V2", "V3")))
        assert "cut off" in encoder.suits(Signal(good.samples.clip(-0.8, 0.8), 100.0))
        assert encoder.suits(noise(1, 10, 100.0)) and encoder.suits(Signal(np.zeros((1, 0), np.float32), 100.0))

    def test_windows_that_do_not_fit(self):
        assert "one frame" in usable("log_mel", window=20).suits(noise(1, 1000, 100.0))
        assert "one token" in usable("minirocket", window=20).suits(noise(1, 1000, 100.0))
        assert "averaged" in usable("log_mel", hop=0.01).suits(noise(1, 3000, 100.0))


def test_random_kernels_read_real_ecgs(shared_data):
    """A linear head on average tokens of 12-lead ECGs, patients kept apart."""
    from sklearn.linear_model import RidgeClassifier
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    folder = shared_data / "ecg_ptbxl"
    cases = pd.read_csv(folder / "cases.csv")
    signals = [Signal(np.load(folder / path).T.astype(np.float32)) for path in cases["signal"]]
    encoder = usable("minirocket")
    vectors = torch.cat([encoder.prepare([signal]).values.mean(1) for signal in signals]).numpy()
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0).split(vectors, cases["label"], cases["group"])
    head = make_pipeline(StandardScaler(), RidgeClassifier(alpha=5000))
    target = (cases["label"] == "abnormal").to_numpy(int)
    said = cross_val_predict(head, vectors, target, cv=list(folds), method="decision_function")
    assert roc_auc_score(target, said) > 0.89
