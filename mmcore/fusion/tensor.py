"""Tensor fusion: the outer product of all inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmcore.base.errors import BadInput
from mmcore.base.registry import Range
from mmcore.base.settings import N_, _
from mmcore.base.values import Tokens
from mmcore.fusion.base import DiagramStep, Fused, Fusion, Growth, fusions, vector
from mmcore.fusion.blocks import presence
from mmcore.fusion.layers import Linear


@fusions.register("tensor")
class TensorFusion(Fusion):
    """Tensor fusion network (TFN).

    The outer product of all inputs, each with a constant 1 appended, so that it holds every input alone, every pair,
    every triple and so on. The product of M inputs of d features has (d + 1)^M entries, so each input is first
    brought to as few features d as keep it below a limit: with 2 inputs 31, with 3 nine, with 4 four, from 7 on one. A
    missing input leaves its constant 1, and with it all products of the others.

    entries: limit on the entries of the outer product; each input keeps at least one feature, even beyond this limit
    """

    place = 110
    grows_with = Growth.PRODUCTS
    citation = "Zadeh et al. 2017, Tensor Fusion Network for Multimodal Sentiment Analysis, EMNLP"
    formula = (
        r"h = W \,\mathrm{vec}\!\left([z_1; 1] \otimes [z_2; 1] \otimes \cdots \otimes [z_M; 1]\right), "
        r"\quad z_m = \tanh(U_m x_m) \in \mathbb{R}^d, \quad (d+1)^M \le E"
    )
    can = N_("Use every product of any number of inputs, exactly: what only all of them together show.")
    cannot = N_(
        "Keep the detail of an input when there are many: the more inputs, the fewer features of each enter. Tell "
        "signal from noise among so many products on a small cohort. Take more than 14 inputs. It shows no weights."
    )
    cost = N_(
        "O(M D d + E D) with E = (d + 1)^M entries, which grow exponentially with M. Fewer features d "
        "keep them below a limit (1024 by default) for up to 10 inputs; every input beyond these doubles "
        "them."
    )
    diagram = (
        DiagramStep("zₘ ∈ ℝᵈ", N_("few features each")),
        DiagramStep("[zₘ; 1]"),
        DiagramStep("⊗", N_("all products: alone, pairs, triples"), 1, "all"),
        DiagramStep("W", "", 1),
    )

    def __init__(self, inputs: Sequence[str], width: int, *, entries: Annotated[int, Range(16, 16384)] = 1024) -> None:
        super().__init__(inputs, width)
        size = features_within(len(self.inputs), entries, width)
        self.turn = nn.ModuleList(Linear(width, size) for _name in self.inputs)
        self.mix = Linear((size + 1) ** len(self.inputs), width)

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        parts = [tokens[name] for name in self.inputs]
        present = presence(parts)
        product = None
        for i, (turn, part) in enumerate(zip(self.turn, parts, strict=True)):
            own = torch.tanh(turn(vector(part))) * present[..., i, None]
            own = with_one(own)  # [(R,) B, d + 1]
            product = own if product is None else outer(product, own)
        return Fused(self.mix(product))


def with_one(vectors: Tensor) -> Tensor:
    """[..., d] -> [..., d + 1]: a constant 1 behind, so that a product holds each factor alone, too."""
    return F.pad(vectors, (0, 1), value=1.0)


def outer(left: Tensor, right: Tensor) -> Tensor:
    """Every product of an entry of one with an entry of the other: [..., p], [..., q] -> [..., p * q]."""
    return (left.unsqueeze(-1) * right.unsqueeze(-2)).flatten(-2)


def features_within(inputs: int, entries: int, width: int) -> int:
    """Features d per input with (d + 1)^M at most `entries`; 1 or more, `width` or less.

    Raises BadInput where even one feature per input makes more than 16,384 entries.
    """
    if 2**inputs > 16384:
        raise BadInput(
            _("The outer product of {count} inputs has at least 2^{count} entries.").format(count=inputs),
            _("Use 14 inputs or fewer, or 'low_rank', which never forms the product."),
        )
    size = 1
    while size < width and (size + 2) ** inputs <= entries:
        size += 1
    return size
