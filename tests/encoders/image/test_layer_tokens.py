"""Protects tokens of several layers: one for each cell of a grid, alone as in a batch, telling of its place."""

import numpy as np
import pytest
import torch

from mmcore.base.errors import BadInput
from mmcore.base.values import InputSpec, Kind
from mmcore.encoders.image.layer_tokens import SIDE, LayerTokens

SPEC = InputSpec(name="film", kind=Kind.IMAGE, columns=("film",))


def test_a_token_for_each_cell_that_tells_of_its_place():
    flat = np.full((64, 80), 60, np.uint8)
    spot = flat.copy()
    spot[40:48, 20:30] = 240
    encoder = LayerTokens(SPEC)
    tokens = encoder.prepare([flat, spot]).values
    assert tokens.shape == (2, SIDE * SIDE, encoder.dims) and len(encoder.places(flat)) == SIDE * SIDE
    assert torch.allclose(encoder.prepare([spot]).values[0], tokens[1], atol=1e-4)
    change = (tokens[1] - tokens[0]).square().sum(-1).reshape(SIDE, SIDE)
    row, column = divmod(int(change.argmax()), SIDE)
    assert abs((row + 0.5) / SIDE - 44 / 64) < 0.12 and abs((column + 0.5) / SIDE - 25 / 80) < 0.12


def test_an_encoder_without_layers_is_refused():
    with pytest.raises(BadInput, match="no layers that map the image"):
        LayerTokens(SPEC, encoder="hog")
