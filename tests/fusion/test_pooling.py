"""Protects that the maximum shows which input won."""

from __future__ import annotations

import torch

from tests.fusion.made import made, tokens_for


def test_the_maximum_shows_who_won():
    fused = made("max")(tokens_for("max"))
    gates = fused.attention.gates
    assert set(gates.unique().tolist()) == {0.0, 1.0} and gates[0, 0].sum() == 0
    assert torch.equal(gates.mean(-1), fused.attention.inputs)
