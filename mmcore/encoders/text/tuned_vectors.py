"""Published word vectors that go on learning in a run: each word of the training fold gets a move of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor, nn

from mmcore.base.values import Tokens
from mmcore.encoders.fitting import Encoded, FoldPart, fold_parts

WORDS = 8192  # of a training fold that may move, the most frequent; a whole table of 400,000 would be the same but for
# the words that no training text holds, which never get a gradient
ROWS = 256  # cases read at once


@fold_parts.register("moved_words")
class MovedWords(FoldPart):
    """Word numbers [..., 1] -> [..., 2]: which of the words that move it is (0 for none), and the number itself.

    numbers: [V] of the words that move, in order.
    """

    def __init__(self, numbers: Tensor) -> None:
        self.numbers = numbers

    @property
    def dims(self) -> int:
        return 2

    def __call__(self, tokens: Tokens) -> Tokens:
        codes = (tokens.values[..., 0] * tokens.mask).long()
        own = self.numbers.to(codes.device)
        place = torch.searchsorted(own, codes)
        in_vocabulary = nn.functional.pad(own, (0, 1), value=-1)[place] == codes
        return Tokens(torch.stack([torch.where(in_vocabulary, place + 1, 0), codes], -1).float(), tokens.mask)

    def state(self) -> dict[str, Tensor]:
        return {"numbers": self.numbers}

    @classmethod
    def restore(cls, state: Mapping[str, Tensor]) -> MovedWords:
        return cls(state["numbers"])


def words_of(features: Encoded, rows: np.ndarray) -> MovedWords:
    """The WORDS most frequent words of these cases; 0, a word without a vector, never moves."""
    seen, counts = np.zeros(0, np.int64), np.zeros(0, np.int64)
    rows = np.asarray(rows)[features.counts[rows] > 0]
    for start in range(0, len(rows), ROWS):
        tokens = features.tokens(rows[start : start + ROWS])
        own, often = np.unique(tokens.values[tokens.mask][:, 0].numpy().astype(np.int64), return_counts=True)
        seen, place = np.unique(np.concatenate([seen, own]), return_inverse=True)
        counts = np.bincount(place, np.concatenate([counts, often]), len(seen)).astype(np.int64)
    counts, seen = counts[seen > 0], seen[seen > 0]
    return MovedWords(torch.from_numpy(np.sort(seen[np.argsort(-counts, kind="stable")[:WORDS]])))


class MovedVectors(nn.Module):
    """Words [..., B, N, 2] as MovedWords gives them -> Tokens [..., B, N, dims]: published vector plus learnt move.

    The moves start at zero, so weight decay draws a word back to its published vector. look_up: numbers [n] -> [n,
    dims]; only the first `width` dimensions move. The published vectors are no part of its state.
    """

    def __init__(self, look_up: Callable[[np.ndarray], Tensor], width: int, dims: int) -> None:
        super().__init__()
        self.look_up, self.dims = look_up, dims
        self.moves = nn.Embedding(1 + WORDS, width, padding_idx=0)
        nn.init.zeros_(self.moves.weight)

    def forward(self, tokens: Tokens) -> Tokens:
        which, numbers = tokens.values.long().unbind(-1)
        published = self.look_up(numbers.cpu().numpy().ravel()).to(tokens.values.device)
        moved = nn.functional.pad(self.moves(which), (0, self.dims - self.moves.embedding_dim))
        values = published.view(*numbers.shape, self.dims) + moved
        return Tokens(values * tokens.mask.unsqueeze(-1), tokens.mask)
