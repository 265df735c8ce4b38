"""Bilinear fusion of pairs of inputs."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Annotated

import torch
from torch import nn

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.base import DiagramStep, Fused, Fusion, Growth, fusions, vector
from mmcore.fusion.blocks import presence, stacked
from mmcore.fusion.layers import Linear


@fusions.register("bilinear")
class Bilinear(Fusion):
    """Low-rank bilinear fusion of pairs.

    Every input is brought to a few features; for each pair of inputs these are multiplied, feature by feature, which
    is a bilinear form of low rank. The products of all pairs are added to what each input says by itself. A pair counts
    where both are present.

    rank: features that are multiplied, per pair of inputs
    """

    place = 100
    grows_with = Growth.PAIRS
    citation = "Kim et al. 2017, Hadamard Product for Low-rank Bilinear Pooling, ICLR; Fukui et al. 2016, MCB, EMNLP"
    formula = (
        r"h = \sum_m V_m x_m + \sum_{i<j} P_{ij}\,(u_i \odot u_j), "
        r"\quad u_m = \tanh(U_m x_m)"
    )
    can = N_(
        "Use what only two inputs together show (their product, or “one of the two but not both”), "
        "beside what each shows alone."
    )
    cannot = N_("Use products of three or more inputs. Show how much inputs or tokens weigh in a case.")
    cost = N_("O(M D² + M² r D) at rank r: the number of pairs grows with the square of the inputs.")
    diagram = (
        DiagramStep("uₘ = tanh(Uₘ xₘ)"),
        DiagramStep("uᵢ ⊙ uⱼ", N_("a product for each pair"), "pair"),
        DiagramStep("V x + Σ P u", N_("products added to each input alone"), 1, "all", back=3),
    )

    def __init__(self, inputs: Sequence[str], width: int, *, rank: Annotated[int, Range(1, 256)] = 16) -> None:
        super().__init__(inputs, width)
        self.pairs = tuple(itertools.combinations(range(len(self.inputs)), 2))
        self.say = Linear(len(self.inputs) * width, width)
        self.turn = nn.ModuleList(Linear(width, rank) for _name in self.inputs) if self.pairs else None
        self.multiply = Linear(len(self.pairs) * rank, width, bias=False) if self.pairs else None

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        parts = [tokens[name] for name in self.inputs]
        present = presence(parts)
        vectors = stacked([vector(part) for part in parts], present)
        fused = self.say(vectors.flatten(-2))
        if self.turn is None or self.multiply is None:
            return Fused(fused)
        turned = torch.stack([turn(vectors[..., i, :]) for i, turn in enumerate(self.turn)], -2)
        turned = torch.tanh(turned) * present.unsqueeze(-1)
        first, second = ([pair[side] for pair in self.pairs] for side in (0, 1))
        products = turned[..., first, :] * turned[..., second, :]  # [(R,) B, pairs, rank]
        return Fused(fused + self.multiply(products.flatten(-2)))
