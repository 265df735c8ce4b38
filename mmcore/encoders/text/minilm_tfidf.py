"""Sentences and words together: MiniLM's word pieces, each with the counted words that begin in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from mmcore.base.settings import N_, _
from mmcore.base.values import InputSpec, Tokens
from mmcore.encoders.base import encoders
from mmcore.encoders.fitting import Encoded, FoldPart, fold_parts
from mmcore.encoders.text.codes import code
from mmcore.encoders.text.minilm import WIDTH, MiniLML6, familiar_to_minilm, offsets_of
from mmcore.encoders.text.term_weights import weighed_counts
from mmcore.encoders.text.transformer_windows import LONGEST
from mmcore.encoders.text.words import form, words
from mmcore.encoders.tokens import pad, runs

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SLOTS = 6  # words and pairs that a token has room for; a pair of columns each
SENTENCES, WORDS = 64, 128  # components of the states, and of the words
TERMS = 16384  # words and pairs that a fold may learn, those of most texts first
ROWS = 128  # cases read at once
_HALF = 2048  # a term is kept as two numbers up to this, which half precision holds exactly
_SEEN = 2  # texts that a term must be in: of others nothing can be learnt


@encoders.register("minilm_tfidf")
class MiniLMTfidf(MiniLML6):
    """MiniLM and TF-IDF: the meaning of sentences, together with the words they hold.

    A token per word piece: its 384 dimensions in context (MiniLM), and the words and pairs of words that begin there,
    weighed and reduced; what a single text of the training fold holds is not counted. On small cohorts either may tell
    much more than the other; both are brought to the same size in the training fold, so that neither drowns the other.
    Words of any language are counted; of a text that is mostly unknown to MiniLM, a Chinese one for instance, nothing
    else is read.
    """

    citation = (
        "Wang et al., MiniLM, NeurIPS 2020; Reimers & Gurevych, Sentence-BERT, EMNLP 2019; "
        "Deerwester et al., Indexing by Latent Semantic Analysis, JASIS 1990"
    )
    licence = "Apache-2.0; Chinese words by jieba (MIT)"
    trained_on = N_("one billion sentence pairs (English web, not clinical notes), and the texts of the training fold")
    fits_on_fold = True
    version = 2

    def __init__(self, spec: InputSpec) -> None:
        super().__init__(spec)

    @property
    def dims(self) -> int:
        return WIDTH + 2 * SLOTS

    def prepare(self, values: Sequence[str]) -> Tokens:
        """Texts -> Tokens [B, pieces, 384 + 12]: states, then the places of words and pairs, 0 for none.

        Raises Unavailable for a Chinese text where jieba is not installed.
        """
        read = super().prepare(values)
        familiar = torch.tensor([familiar_to_minilm(text) for text in values])
        states = (
            read.values * familiar[:, None, None]
        )  # of signs that it never met MiniLM tells nothing but their number
        counts = read.mask.sum(1).tolist()
        terms = pad([_terms(text, count) for text, count in zip(values, counts, strict=True)])
        return Tokens(torch.cat([states, terms.values], -1), read.mask)

    def suits(self, value: str) -> str | None:
        reason = super().suits(value)
        if reason and words(value) and len(offsets_of(value)) < LONGEST:
            return _("{reason} The words of the text are counted all the same.").format(reason=reason)
        return reason

    def fit(self, features: Encoded, rows: np.ndarray, target: np.ndarray | None = None) -> SentencesAndTerms:
        """What both halves are reduced to, from the texts of these rows; the target plays no part."""
        rows = np.asarray(rows)[features.counts[rows] > 0]
        if not len(rows):
            return SentencesAndTerms(
                torch.zeros(WIDTH), torch.zeros(WIDTH, SENTENCES),
                torch.zeros(0, dtype=torch.long), torch.zeros(0), torch.zeros(0, WORDS),
            )  # fmt: skip
        states = _averages(features, rows)
        mean, spread = states.mean(0), states.std(0)
        spread = np.where(spread > 1e-3 * np.abs(mean) + 1e-8, spread, np.inf)  # a constant dimension tells nothing
        basis = _axes((states - mean) / spread, SENTENCES) / spread[:, None]
        terms, counts = _counts(features, rows)
        weight = np.log((1 + len(rows)) / (1 + (counts > 0).sum(0))) + 1
        weighed, axes = weighed_counts(counts, weight), np.zeros((0, WORDS))
        if len(terms):
            axes = _axes(weighed, WORDS)
            axes /= _size(weighed @ axes)
        return SentencesAndTerms(
            torch.from_numpy(mean).float(),
            torch.from_numpy(basis / _size((states - mean) @ basis)).float(),
            torch.from_numpy(terms),
            torch.from_numpy(weight).float(),
            torch.from_numpy(axes).float(),
        )


@fold_parts.register("sentences_and_terms")
class SentencesAndTerms(FoldPart):
    """mean [384] and basis [384, S]: of the states. terms [T]: numbers of the words and pairs that the fold knows, in
    rising order. weight [T]: their inverse document frequencies. axes [T, W]: of counted terms. Both halves, averaged
    over the tokens of a case, vary by 1 in all over the training fold."""

    latent = True
    finished = True

    def __init__(self, mean: Tensor, basis: Tensor, terms: Tensor, weight: Tensor, axes: Tensor) -> None:
        self.mean, self.basis, self.terms, self.weight, self.axes = mean, basis, terms, weight, axes

    @property
    def dims(self) -> int:
        return sum(self.halves)

    @property
    def halves(self) -> tuple[int, ...]:
        return self.basis.shape[1], self.axes.shape[1]

    def __call__(self, tokens: Tokens) -> Tokens:
        """[..., N, 396] -> [..., N, S + W]; the words' half of all tokens of a case averages to that of its text."""
        states = (tokens.values[..., :WIDTH] - self.mean.to(tokens.values)) @ self.basis.to(tokens.values)
        return Tokens(torch.cat([states, self._words(tokens)], -1) * tokens.mask.unsqueeze(-1), tokens.mask)

    def _words(self, tokens: Tokens) -> Tensor:
        """[..., N, W] what the words that begin in each token add, times the number of tokens."""
        numbers = _numbers(tokens.values[..., WIDTH:]) * tokens.mask.unsqueeze(-1)
        added = torch.zeros(*numbers.shape[:-1], self.axes.shape[1]).to(tokens.values)
        if not len(self.terms):
            return added
        terms = self.terms.to(numbers.device)
        place = torch.searchsorted(terms, numbers).clamp(max=len(terms) - 1)
        learnt = terms[place] == numbers
        case = torch.arange(learnt[..., 0, 0].numel()).to(numbers.device)  # [B]
        case = case.view(*learnt.shape[:-2], 1, 1).expand(learnt.shape)[learnt]
        token = torch.arange(learnt[..., 0].numel()).to(numbers.device)  # [B * N]
        token = token.view(*learnt.shape[:-1], 1).expand(learnt.shape)[learnt]
        pair, own, count = torch.unique(case * len(terms) + place[learnt], return_inverse=True, return_counts=True)
        weighed = (1 + count.log()) * self.weight.to(numbers.device)[pair % len(terms)]
        length = torch.zeros(learnt[..., 0, 0].numel()).to(weighed)
        length = length.index_add(0, pair // len(terms), weighed.square()).sqrt()
        share = (weighed / length[pair // len(terms)] / count)[own]
        what = self.axes.to(tokens.values)[place[learnt]] * share.unsqueeze(-1).to(tokens.values)
        added = added.flatten(0, -2).index_add(0, token, what).view(added.shape)
        return added * tokens.mask.sum(-1)[..., None, None]

    def state(self) -> dict[str, Tensor]:
        return {
            "mean": self.mean, "basis": self.basis, "terms": self.terms, "weight": self.weight, "axes": self.axes,
        }  # fmt: skip

    @classmethod
    def restore(cls, state: Mapping[str, Tensor]) -> SentencesAndTerms:
        return cls(state["mean"], state["basis"], state["terms"], state["weight"], state["axes"])


def _terms(text: str, count: int) -> Tensor:
    """[count, 2 SLOTS] the words and pairs that begin in each of the tokens of a text, two numbers each.

    What finds no room goes to the next token that has some. Words that MiniLM does not read are left out.
    """
    spans = offsets_of(text)
    owner = {
        piece: token for token, (first, last) in enumerate(runs(len(spans), count)) for piece in range(first, last)
    }
    starts = [start for start, _end in spans]
    room: list[list[int]] = [[] for _token in range(count)]
    spots = words(text)
    forms = [form(text[start:end]) for start, end in spots]
    pairs = [f"{first} {second}" for first, second in pairwise(forms)]
    for number, (start, _end) in enumerate(spots):
        piece = bisect_right(starts, start) - 1
        if piece < 0 or spans[piece][1] <= start:
            continue
        token = int(owner[piece])
        for term in (forms[number], *pairs[number : number + 1]):
            while token < count and len(room[token]) >= SLOTS:
                token += 1
            if token < count:
                room[token].append(code(term) % _HALF**2)
    numbers = torch.zeros(count, SLOTS, 2)
    for token, own in enumerate(room):
        for slot, place in enumerate(own):
            numbers[token, slot, 0], numbers[token, slot, 1] = place // _HALF + 1, place % _HALF
    return numbers.flatten(1)


def _numbers(columns: Tensor) -> Tensor:
    """Columns [..., 2 SLOTS] as numbers of terms, counted from 1 [..., SLOTS], 0 for none."""
    high, low = columns.unflatten(-1, (SLOTS, 2)).round().long().unbind(-1)
    return ((high - 1) * _HALF + low + 1) * (high > 0)


def _averages(features: Encoded, rows: np.ndarray) -> np.ndarray:
    """[n, 384] mean state of each of these cases."""
    means = []
    for start in range(0, len(rows), ROWS):
        tokens = features.tokens(rows[start : start + ROWS])
        mask = tokens.mask.unsqueeze(-1)
        means.append((tokens.values[..., :WIDTH] * mask).sum(1) / mask.sum(1).clamp(min=1))
    return torch.cat(means).numpy().astype(np.float64)


def _counts(features: Encoded, rows: np.ndarray) -> tuple[np.ndarray, csr_array]:
    """[T] the terms that tell something, in rising order, and [n, T] how often each is met in each of these cases."""
    from scipy.sparse import csr_array

    case, number = [], []
    for start in range(0, len(rows), ROWS):
        tokens = features.tokens(rows[start : start + ROWS])
        numbers = (_numbers(tokens.values[..., WIDTH:]) * tokens.mask.unsqueeze(-1)).flatten(1)
        where = numbers.nonzero()
        case.append(start + where[:, 0].numpy())
        number.append(numbers[where[:, 0], where[:, 1]].numpy())
    terms, at = np.unique(np.concatenate(number), return_inverse=True)
    counts = csr_array((np.ones(len(at)), (np.concatenate(case), at)), shape=(len(rows), len(terms)))
    texts = np.asarray((counts > 0).sum(0)).ravel()
    often = np.argsort(-texts, kind="stable")[:TERMS]
    telling = np.sort(often[texts[often] >= _SEEN])
    return terms[telling], counts[:, telling]


def _axes(rows: np.ndarray | csr_array, most: int) -> np.ndarray:
    """[n, W] -> [W, most] their chief directions, zeros beyond the rank."""
    from sklearn.utils.extmath import randomized_svd

    few = min(most, *rows.shape)
    right = randomized_svd(rows, few, n_iter=4, random_state=0)[2]
    return np.pad(right.T, ((0, 0), (0, most - few)))


def _size(vectors: np.ndarray) -> float:
    """By how much rows vary about their mean, in all; 1 where they do not."""
    size = float(np.sqrt(np.square(vectors - vectors.mean(0)).sum(1).mean()))
    return size if size > 1e-8 else 1.0
