"""Protects that inputs meet in the bottleneck alone."""

from __future__ import annotations

import torch

from mmcore.fusion import fusions
from tests.fusion.made import CASES, INPUTS, WIDTH, tokens_for


def test_what_a_bottleneck_passes_on_goes_through_it():
    """With one layer, an input's own tokens read nothing of the others: only the bottleneck does."""
    torch.manual_seed(0)
    fusion = fusions["bottleneck"](INPUTS, WIDTH, layers=1).eval()
    seen = fusion(tokens_for("bottleneck")).attention.self_attention
    assert seen.shape == (CASES, 1, 4, 3 * 2 + 2, 3 * 2 + 2)
    assert seen[..., 0:2, 2:6].abs().max() == 0 and seen[1:, ..., 6:, 0:6].min() > 0
