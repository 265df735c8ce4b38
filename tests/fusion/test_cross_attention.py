"""Protects the maps of cross-attention: by direction, head by head."""

from __future__ import annotations

import itertools

import torch

from tests.fusion.made import CASES, INPUTS, SIZES, made, tokens_for


def test_cross_attention_names_its_maps_by_direction():
    maps = made("cross_attention")(tokens_for("cross_attention")).attention
    assert maps.cross["note", "xray"].shape == (CASES, 2, SIZES["xray"])
    assert maps.tokens["ecg"].shape == (CASES, SIZES["ecg"])
    assert set(maps.cross) == set(itertools.permutations(INPUTS, 2))


def test_cross_attention_shows_every_head():
    maps = made("cross_attention")(tokens_for("cross_attention")).attention
    assert maps.cross_heads["note", "xray"].shape == (CASES, 2, 2, SIZES["xray"])
    assert torch.allclose(maps.cross_heads["note", "xray"].mean(1), maps.cross["note", "xray"])
