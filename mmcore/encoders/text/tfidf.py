"""Latent semantic analysis: weighed word counts, brought to few dimensions on the training fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

import numpy as np
import torch
from torch import Tensor

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import InputSpec, Kind, Place, Tokens, Whole
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.fitting import Encoded, FoldPart, fold_parts
from mmcore.encoders.text import cleaning
from mmcore.encoders.text.codes import code, reason_against
from mmcore.encoders.text.term_weights import weighed_counts
from mmcore.encoders.text.words import form, words

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ROWS = 256  # cases read at once
MOST = 2048  # counts up to here are exact in half precision


@encoders.register("tfidf_svd")
class TfidfSVD(Encoder[str]):
    """TF-IDF and SVD (latent semantic analysis): one token for the whole text, from counts of words and word pairs.

    Words and pairs of neighbouring words are counted in `buckets` places chosen by a hash; how much each place tells
    (inverse document frequency) and the dimensions (truncated SVD) are learnt from the training fold. The order of
    words counts no further than pairs. Chinese is cut into words by jieba.

    buckets: slots in which words and pairs are counted; two that share a slot cannot be told apart
    components: number of dimensions
    clean: leave out stop words (frequent words that say little, such as “the”) and punctuation, keeping negations
    """

    kind = Kind.TEXT
    citation = (
        "Deerwester et al., Indexing by Latent Semantic Analysis, JASIS 1990; "
        "Salton & Buckley, Information Processing & Management 1988 (TF-IDF)"
    )
    licence = N_("own implementation; Chinese words by jieba (MIT)")
    trained_on = N_("the texts of the training fold")
    fits_on_fold = True

    def __init__(
        self,
        spec: InputSpec,
        *,
        buckets: Annotated[int, Range(64, 65536)] = 16384,
        components: Annotated[int, Range(2, 512)] = 256,
        clean: bool = False,
    ) -> None:
        super().__init__(spec)
        self.buckets, self.components, self.clean = buckets, components, clean

    @property
    def dims(self) -> int:
        return self.buckets

    def prepare(self, values: Sequence[str]) -> Tokens:
        """Texts -> counts [B, 1, buckets]. Raises Unavailable for a Chinese text where jieba is not installed."""
        counts = np.stack([self._counts(text) for text in values])
        return Tokens(torch.from_numpy(counts)[:, None], torch.ones(len(values), 1, dtype=torch.bool))

    def places(self, value: str) -> list[Place]:
        return [Whole()]

    def suits(self, value: str) -> str | None:
        return reason_against(value)

    def cleaned(self, text: str) -> list[cleaning.Word]:
        """Every word with its part of speech, and whether `clean` keeps it."""
        return cleaning.cleaned(text)

    def fit(self, features: Encoded, rows: np.ndarray, target: np.ndarray | None = None) -> LatentSemantics:
        """Weights and dimensions from the texts of these rows; the target plays no part."""
        from sklearn.utils.extmath import randomized_svd

        rows = np.asarray(rows)[features.counts[rows] > 0]
        axes = np.zeros((self.buckets, self.components), np.float32)
        if not len(rows):
            return LatentSemantics(torch.ones(self.buckets), torch.from_numpy(axes))
        counts = _counts(features, rows)
        weight = np.log((1 + len(rows)) / (1 + (counts > 0).sum(0))) + 1
        few = min(self.components, *counts.shape)
        _left, _strength, right = randomized_svd(weighed_counts(counts, weight), few, n_iter=7, random_state=0)
        axes[:, :few] = right.T
        return LatentSemantics(torch.from_numpy(weight.astype(np.float32)), torch.from_numpy(axes))

    def _counts(self, text: str) -> np.ndarray:
        spots = words(text)
        if self.clean:
            spots = cleaning.without_stop_words(text, spots)
        forms = [form(text[start:end]) for start, end in spots]
        terms = [*forms, *(f"{first} {second}" for first, second in pairwise(forms))]
        counts = np.bincount([code(term) % self.buckets for term in terms], minlength=self.buckets)
        return counts.clip(max=MOST).astype(np.float32)


@fold_parts.register("latent_semantics")
class LatentSemantics(FoldPart):
    """weight: [W] inverse document frequencies. axes: [W, D] right singular vectors, zeros beyond the rank."""

    latent = True

    def __init__(self, weight: Tensor, axes: Tensor) -> None:
        self.weight, self.axes = weight, axes

    @property
    def dims(self) -> int:
        return self.axes.shape[1]

    def __call__(self, tokens: Tokens) -> Tokens:
        """Counts [..., N, W] -> [..., N, D]; zeros for a text without words."""
        counts = tokens.values * tokens.mask.unsqueeze(-1)
        weighed = torch.where(counts > 0, 1 + counts.clamp(min=1).log(), 0.0) * self.weight.to(counts.device)
        return Tokens(torch.nn.functional.normalize(weighed, dim=-1) @ self.axes.to(counts.device), tokens.mask)

    def state(self) -> dict[str, Tensor]:
        used = self.axes.any(1).nonzero().squeeze(1)  # most places hold no word of a small cohort
        return {"weight": self.weight, "used": used, "axes": self.axes[used], "dims": torch.tensor(self.dims)}

    @classmethod
    def restore(cls, state: Mapping[str, Tensor]) -> LatentSemantics:
        if "used" not in state:
            return cls(state["weight"], state["axes"])
        axes = torch.zeros(len(state["weight"]), int(state["dims"]))
        axes[state["used"]] = state["axes"]
        return cls(state["weight"], axes)


def _counts(features: Encoded, rows: np.ndarray) -> csr_array:
    """[n, W] counts of these cases."""
    from scipy.sparse import csr_array, vstack

    blocks = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    return vstack([csr_array(features.tokens(block).values[:, 0].double().numpy()) for block in blocks]).tocsr()
