"""Protects that a tuned MiniLM starts where the frozen one stands."""

from __future__ import annotations

import pytest
import torch

from mmcore.base.errors import Unavailable
from mmcore.encoders import make
from tests.encoders.text.shared import SPEC


def test_a_tuned_minilm_starts_where_the_frozen_one_stands():
    try:
        frozen, tuned = (make("minilm_l6", SPEC, tune=tune) for tune in (False, True))
    except Unavailable as error:
        pytest.skip(str(error))
    texts = ["No chest pain.", "Breathless"]
    torch.testing.assert_close(tuned.module()(tuned.prepare(texts)).values, frozen.prepare(texts).values)
    assert tuned.dtype == "float32" and frozen.dtype == "float16" and tuned.identity() != frozen.identity()
