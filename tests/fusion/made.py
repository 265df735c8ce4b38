"""Fusion methods and tokens to try them on, for the tests."""

from __future__ import annotations

import torch

from mmcore.base.values import Tokens
from mmcore.fusion import fusions

INPUTS = ("xray", "note", "ecg")
WIDTH = 8
CASES = 6
SIZES = {"xray": 9, "note": 5, "ecg": 3}


def made(name: str, inputs=INPUTS, seed: int = 0):
    torch.manual_seed(seed)
    return fusions[name](inputs, WIDTH).eval()


def tokens_for(name: str, inputs=INPUTS, seed: int = 1, lead: tuple[int, ...] = ()) -> dict[str, Tokens]:
    """Tokens with the number per case that the method reads; the first case of the first input is missing."""
    chance, vectors = torch.Generator().manual_seed(seed), fusions[name].reads == "vectors"
    given = {}
    for i, input in enumerate(inputs):
        count = 1 if vectors else SIZES.get(input, 4)
        mask = torch.ones(*lead, CASES, count, dtype=torch.bool)
        if i == 0 and len(inputs) > 1:
            mask[..., 0, :] = False
        if count > 1:
            mask[..., 1, count // 2 :] = False
        given[input] = Tokens(torch.randn(*lead, CASES, count, WIDTH, generator=chance), mask)
    return given


def vectors(*inputs: str) -> dict[str, Tokens]:
    chance = torch.Generator().manual_seed(0)
    here = torch.ones(CASES, 1, dtype=torch.bool)
    return {name: Tokens(torch.randn(CASES, 1, WIDTH, generator=chance), here) for name in inputs}
