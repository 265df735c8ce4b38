"""The network that says of every cell whether the finding lies there.

logit = scale * linear + bias + w ReLU(FiLM(W ReLU(FiLM(V [cell, place, linear])))), where `linear` is what a penalised
linear model makes of the same cell, and FiLM scales and shifts features by what the other inputs say (Perez et al.
2018, FiLM: Visual Reasoning with a General Conditioning Layer, AAAI). Legend: B cases, G cells, C features of a cell, P
of its place, T numbers told by the other inputs, H hidden.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

HIDDEN = 32
_CALM = 4.0  # logits of the linear model are brought to about the size of the features


class CellNetwork(nn.Module):
    """conditions: T, 0 without other inputs. The same seed gives the same fresh weights, whatever other threads do."""

    def __init__(self, features: int, positions: int, conditions: int, seed: int, hidden: int = HIDDEN) -> None:
        super().__init__()
        draw = torch.Generator().manual_seed(seed)
        self.enter = _linear(features + positions + 1, hidden, draw)
        self.middle, self.leave = _linear(hidden, hidden, draw), _linear(hidden, 1, draw)
        nn.init.zeros_(self.leave.weight)
        self.condition = _linear(conditions, 4 * hidden, draw, 0.02) if conditions else None
        self.scale, self.bias = nn.Parameter(torch.tensor(1.0)), nn.Parameter(torch.tensor(-1.0))

    def forward(self, cells: Tensor, places: Tensor, linear: Tensor, conditions: Tensor | None) -> Tensor:
        """Logits [B, G] of cells [B, G, C] at places [B, G, P] with linear logits [B, G]; conditions [B, T] or None."""
        hidden = self.enter(torch.cat([cells, places, linear.unsqueeze(-1) / _CALM], -1))
        if self.condition is None or conditions is None:
            hidden = F.relu(self.middle(F.relu(hidden)))
        else:
            scale, shift, scale_again, shift_again = self.condition(conditions).unsqueeze(1).chunk(4, -1)
            hidden = F.relu((1 + scale) * hidden + shift)
            hidden = F.relu((1 + scale_again) * self.middle(hidden) + shift_again)
        logits: Tensor = self.scale * linear + self.bias + self.leave(hidden).squeeze(-1)
        return logits


def mask_loss(logits: Tensor, covered: Tensor, weight: Tensor, cells: int) -> Tensor:
    """Cross-entropy of the cells and one less the soft Dice of each case (Milletari et al. 2016, V-Net, 3DV), mean.

    logits, covered: [B, g] of the g cells drawn of `cells`; weight: [B, g] how many cells each stands for. A case
    without the finding has a Dice near 1 as long as nothing is marked in it.
    """
    entropy = F.binary_cross_entropy_with_logits(logits, covered, reduction="none")
    marked = logits.sigmoid()
    both = (weight * marked * covered).sum(1)
    dice = (2 * both + 1) / ((weight * marked).sum(1) + (weight * covered).sum(1) + 1)
    return (weight * entropy).sum(1).mean() / cells + (1 - dice).mean()


def _linear(inside: int, outside: int, draw: torch.Generator, spread: float | None = None) -> nn.Linear:
    made = nn.utils.skip_init(nn.Linear, inside, outside)
    nn.init.normal_(made.weight, std=spread or math.sqrt(1 / (3 * inside)), generator=draw)
    nn.init.zeros_(made.bias)
    return made
