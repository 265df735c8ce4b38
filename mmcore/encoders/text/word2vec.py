"""Word vectors learnt from the texts of the training fold alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import numpy as np
import torch
from torch import Tensor

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import InputSpec, Tokens
from mmcore.encoders.base import encoders
from mmcore.encoders.fitting import Encoded, FoldPart, fold_parts
from mmcore.encoders.text.codes import WIDTH, WordCodes, code, spelling
from mmcore.encoders.text.likeness import cosines
from mmcore.encoders.text.words import form

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ROWS = 256  # cases read at once
WORDS = 20_000  # the most frequent ones get a vector
SMOOTH = 0.75  # power of the context's frequency


@encoders.register("word2vec")
class Word2Vec(WordCodes):
    """Word vectors learnt during training: words used in similar contexts get similar vectors.

    Positive pointwise mutual information of words and their neighbours, factorised: what word2vec's skip-gram with
    negative sampling does implicitly, here in closed form. Chinese is cut into words by jieba. A word that the
    training fold does not hold gets a vector of zeros. Texts of more than 1024 words keep their first and last 512.

    width: dimensions of a word's vector
    window: words to either side that count as neighbours
    least: how often a word must occur in the training fold to get a vector
    clean: leave out stop words (frequent words that say little, such as “the”) and punctuation, keeping negations
    """

    citation = (
        "Levy & Goldberg, Neural Word Embedding as Implicit Matrix Factorization, NeurIPS 2014; "
        "Mikolov et al., NeurIPS 2013 (word2vec)"
    )
    licence = N_("own implementation; Chinese words by jieba (MIT)")
    trained_on = N_("the texts of the training fold")
    fits_on_fold = True

    def __init__(
        self,
        spec: InputSpec,
        *,
        width: Annotated[int, Range(2, 300)] = 64,
        window: Annotated[int, Range(1, 20)] = 5,
        least: Annotated[int, Range(1, 100)] = 2,
        clean: bool = False,
    ) -> None:
        super().__init__(spec, clean=clean)
        self.width, self.window, self.least = width, window, least

    def fit(self, features: Encoded, rows: np.ndarray, target: np.ndarray | None = None) -> WordVectors:
        """Vectors of the words that the texts of these rows hold `least` times or more; the target plays no part."""
        rows = np.asarray(rows)[features.counts[rows] > 0]
        cases = list(_cases(features, rows))
        if not cases:
            return WordVectors.restore(_state(np.zeros((0, WIDTH)), np.zeros((0, self.width))))
        tokens, owner = np.concatenate(cases), np.repeat(np.arange(len(cases)), [len(case) for case in cases])
        words, position = _vocabulary(tokens, self.least)
        vectors = np.zeros((len(words), self.width), np.float32)
        if len(words) > 1:
            factors = _factors(_ppmi(_neighbours(position, owner, len(words), self.window)), self.width)
            vectors[:, : factors.shape[1]] = factors
        return WordVectors.restore(_state(words, vectors))


@fold_parts.register("word_vectors")
class WordVectors(FoldPart):
    """words [V, 8], as WordCodes gives them, in order of their numbers; vectors [V, D]."""

    latent = True

    def __init__(self, words: Tensor, vectors: Tensor) -> None:
        self.words, self.vectors = words, vectors

    @property
    def dims(self) -> int:
        return self.vectors.shape[1]

    def __call__(self, tokens: Tokens) -> Tokens:
        """Words [..., N, 8] -> vectors [..., N, D]; zeros for words without one, whose mask stays True."""
        word_codes = tokens.values[..., 0].long()
        if not len(self.words):
            return Tokens(torch.zeros(*word_codes.shape, self.dims, device=word_codes.device), tokens.mask)
        codes = self.words[:, 0].contiguous().to(word_codes.device)
        at = torch.searchsorted(codes, word_codes.contiguous()).clamp(max=len(codes) - 1)
        here = (codes[at] == word_codes) & tokens.mask
        return Tokens(self.vectors.to(word_codes.device)[at] * here.unsqueeze(-1), tokens.mask)

    def neighbours(self, word: str, count: int = 10) -> list[tuple[str, float]]:
        """The words whose vectors point most nearly the same way, with their cosine; none for an unknown word."""
        at = (self.words[:, 0] == code(form(word))).nonzero().flatten()
        if not len(at):
            return []
        cosine = cosines(self.vectors, self.vectors[at[0]])
        cosine[at[0]] = -2  # itself comes last, and is left out
        best = cosine.topk(min(count, len(cosine) - 1))
        return [
            (spelling(self.words[i, 1:].tolist()), float(x))
            for i, x in zip(best.indices.tolist(), best.values, strict=True)
        ]

    def state(self) -> dict[str, Tensor]:
        return {"words": self.words, "vectors": self.vectors}

    @classmethod
    def restore(cls, state: Mapping[str, Tensor]) -> WordVectors:
        return cls(state["words"], state["vectors"])


def _state(words: np.ndarray, vectors: np.ndarray) -> dict[str, Tensor]:
    return {"words": torch.from_numpy(words.astype(np.int64)), "vectors": torch.from_numpy(vectors.astype(np.float32))}


def _cases(features: Encoded, rows: np.ndarray) -> Iterator[np.ndarray]:
    """Words [n, 8] of each of these cases, in order."""
    for start in range(0, len(rows), ROWS):
        tokens = features.tokens(rows[start : start + ROWS])
        for values, mask in zip(tokens.values.numpy(), tokens.mask.numpy(), strict=True):
            yield values[mask]


def _vocabulary(tokens: np.ndarray, least: int) -> tuple[np.ndarray, np.ndarray]:
    """Words with a vector [V, 8] in order of their numbers, and for each token its word's row, -1 if it has none."""
    codes, first, which, counts = np.unique(tokens[:, 0], return_index=True, return_inverse=True, return_counts=True)
    usable = (codes > 0) & (counts >= least)
    if usable.sum() > WORDS:
        usable &= counts >= np.sort(counts[usable])[-WORDS]
    row = np.where(usable, np.cumsum(usable) - 1, -1)
    return tokens[first[usable]], row[which]


def _neighbours(position: np.ndarray, owner: np.ndarray, size: int, window: int) -> csr_array:
    """[V, V] how often each word stands within `window` words of each other one, in the same text."""
    from scipy.sparse import coo_array

    left, right = [], []
    for distance in range(1, min(window, len(position) - 1) + 1):
        a, b = position[:-distance], position[distance:]
        together = (owner[:-distance] == owner[distance:]) & (a >= 0) & (b >= 0)
        left.append(a[together])
        right.append(b[together])
    pairs = (np.concatenate(left), np.concatenate(right))
    counts = coo_array((np.ones(len(pairs[0])), pairs), shape=(size, size)).tocsr()
    return (counts + counts.T).tocsr()


def _ppmi(counts: csr_array) -> csr_array:
    """Positive log ratio of how often two words meet to how often they would by chance, rare contexts held back."""
    cells = counts.tocoo()
    word, context = counts.sum(1), counts.sum(0) ** SMOOTH
    expected = word[cells.row] * context[cells.col] / max(context.sum(), 1e-12)
    cells.data = np.maximum(np.log(cells.data / expected), 0)
    return cells.tocsr()


def _factors(matrix: csr_array, width: int) -> np.ndarray:
    """[V, min(V, width)]: left singular vectors times the root of the singular values."""
    from sklearn.utils.extmath import randomized_svd

    left, strength, _right = randomized_svd(matrix, min(width, *matrix.shape), n_iter=7, random_state=0)
    return left * np.sqrt(strength)
