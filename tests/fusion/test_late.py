"""Protects that late fusion averages decisions, of those present alone, or as far as each is trusted."""

from __future__ import annotations

import torch

from tests.fusion.made import made, tokens_for


def test_late_averages_the_decisions_of_those_present():
    given = tokens_for("late")
    fused = made("late")(given)
    assert torch.allclose(fused.vector[0], (fused.each["note"][0] + fused.each["ecg"][0]) / 2, atol=1e-6)


def test_decisions_are_weighed_alike_in_every_case():
    fusion, given = made("late_learnt"), tokens_for("late_learnt")
    with torch.no_grad():
        fusion.trust.copy_(torch.tensor([2.0, 1.0, 0.0]))
    weights = fusion(given).attention.inputs
    assert torch.allclose(weights[1], torch.softmax(torch.tensor([2.0, 1.0, 0.0]), 0)) and weights[0, 0] == 0
    assert torch.allclose(weights[0, 1:], torch.softmax(torch.tensor([1.0, 0.0]), 0))
