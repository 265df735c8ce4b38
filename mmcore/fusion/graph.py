"""Graph attention over inputs and tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.attention_maps import AttentionMaps
from mmcore.fusion.base import DiagramStep, Fused, Fusion, Growth, fusions
from mmcore.fusion.blocks import presence, shares
from mmcore.fusion.layers import LayerNorm, Linear, mean, softmax
from mmcore.fusion.rollout import normalised, rollout


class Messages(nn.Module):
    """One round of messages between nodes that are all joined: each sums up what it hears, weighed by attention."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads, size = heads, -(-width // heads)
        self.norm, self.say = LayerNorm(width), Linear(width, heads * size, bias=False)
        self.listener, self.speaker = Linear(width, heads, bias=False), Linear(width, heads, bias=False)
        self.out = Linear(heads * size, width)

    def forward(self, nodes: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
        """nodes [(R,) B, M, D], present [(R,) B, M] -> nodes, weights [(R,) B, H, M, M] of each source (last)."""
        x = self.norm(nodes)
        scores = self.listener(x).mT.unsqueeze(-1) + self.speaker(x).mT.unsqueeze(-2)  # [(R,) B, H, M, M]
        weights = softmax(F.leaky_relu(scores, 0.2), present[..., None, None, :])
        messages = self.say(x).unflatten(-1, (self.heads, -1)).transpose(-3, -2)  # [(R,) B, H, M, size]
        received = F.elu((weights @ messages).transpose(-3, -2).flatten(-2))
        return nodes + self.out(received), weights * present[..., None, :, None]


@fusions.register("graph")
class Graph(Fusion):
    """Graph attention over inputs and tokens.

    A graph whose nodes are the inputs and their tokens. First every input's node gathers from its own tokens, then the
    nodes of all inputs present send each other messages for some rounds; how far a node listens to another is a learnt
    attention along the edge. The result is the mean of the inputs' nodes. Edges show how much each input listens to
    each, averaged over rounds and heads; the weight of an input is the rollout through all rounds.

    rounds: rounds of messages between inputs
    heads: attention heads
    """

    reads = "tokens"
    place = 160
    grows_with = Growth.PAIRS
    citation = "Velickovic et al. 2018, Graph Attention Networks, ICLR; rollout: Abnar and Zuidema 2020, ACL"
    formula = (
        r"h_i' = h_i + W_o\,\mathrm{ELU}\Big(\sum_j \alpha_{ij} W h_j\Big), "
        r"\quad \alpha_{ij} = \mathrm{softmax}_j\,\mathrm{LeakyReLU}(a^\top [h_i; h_j])"
    )
    can = N_(
        "Let inputs pass on what they know to those that need it, round by round, with weights to look at. It "
        "can use combinations of inputs, since each round ends in a non-linear step."
    )
    cannot = N_(
        "Let two inputs rank the others differently: the score of a link adds one number for the receiver and one "
        "for the sender, so all receivers rank the senders in much the same order. Send messages between tokens."
    )
    cost = N_("O(M N H D) to gather for H heads, then O(T (M D² + M² D)) for T rounds: linear in the number of tokens.")
    diagram = (
        DiagramStep(N_("gather"), N_("own tokens"), weighs=True),
        DiagramStep(N_("messages"), N_("T rounds along edges"), "input", "all", weighs=True),
        DiagramStep("+", "", back=2),
        DiagramStep(N_("mean"), "", 1, "all"),
    )

    def __init__(
        self,
        inputs: Sequence[str],
        width: int,
        *,
        rounds: Annotated[int, Range(1, 6)] = 2,
        heads: Annotated[int, Range(1, 8)] = 4,
    ) -> None:
        super().__init__(inputs, width)
        self.token = nn.ModuleList(Linear(width, heads, bias=False) for _name in self.inputs)
        self.whole = nn.ModuleList(Linear(width, heads, bias=False) for _name in self.inputs)
        self.gather = nn.ModuleList(Linear(heads * width, width) for _name in self.inputs)
        # With one input nobody sends messages: their attention would never get a gradient.
        self.rounds = nn.ModuleList(Messages(width, heads) for _round in range(rounds if len(self.inputs) > 1 else 0))

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        parts = [tokens[name] for name in self.inputs]
        present = presence(parts)
        gathered = [self._gather(i, part) for i, part in enumerate(parts)]
        nodes = torch.stack([node for node, _weights in gathered], -2)
        maps = []
        for round in self.rounds:
            nodes, weights = round(nodes, present)
            maps.append(weights)
        share = shares(present)
        fused = (nodes * share.unsqueeze(-1)).sum(-2)
        if self.training:
            return Fused(fused)
        tokens_read = {name: own for name, (_node, own) in zip(self.inputs, gathered, strict=True)}
        if not maps:
            return Fused(fused, AttentionMaps(inputs=present.to(fused.dtype), tokens=tokens_read))
        rounds = torch.stack(maps, -4)  # [(R,) B, L, H, M, M]
        flow = (share.unsqueeze(-2) @ rollout(rounds.mean(-3))).squeeze(-2)
        return Fused(
            fused,
            AttentionMaps(
                inputs=normalised(flow), tokens=tokens_read, edges=rounds.mean((-4, -3)), self_attention=rounds
            ),
        )

    def _gather(self, number: int, part: Tokens) -> tuple[Tensor, Tensor]:
        """The node of one input, [(R,) B, D], and the weights [(R,) B, N] of its tokens."""
        own = self.whole[number](mean(part.values, part.mask))  # [(R,) B, H]
        scores = F.leaky_relu(self.token[number](part.values).mT + own.unsqueeze(-1), 0.2)
        weights = softmax(scores, part.mask.unsqueeze(-2))  # [(R,) B, H, N]
        return self.gather[number]((weights @ part.values).flatten(-2)), weights.mean(-2)
