"""Recurrent networks over words, their embeddings learnt in the run."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import torch
from torch import Tensor, nn

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import InputSpec, Tokens
from mmcore.encoders.base import encoders
from mmcore.encoders.recurrent import Recurrent
from mmcore.encoders.text.codes import WordCodes

BUCKETS = 4096  # embeddings; words that share one cannot be told apart


class WordReading(WordCodes):
    """What the recurrent encoders of words share: words as numbers on disk, embeddings and cells trained in the run."""

    licence = N_("own implementation; Chinese words by jieba (MIT)")
    trained_on = N_("the training cases of the run it is part of")
    trains_in_run = True
    raw = True
    most = 128  # words read one after another; training time grows with them
    cell: ClassVar[Literal["gru", "lstm"]]
    both: ClassVar[bool]

    def __init__(
        self,
        spec: InputSpec,
        *,
        width: Annotated[int, Range(4, 256)] = 32,
        hidden: Annotated[int, Range(4, 256)] = 32,
        clean: bool = False,
    ) -> None:
        super().__init__(spec, clean=clean)
        self.width, self.hidden = width, hidden

    def module(self) -> nn.Module:
        return WordReader(self.width, self.hidden, self.cell, self.both)

    def identity(self) -> str:
        # The words on disk are the same, whatever reads them.
        return f"words-{self.version}-{self.most}-{'kept' if self.clean else 'all'}"


@encoders.register("bigru")
class BiGRU(WordReading):
    """BiGRU over words: learns vectors of words, and to read them in order, both ways.

    Words are known by a hash in 4096 places; a word that the training fold does not hold says nothing of use. Texts of
    more than 128 words keep their first and last 64. Chinese is cut into words by jieba.

    width: dimensions of a word's learnt vector
    hidden: units each way; tokens leave with twice as many dimensions
    clean: leave out stop words (frequent words that say little, such as “the”) and punctuation, keeping negations
    """

    citation = "Cho et al., Learning Phrase Representations using RNN Encoder-Decoder, EMNLP 2014"
    cell = "gru"
    both = True


@encoders.register("lstm_text")
class TextLSTM(WordReading):
    """LSTM over words: learns vectors of words, and to read them in order.

    Words are known by a hash in 4096 places; a word that the training fold does not hold says nothing of use. Texts of
    more than 128 words keep their first and last 64. Chinese is cut into words by jieba.

    width: dimensions of a word's learnt vector
    hidden: units; tokens leave with as many dimensions
    clean: leave out stop words (frequent words that say little, such as “the”) and punctuation, keeping negations
    """

    citation = "Hochreiter & Schmidhuber, Long Short-Term Memory, Neural Computation 1997"
    cell = "lstm"
    both = False


class WordReader(nn.Module):
    """Words [..., B, N, 8] as WordCodes gives them -> Tokens [..., B, N, dims]. Padding changes nothing."""

    def __init__(self, width: int, hidden: int, cell: Literal["gru", "lstm"], both: bool) -> None:
        super().__init__()
        self.embedding = nn.Embedding(BUCKETS, width)
        self.reader = Recurrent(width, hidden, cell, both)
        self.dims = self.reader.dims

    def forward(self, tokens: Tokens) -> Tokens:
        return self.reader(Tokens(self._embedded(tokens.values) * tokens.mask.unsqueeze(-1), tokens.mask))

    @torch.no_grad()
    def states(self, tokens: Tensor) -> Tensor:
        """What it holds after each word of one text: [N, 8] -> [N, dims]; first the way there, then back."""
        return self.reader.states(self._embedded(tokens))

    def _embedded(self, values: Tensor) -> Tensor:
        codes = values[..., 0].long().clamp(min=0)
        return self.embedding(torch.where(codes > 0, 1 + codes % (BUCKETS - 1), 0))
