"""Recurrent networks over tokens, whatever kind of value the tokens come from."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from mmcore.base.values import Tokens

CELLS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class Recurrent(nn.Module):
    """Tokens [..., B, N, inside] -> Tokens [..., B, N, dims], read in order. Padding and missing cases change nothing.

    cell: "rnn" (Elman, Cognitive Science 1990), "gru" (Cho et al., EMNLP 2014) or "lstm" (Hochreiter & Schmidhuber,
    Neural Computation 1997). both: read backwards too (Schuster & Paliwal, IEEE Transactions on Signal Processing
    1997). dims: hidden, twice that if both ways. Valid tokens come first in each case, as encoders give them.
    """

    def __init__(
        self, inside: int, hidden: int, cell: Literal["rnn", "gru", "lstm"] = "lstm", both: bool = False
    ) -> None:
        super().__init__()
        self.dims = hidden * (1 + both)
        self.cells = CELLS[cell](inside, hidden, batch_first=True, bidirectional=both)

    def forward(self, tokens: Tokens) -> Tokens:
        """Values are zero where the mask is False."""
        *lead, count, width = tokens.values.shape
        mask = tokens.mask.reshape(-1, count)
        lengths = mask.sum(1).clamp(min=1).cpu()  # a missing case is read as one token and masked again below
        packed = nn.utils.rnn.pack_padded_sequence(
            tokens.values.reshape(-1, count, width), lengths, batch_first=True, enforce_sorted=False
        )
        states, _lengths = nn.utils.rnn.pad_packed_sequence(self.cells(packed)[0], batch_first=True, total_length=count)
        return Tokens((states * mask[..., None]).reshape(*lead, count, self.dims), tokens.mask)

    @torch.no_grad()
    def states(self, tokens: Tensor) -> Tensor:
        """What it holds after each token of one case: [N, inside] -> [N, dims]; first the way there, then back."""
        return self.cells(tokens[None])[0][0]
