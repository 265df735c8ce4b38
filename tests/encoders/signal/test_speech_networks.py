"""Protects speech networks: the published weights or a reason, and the sound they hear."""

from __future__ import annotations

import pytest
import torch

import mmcore.encoders.signal.speech_networks as speech_networks
from mmcore.base.errors import BadInput
from mmcore.base.settings import room
from mmcore.encoders import encoders, make
from tests.encoders.signal.shared import SPEC, noise


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
        output = module(pixels)
        frozen = make("wav2vec2", SPEC).prepare(signals)
        torch.testing.assert_close(output.values, frozen.values, atol=1e-4, rtol=1e-4)
        assert torch.equal(output.mask, frozen.mask) and module.dims == 16
        output.values.square().sum().backward()
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
