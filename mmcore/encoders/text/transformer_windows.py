"""Running a transformer over windows of word pieces."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mmcore.base.values import Tokens
from mmcore.encoders.tokens import pad

BATCH = 16
LONGEST = 3048  # word pieces that are read of a text, some seconds of one core; of a longer one both ends


def windows(count: int, size: int, overlap: int = 0) -> list[tuple[int, int]]:
    """Pieces 0..count in windows of at most `size`, each sharing `overlap` with the next; one empty window for none."""
    if count <= size:
        return [(0, count)]
    starts = range(0, count - overlap, size - overlap)
    return [(start, min(start + size, count)) for start in starts]


def joined(read: Sequence[Tensor], overlap: int = 0) -> Tensor:
    """What was read of the windows of one text -> [pieces, D]; of a shared piece, where it stands further inside."""
    late, early = overlap // 2, overlap - overlap // 2
    last = len(read) - 1
    return torch.cat([part[early * (i > 0) : len(part) - late * (i < last)] for i, part in enumerate(read)])


def read(
    network: nn.Module, pieces: Sequence[Sequence[int]], before: Sequence[int], after: Sequence[int], filler: int = 0
) -> list[Tensor]:
    """Windows of n_i piece numbers -> [n_i, D] each; the average of the marks around them [1, D] where n_i = 0."""
    order = sorted(range(len(pieces)), key=lambda i: len(pieces[i]))  # batches of alike lengths waste little
    by_window: list[Tensor] = [torch.empty(0)] * len(pieces)
    with torch.inference_mode():
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            marked = pad([torch.tensor([*before, *pieces[i], *after])[:, None] for i in batch])
            ids = marked.values[..., 0].long().masked_fill(~marked.mask, filler)
            states = network(input_ids=ids, attention_mask=marked.mask.long()).last_hidden_state
            for i, state in zip(batch, states, strict=True):
                n, start = len(pieces[i]), len(before)
                marks = state[: start + len(after)]
                by_window[i] = (state[start : start + n] if n else marks.mean(0, keepdim=True)).clone()
    return by_window


class TunedReader(nn.Module):
    """Piece numbers [..., B, N, 1] -> Tokens [..., B, N, dims], by a transformer whose weights go on learning.

    It stays in evaluation mode: chance comes from the head alone. N is at most what the network reads at once.
    """

    def __init__(
        self, network: nn.Module, dims: int, before: Sequence[int], after: Sequence[int], filler: int = 0
    ) -> None:
        super().__init__()
        self.network, self.dims = network.requires_grad_(True), dims
        self.before, self.after, self.filler = list(before), list(after), filler
        self.eval()

    def train(self, mode: bool = True) -> TunedReader:
        return super().train(False)

    def forward(self, tokens: Tokens) -> Tokens:
        """Padding and missing cases change nothing; valid tokens come first in each case."""
        *lead, count, _width = tokens.values.shape
        mask = tokens.mask.reshape(-1, count)
        longest = max(1, int(mask.sum(1).max())) if len(mask) else 1
        ids = tokens.values[..., 0].long().reshape(-1, count)[:, :longest]
        states = self._read(ids, mask[:, :longest].sum(1))
        states = nn.functional.pad(states, (0, 0, 0, count - longest)) * mask[..., None]
        return Tokens(states.reshape(*lead, count, self.dims), tokens.mask)

    def _read(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """[B, N] -> [B, N, dims], marks set around the valid pieces of each row."""
        start, end = len(self.before), len(self.after)
        row = ids.new_full((len(ids), start + ids.shape[1] + end), self.filler)
        row[:, :start] = torch.tensor(self.before, dtype=ids.dtype, device=ids.device)
        row[:, start : start + ids.shape[1]] = ids
        for i, mark in enumerate(self.after):
            row.scatter_(1, (start + lengths + i)[:, None], mark)
        seen = torch.arange(row.shape[1], device=ids.device) < (start + lengths + end)[:, None]
        row = row.masked_fill(~seen, self.filler)
        states = self.network(input_ids=row, attention_mask=seen.long()).last_hidden_state
        return states[:, start : start + ids.shape[1]]
