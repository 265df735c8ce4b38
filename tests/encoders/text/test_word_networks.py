"""Protects recurrent readers of texts, whose states can be looked at."""

from __future__ import annotations

import pytest
import torch

from mmcore.encoders import make
from tests.encoders.text.shared import SPEC


@pytest.mark.parametrize("name", ["bigru", "lstm_text"])
def test_recurrent_readers_show_their_states(name):
    encoder = make(name, SPEC, hidden=6)
    torch.manual_seed(0)
    module = encoder.module()
    tokens = encoder.prepare(["chest pain since monday", "pain"])
    states = module.states(tokens.values[0])
    assert states.shape == (4, module.dims) and module.dims == (12 if name == "bigru" else 6)
    torch.testing.assert_close(states, module(tokens).values[0])
