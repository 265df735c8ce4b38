"""Protects signal networks that learn in a run."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from mmcore.base.values import Tokens
from mmcore.encoders.recurrent import Recurrent
from tests.encoders.signal.shared import noise, usable


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
        output = reader(Tokens(values, mask))
        assert output.values.shape == (2, 3, 6, reader.dims) and (output.values[~mask] == 0).all()
        alone = reader(Tokens(values[0, 1:2, :4], mask[0, 1:2, :4])).values
        torch.testing.assert_close(output.values[0, 1, :4], alone[0])
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
