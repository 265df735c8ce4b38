"""Protects the weights a fusion method shows: none is lost or mixed up where replicates and cases are put together."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmcore.fusion.attention_maps import AttentionMaps, Direction, joined


def maps(value: float) -> AttentionMaps[torch.Tensor]:
    return AttentionMaps(
        inputs=torch.full((2, 3), value),
        tokens={"film/left": torch.full((2, 5), value + 1)},
        cross={Direction("film/left", "a/b"): torch.full((2, 4, 6), value + 2)},
        self_attention=torch.full((2, 1, 1, 3, 3), value + 3),
    )


def test_every_map_is_listed_once_with_its_key():
    listed = [(name, key, float(values.flatten()[0])) for name, key, values in maps(0.0).entries()]
    assert listed == [
        ("inputs", None, 0.0),
        ("tokens", "film/left", 1.0),
        ("cross", ("film/left", "a/b"), 2.0),
        ("self_attention", None, 3.0),
    ]


def test_a_method_without_weights_is_empty():
    assert not AttentionMaps() and maps(0.0)
    assert not AttentionMaps().numpy() and not joined([AttentionMaps(), AttentionMaps()], torch.stack)


def test_replicates_are_stacked_map_by_map():
    whole = joined([maps(0.0), maps(10.0)], torch.stack)
    assert whole.inputs.shape == (2, 2, 3) and whole.inputs[1].eq(10).all()
    assert whole.cross["film/left", "a/b"].shape == (2, 2, 4, 6) and whole.cross["film/left", "a/b"][1].eq(12).all()
    assert whole.gates is None and whole.pools == {}


def test_cases_are_put_behind_each_other():
    parts = [maps(0.0).numpy(), maps(10.0).numpy()]
    whole = joined(parts, np.concatenate)
    assert isinstance(whole.inputs, np.ndarray) and whole.inputs[:, 0].tolist() == [0, 0, 10, 10]
    assert whole.tokens["film/left"].shape == (4, 5)


def test_maps_are_changed_one_by_one():
    halved = maps(4.0).map(lambda values: values[0] / 2)
    assert halved.inputs.tolist() == [2, 2, 2] and halved.self_attention.shape == (1, 1, 3, 3)


def test_maps_of_different_methods_are_not_put_together():
    with pytest.raises(ValueError, match="different methods"):
        joined([maps(0.0), AttentionMaps(inputs=torch.zeros(2, 3))], torch.stack)
