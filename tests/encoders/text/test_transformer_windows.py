"""Protects reading a long text in windows that overlap."""

from __future__ import annotations

import torch

from mmcore.encoders.text import transformer_windows


def test_windows_overlap_and_join():
    spans = transformer_windows.windows(25, 10, 4)
    assert spans == [(0, 10), (6, 16), (12, 22), (18, 25)] and transformer_windows.windows(0, 10) == [(0, 0)]
    assert transformer_windows.windows(20, 10) == [(0, 10), (10, 20)] and transformer_windows.windows(10, 10, 4) == [
        (0, 10)
    ]
    rows = torch.arange(25.0)[:, None]
    assert torch.equal(transformer_windows.joined([rows[a:b] for a, b in spans], 4), rows)
